"""What a kind of rows needs to become events: read in the order of its time, in equal pieces, with ids that last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from core.organization.models import Site
from integrations.formats.epcis import ErrorDeclaration, Event, Extension, Quantity, Typed
from integrations.queries import names
from integrations.queries.wanted import OWN, Match, Wanted
from traceability.models import Lot, SerializedUnit

MDA = "urn:epcglobal:cbv:mda:"
"""The namespace of the master data attributes of the CBV."""
Cursor = tuple[dt.datetime, int, int]
"""Where an event stands: its time, its source, the key of its row."""
Place = tuple[dt.datetime, int]
"""Up to where a source was read: the time and the key of its last row."""


@dataclass(frozen=True)
class Told:
    """An event, where it stands in the order, and whose it is."""

    cursor: Cursor
    event: Event
    origin: str

    @property
    def key(self) -> int:
        """The key of the row that it was made of."""
        return self.cursor[2]


def beyond(after: Place | None, time: str, *, descending: bool) -> Q:
    """The rows after a place: by their keys, or by this time and then their keys."""
    if after is None:
        return Q()
    further = "lt" if descending else "gt"
    later = Q(**{f"pk__{further}": after[1]})
    return Q(**{f"{time}__{further}": after[0]}) | (Q(**{time: after[0]}) & later) if time else later


def local(moment: dt.datetime, site: Site) -> tuple[dt.datetime, str]:
    """A time at a site, and the offset of its zone then."""
    there = moment.astimezone(ZoneInfo(site.time_zone))
    minutes = round((there.utcoffset() or dt.timedelta()).total_seconds() / 60)
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    shown = there.replace(microsecond=there.microsecond // 1000 * 1000)
    return shown, offset


class Source:
    """A kind of rows that become events. `number` is part of their ids: never give it to another source."""

    number: ClassVar[int]
    origin: ClassVar[str] = OWN
    declares_error: ClassVar[bool] = False
    time: ClassVar[str] = "stamped_at"
    recorded: ClassVar[str] = "stamped_at"
    by_time: ClassVar[bool] = False
    """Whether rows are read in the order of their time. Else by their keys, which grow with the time of facts: reading
    goes along an index that is there, and a late page costs what the first one costs."""

    def rows(self, wanted: Wanted, sites: Collection[int]) -> QuerySet[Any] | None:
        """The rows that are asked for, unordered; None where none can be."""
        raise NotImplementedError

    def event(self, row: Any) -> Event:
        """The event of a row."""
        raise NotImplementedError

    def asked(self, wanted: Wanted, sites: Collection[int]) -> QuerySet[Any] | None:
        """The rows with every condition; None where none can be."""
        rows = self.rows(wanted, sites) if self.origin in wanted.origins else None
        if rows is None:
            return None
        if wanted.event_ids:
            rows = rows.filter(self.of_ids(wanted.event_ids))
        for path, lookup, value in (
            (self.time, "gte", wanted.since), (self.time, "lt", wanted.until),
            (self.recorded, "gte", wanted.recorded_since), (self.recorded, "lt", wanted.recorded_until),
        ):  # fmt: skip
            if value is not None:
                rows = rows.filter(**{f"{path}__{lookup}": value})
        return rows

    def page(
        self, wanted: Wanted, sites: Collection[int], after: Place | None, limit: int, *, descending: bool
    ) -> list[Told]:
        """The next events after a place, in one statement."""
        rows = self.asked(wanted, sites)
        if rows is None:
            return []
        order = [self.time, "pk"] if self.by_time else ["pk"]
        rows = rows.filter(beyond(after, self.time if self.by_time else "", descending=descending))
        found = rows.order_by(*(f"-{name}" if descending else name for name in order))[:limit]
        return [Told((getattr(row, self.time), self.number, row.pk), self.event(row), self.origin) for row in found]

    def of_ids(self, ids: Collection[str]) -> Q:
        """The rows of these event ids."""
        base = self.number & ~1
        keys = [row[1] for row in map(names.row_of, ids) if row is not None and row[0] == base]
        return Q(pk__in=keys)

    def head(self, row: Any, site: Site) -> dict[str, Any]:
        """What every event of a row says; a declaration of an error bears the id of what it is about."""
        at, offset = local(row.stamped_at, site)
        recorded = row.reversed_by.stamped_at if self.declares_error else row.stamped_at
        error = None
        if self.declares_error:
            declared, _offset = local(recorded, site)
            error = ErrorDeclaration(declared, "incorrect_data")
        return {
            "event_time": at,
            "offset": offset,
            "record_time": local(recorded, site)[0],
            "event_id": names.event_id(self.number & ~1, row.pk),
            "error": error,
        }


def things_of(lot: Lot | None, unit: SerializedUnit | None, quantity: Any, uom: Any) -> dict[str, Any]:
    """A unit as itself, else so much of a lot; without a quantity where its unit of measure has no code."""
    if unit is not None:
        return {"epcs": (names.unit_uri(unit),)}
    if lot is None:
        raise LookupError("a row names a lot or a unit")
    code = names.unit_code(uom)
    if code is None:
        return {"quantities": (Quantity(names.lot_uri(lot)),)}
    return {"quantities": (Quantity(names.lot_uri(lot), quantity.normalize(), code),)}


def master_data(lot: Lot) -> tuple[Extension, ...]:
    """What is true of the lot from the beginning."""
    found = [Extension(f"{{{MDA}}}lotNumber", lot.number)]
    if lot.expires_on is not None:
        found.insert(0, Extension(f"{{{MDA}}}itemExpirationDate", lot.expires_on.isoformat()))
    return tuple(found)


def orders_of(lot: Lot) -> dict[str, Any]:
    """The production order that makes the lot."""
    order = getattr(lot, "production_order", None)
    if order is None:
        return {}
    return {"transactions": (Typed("prodorder", names.paper_uri("prodorder", order.site, order.number)),)}


def named_by(match: Match, lot: str, unit: str) -> Q:
    """Rows whose thing is one of those asked for: a unit as itself, or of a lot no single unit."""
    found = Q(pk__in=())
    if match.kind != "class" and match.units:
        found |= Q(**{f"{unit}__in": match.units})
    if match.kind != "instance" and match.lots and lot:
        found |= Q(**{f"{lot}__in": match.lots, f"{unit}__isnull": True})
    return found


def places_named(path: str, uris: Collection[str]) -> Q:
    """Rows at one of the places that these addresses name."""
    found = Q(pk__in=())
    for uri in uris:
        parts = names.parts_of(uri, "loc")
        if parts is not None and len(parts) == 2:
            found |= Q(**{f"{path}__site__code": parts[0], f"{path}__code": parts[1]})
    return found
