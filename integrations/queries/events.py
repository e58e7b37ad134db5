"""Events of all sources in one order: a page of them, or all of them one after the other."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import heapq
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from integrations.formats.epcis import Event
from integrations.queries.captured import Captured
from integrations.queries.own import OWN_SOURCES
from integrations.queries.sources import Place, Source, Told
from integrations.queries.wanted import ANY_ROLE, Match, Wanted, resolved

SOURCES = (*OWN_SOURCES, Captured())
AT_ONCE = 500
"""Events that are read at a time where all are wanted."""


class BadToken(ValueError):
    """The token was not made by this query."""


@dataclass(frozen=True)
class EventPage:
    """Some events, and the token of those that come after them (empty: there are none)."""

    told: tuple[Told, ...]
    next: str

    @property
    def events(self) -> tuple[Event, ...]:
        """The events alone."""
        return tuple(one.event for one in self.told)


def _token(places: Mapping[int, Place]) -> str:
    told = [[source, at.isoformat(), key] for source, (at, key) in sorted(places.items())]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def _places(token: str) -> dict[int, Place]:
    """Up to where each source was read."""
    if not token:
        return {}
    known = {source.number for source in SOURCES}
    try:
        told = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        found = {source: (dt.datetime.fromisoformat(at), key) for source, at, key in told}
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadToken(token[:80]) from error
    for source, (at, key) in found.items():
        if source not in known or at.tzinfo is None or type(key) is not int or not 0 <= key < 1 << 62:
            raise BadToken(token[:80])
    if not found:
        raise BadToken(token[:80])
    return found


def events_page(
    wanted: Wanted, sites: Collection[int], *, limit: int, token: str = "", descending: bool = False
) -> EventPage:
    """One page of the events of these sites, by the time at which they happened.

    A number of statements that does not grow with the page: one a source, two for the things that are asked for.
    Raises `BadToken`.
    """
    return _page(resolved(wanted, sites), sites, limit, _places(token), descending=descending)


def _page(
    wanted: Wanted, sites: Collection[int], limit: int, places: Mapping[int, Place], *, descending: bool
) -> EventPage:
    found = [
        source.page(wanted, sites, places.get(source.number), limit + 1, descending=descending) for source in SOURCES
    ]
    merged = list(heapq.merge(*found, key=lambda one: one.cursor, reverse=descending))[: limit + 1]
    shown = merged[:limit]
    read = {one.cursor[1]: (one.cursor[0], one.cursor[2]) for one in shown}
    return EventPage(tuple(shown), _token({**places, **read}) if len(merged) > limit else "")


def count_events(wanted: Wanted, sites: Collection[int]) -> int:
    """How many events there are: one statement a source."""
    asked = resolved(wanted, sites)
    rows = [source.asked(asked, sites) for source in SOURCES]
    return sum(one.count() for one in rows if one is not None)


def events_of(wanted: Wanted, sites: Collection[int]) -> Iterator[Event]:
    """Every event, in pieces of constant size: a period of any length needs the memory of a piece of each source."""
    asked = resolved(wanted, sites)
    streams = [_stream(source, asked, sites) for source in SOURCES]
    for one in heapq.merge(*streams, key=lambda told: told.cursor):
        yield one.event


def _stream(source: Source, wanted: Wanted, sites: Collection[int]) -> Iterator[Told]:
    after: Place | None = None
    while True:
        found = source.page(wanted, sites, after, AT_ONCE, descending=False)
        yield from found
        if len(found) < AT_ONCE:
            return
        after = (found[-1].cursor[0], found[-1].key)


def about(wanted: Wanted, uris: Collection[str]) -> Wanted:
    """The same, only events that name one of these things in whatever role."""
    return replace(wanted, matches=(*wanted.matches, Match(ANY_ROLE, "any", tuple(uris))))
