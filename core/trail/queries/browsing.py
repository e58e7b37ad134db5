"""One timeline over every history and every fact: who, what, when, why and which deed, a page at a time.

One statement reads at most a page of each table along its index on time and merges them: no offset, no count. What a
page costs does not grow with the tables, except where a search matches next to nothing; `TooLong` then says so.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, models, transaction
from django.db.models import F, IntegerField, Q, Value

from core.organization.models import User
from core.trail.queries.sources import NUMBERS, Reach, Source, sources

MOST_FOUND = 200
"""People or records of one name that a search follows."""
SEARCH_MILLISECONDS = 20_000
CANCELLED = "57014"
"""What PostgreSQL says of a statement that took too long."""
ROWS = {"created": "+", "changed": "~", "deleted": "-"}
RECORDED = "recorded"
WITH_CHANGES = "history_change_reason"

Key = tuple[dt.datetime, int, int]
"""Where a row stands: when, which table, which row."""


class BadPlace(ValueError):
    """The place in the address was not made by the timeline."""


class TooLong(Exception):
    """The search went through too many rows that do not match; a shorter time helps."""


@dataclass(frozen=True)
class Search:
    """What is looked for; empty means everything. `deed` is of `deeds()`."""

    who: str = ""
    kind: str = ""
    number: str = ""
    why: str = ""
    deed: str = ""
    begins: dt.datetime | None = None
    ends: dt.datetime | None = None
    oldest_first: bool = False

    def as_dict(self) -> dict[str, Any]:
        """What is set, as it is kept with an export."""
        found: dict[str, Any] = {name: value for name, value in self.__dict__.items() if value}
        return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in found.items()}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Search:
        """The search that was kept."""
        found = dict(kept)
        for name in ("begins", "ends"):
            if name in found:
                found[name] = dt.datetime.fromisoformat(found[name])
        return cls(**found)


@dataclass(frozen=True)
class Chosen:
    """What the words of a search stand for: None where nothing was asked."""

    people: list[int] | None = None
    records: dict[type[models.Model], list[int]] | None = None


@dataclass(frozen=True)
class TrailPage:
    """Rows of the timeline in order, and the places before and after them (empty: there is none)."""

    keys: list[Key] = field(default_factory=list)
    next: str = ""
    previous: str = ""


@cache
def moves() -> dict[str, str]:
    """Every move of every lifecycle, with its words."""
    found: dict[str, str] = {}
    for source in sources():
        lifecycle = getattr(source.base, "lifecycle", None)
        for move in lifecycle.moves if lifecycle is not None else ():
            found.setdefault(move.name, move.label)
    return found


def event_kinds() -> list[str]:
    """The kinds of events that the trail holds, by the index on them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE met AS ((SELECT kind FROM core_trail_trailevent ORDER BY kind LIMIT 1) UNION ALL"
            " SELECT (SELECT kind FROM core_trail_trailevent WHERE kind > met.kind ORDER BY kind LIMIT 1) FROM met"
            " WHERE met.kind IS NOT NULL) SELECT kind FROM met WHERE kind IS NOT NULL"
        )
        return [kind for (kind,) in cursor.fetchall()]


def kind_of(model: type[models.Model]) -> str:
    """The name of a kind in an address."""
    return model._meta.label_lower


# --- What is looked for --------------------------------------------------------------------------------------------
def chosen_by(search: Search) -> Chosen:
    """The people and records that the words name: two statements at most."""
    return Chosen(
        people=_people(search.who) if search.who else None,
        records=_records(search.number) if search.number else None,
    )


def _people(words: str) -> list[int]:
    people = User.objects.filter(Q(username__iexact=words) | Q(full_name__icontains=words) | Q(badge=words))
    return list(people.order_by("pk").values_list("pk", flat=True)[:MOST_FOUND])


def _records(number: str) -> dict[type[models.Model], list[int]]:
    spelled = {number, number.upper(), number.lower()}
    parts = [
        source.base._base_manager.order_by()
        .filter(**{f"{column}__in": spelled})
        .values_list(Value(source.number, IntegerField()), "pk")[:MOST_FOUND]
        for source in sources()
        for column in NUMBERS
        if source.base._meta.pk.name == "id" and source.has(column) and _is_text(source.base, column)
    ]
    found: dict[type[models.Model], list[int]] = {}
    for which, pk in parts[0].union(*parts[1:], all=True):
        found.setdefault(sources()[which].base, []).append(pk)
    return found


def _is_text(model: type[models.Model], column: str) -> bool:
    return isinstance(model._meta.get_field(column), models.CharField)


def _about(source: Source, records: dict[type[models.Model], list[int]]) -> Q | None:
    """Rows of these records, and rows that name one of them; None where there can be none."""
    found = Q()
    if source.base in records:
        found |= Q(**{f"{source.record_key}__in": records[source.base]})
    for column in source.model._meta.concrete_fields:
        target = column.related_model
        if isinstance(target, type) and target in records and column.name not in ("history_user", "actor"):
            found |= Q(**{f"{column.name}__in": records[target]})
    if source.has_subject:
        for model, keys in records.items():
            kind = ContentType.objects.get_for_model(model)
            found |= Q(subject_type=kind, subject_id__in=keys)
    return found or None


def _of_deed(source: Source, deed: str) -> Q | None:
    if deed in ROWS:
        return Q(history_type=ROWS[deed]) if source.is_history else None
    if deed == RECORDED:
        return None if source.is_history else Q()
    verb, _separator, name = deed.partition(":")
    column = {"move": "move", "event": "kind"}.get(verb, "")
    is_told_here = not source.is_history and source.has_subject and bool(column) and source.has(column)
    return Q(**{column: name}) if is_told_here else None


def _of_kind(source: Source, kind: str) -> Q | None:
    if kind_of(source.base) == kind:
        return Q()
    asked = next((one.base for one in sources() if kind_of(one.base) == kind), None)
    if asked is None or not source.has_subject:
        return None
    return Q(subject_type=ContentType.objects.get_for_model(asked))


def _matching(source: Source, search: Search, chosen: Chosen) -> Q | None:
    """The condition of a search on the rows of one table; None where no row can match."""
    found = Q()
    parts: list[Q | None] = []
    if search.kind:
        parts.append(_of_kind(source, search.kind))
    if search.deed:
        parts.append(_of_deed(source, search.deed))
    if chosen.records is not None:
        parts.append(_about(source, chosen.records))
    if chosen.people is not None:
        parts.append(Q(**{f"{source.actor}__in": chosen.people}) if chosen.people else None)
    for word in search.why.split()[:8]:
        said = Q()
        for column in source.reasons:
            said |= Q(**{f"{column}__icontains": word})
        if source.reasons == [WITH_CHANGES]:
            said &= ~Q(**{WITH_CHANGES: ""})  # rows without a reason are not in the index that serves this
        parts.append(said or None)
    for part in parts:
        if part is None:
            return None
        found &= part
    if search.begins is not None:
        found &= Q(**{f"{source.at}__gte": search.begins})
    if search.ends is not None:
        found &= Q(**{f"{source.at}__lt": search.ends})
    return found


# --- A page ---------------------------------------------------------------------------------------------------------
def _beyond(source: Source, key: Key, descending: bool) -> Q:
    """Rows of one table that stand after a place of the merged order."""
    at, number, row = key
    further = "lt" if descending else "gt"
    is_behind = source.number > number if not descending else source.number < number
    if source.number == number:
        return Q(**{f"{source.at}__{further}e": at}) & (
            Q(**{f"{source.at}__{further}": at}) | Q(**{f"pk__{further}": row})
        )
    return Q(**{f"{source.at}__{further}{'e' if is_behind else ''}": at})


def merged(
    reach: Reach, search: Search, chosen: Chosen, size: int, *, after: Key | None = None, backwards: bool = False
) -> models.QuerySet[Any, Any] | None:
    """The statement of a page: the first rows of every table beyond a place, merged; None where nothing can match."""
    descending = search.oldest_first == backwards
    sign = "-" if descending else ""
    parts: list[models.QuerySet[Any, Any]] = []
    for source in sources():
        condition = _matching(source, search, chosen)
        rows = None if condition is None else reach.rows(source)
        if rows is None or condition is None:
            continue
        if after is not None:
            condition &= _beyond(source, after, descending)
        parts.append(
            rows.filter(condition)
            .annotate(row_at=F(source.at), row_source=Value(source.number, IntegerField()), row_key=F("pk"))
            .order_by(f"{sign}{source.at}", f"{sign}pk")
            .values_list("row_at", "row_source", "row_key")[:size]
        )
    if not parts:
        return None
    whole = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return whole.order_by(f"{sign}row_at", f"{sign}row_source", f"{sign}row_key")[:size] if len(parts) > 1 else whole


def read_keys(statement: models.QuerySet[Any, Any] | None, milliseconds: int = SEARCH_MILLISECONDS) -> list[Key]:
    """The rows that a statement finds; `TooLong` when it takes longer than it may."""
    if statement is None:
        return []
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {int(milliseconds)}")
            found = [(at, number, key) for at, number, key in statement]
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return found
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == CANCELLED:
            raise TooLong from error
        raise


def page_of_trail(
    reach: Reach, search: Search, *, size: int = 50, after: str = "", before: str = "", chosen: Chosen | None = None
) -> TrailPage:
    """One page of the timeline as the visitor may see it. Raises `BadPlace` or `TooLong`."""
    chosen = chosen or chosen_by(search)
    backwards = bool(before)
    place = before or after
    start = decode(place) if place else None
    found = read_keys(merged(reach, search, chosen, size + 1, after=start, backwards=backwards))
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, bool(after))
    return TrailPage(
        keys=found,
        next=encode(found[-1]) if found and has_next else "",
        previous=encode(found[0]) if found and has_previous else "",
    )


def all_keys(reach: Reach, search: Search, size: int = 1000) -> Iterator[Sequence[Key]]:
    """Every row that matches, some at a time, for an export; each part reads on where the one before ended."""
    chosen = chosen_by(search)
    after: Key | None = None
    while True:
        part = read_keys(merged(reach, search, chosen, size, after=after), 10 * SEARCH_MILLISECONDS)
        if part:
            yield part
        if len(part) < size:
            return
        after = part[-1]


def encode(key: Key) -> str:
    """A place in the timeline as it stands in an address."""
    at, number, row = key
    text = json.dumps([at.isoformat(), sources()[number].table, row])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(text: str) -> Key:
    """The place that an address names."""
    try:
        at, table, row = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        number = next(source.number for source in sources() if source.table == table)
        moment = dt.datetime.fromisoformat(at)
        if moment.tzinfo is None or not isinstance(row, int) or not -(2**63) <= row < 2**63:
            raise BadPlace(text)
        return moment, number, row
    except (ValueError, TypeError, StopIteration, binascii.Error, AttributeError) as error:
        raise BadPlace(text) from error


def by_source(keys: Iterable[Key]) -> dict[int, list[int]]:
    """The rows of each table."""
    found: dict[int, list[int]] = {}
    for _at, number, row in keys:
        found.setdefault(number, []).append(row)
    return found
