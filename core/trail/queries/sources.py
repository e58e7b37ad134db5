"""What the one timeline of the system is made of, and which of its rows a visitor may see.

A row is seen by whoever may see the trail *and* the kind of record that the row tells of, both at its place
(docs/decisions/0009). History is judged by the place that the row itself names: that of the record at that time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import Exists, IntegerField, OuterRef, Q, Value
from django.utils.functional import cached_property

from core.kernel.permissions import catalogue, view_permission
from core.kernel.records import GLOBAL, RecordClass, models_of
from core.organization.models import Area, Grant, Site, User, WorkCenter
from core.organization.queries import full_scope_path, held_at, people_in_reach, rights_read_once, scoped

VIEW_TRAIL = "core_trail.view_trailevent"
NUMBERS = ("number", "code", "username", "serial")
"""Columns by which people call a record."""
REASONS = ("history_change_reason", "reason", "note", "explanation", "material_explanation", "text")
"""Columns that say why."""
PLACES: tuple[type[models.Model], ...] = (Site, Area, WorkCenter, User)


@dataclass(frozen=True)
class Source:
    """One table of the timeline: the history of a kind of record, or a kind of fact."""

    number: int
    model: type[models.Model]
    """Of the rows."""
    base: type[models.Model]
    """Of the records that history tells of; of facts the same as `model`."""

    @property
    def is_history(self) -> bool:
        return self.model is not self.base

    @property
    def at(self) -> str:
        """When, as PostgreSQL stamped it; indexed in every table."""
        return "history_date" if self.is_history else "stamped_at"

    @property
    def actor(self) -> str:
        return "history_user" if self.is_history else "actor"

    @property
    def record_key(self) -> str:
        """The column that names the record."""
        return "id" if self.is_history else "pk"

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def has(self, column: str) -> bool:
        """Whether the rows have this column."""
        return any(field.name == column for field in self.model._meta.concrete_fields)

    @property
    def has_subject(self) -> bool:
        """Whether the rows name any record as their subject."""
        return self.has("subject_id")

    @property
    def may_lack_subject(self) -> bool:
        """Whether rows may name none. A record of which that is so is seen by its own place, with or without."""
        return self.has_subject and self.model._meta.get_field("subject_id").null

    @property
    def reasons(self) -> list[str]:
        """The columns of the rows that say why."""
        return [name for name in REASONS if self.has(name)]


@cache
def sources() -> tuple[Source, ...]:
    """Every table of history and of facts, in one order for good."""
    found = [(model.history.model, model) for model in models_of(RecordClass.RECORD)]  # type: ignore[attr-defined]
    found += [(model, model) for model in models_of(RecordClass.FACT)]
    ordered = sorted(found, key=lambda pair: pair[0]._meta.db_table)
    return tuple(Source(number, model, base) for number, (model, base) in enumerate(ordered))


@cache
def right_to_see(model: type[models.Model]) -> str:
    """The right by which rows of a kind are seen in the trail.

    Its own; else that of the record it is a part of; else the right to see the trail.
    """
    declared = view_permission(model)
    if declared in catalogue():
        return declared
    path: str = getattr(model, "scope_path", GLOBAL)
    if path in (GLOBAL, "self", "place"):
        return VIEW_TRAIL
    parent = model._meta.get_field(path.split("__")[0]).related_model
    if not isinstance(parent, type) or parent in PLACES:
        return VIEW_TRAIL
    return right_to_see(parent)


@cache
def _subject_sources() -> tuple[Source, ...]:
    return tuple(source for source in sources() if source.has_subject)


def _types_met() -> set[int]:
    """The types of the subjects that any table names, by the indexes that begin with the type."""
    found: set[int] = set()
    parts = [
        f"(WITH RECURSIVE met AS ((SELECT subject_type_id AS kind FROM {source.table} WHERE subject_type_id > 0"
        f" ORDER BY 1 LIMIT 1) UNION ALL SELECT (SELECT subject_type_id FROM {source.table} WHERE subject_type_id >"
        " met.kind ORDER BY 1 LIMIT 1) FROM met WHERE met.kind > 0) SELECT kind FROM met WHERE kind > 0)"
        for source in _subject_sources()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts))
        found.update(kind for (kind,) in cursor.fetchall())
    return found


class Reach:
    """What one visitor may see of the trail. Their rights are read once; made anew for every request."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self._places: dict[tuple[type[models.Model], str], Q | None] = {}
        with rights_read_once():
            names = {VIEW_TRAIL, *(right_to_see(source.base) for source in sources())}
            self._held = {name: held_at(user, name) for name in names}
        self._sites = set(Site.objects.values_list("pk", flat=True))

    def _may(self, right: str) -> bool:
        return bool(getattr(self.user, "is_system", False) or self._held[right])

    def of_kind(self, model: type[models.Model], key: str = "pk") -> Q | None:
        """Rows of a kind at a place where the visitor may see both the kind and the trail; None for no row."""
        if (model, key) not in self._places:
            found: Q | None = Q()
            for right in sorted({right_to_see(model), VIEW_TRAIL}):
                if not self._may(right):
                    found = None
                    break
                found = (found or Q()) & self._at_place(model, right, key)
            self._places[model, key] = found
        return self._places[model, key]

    def _at_place(self, model: type[models.Model], right: str, key: str) -> Q:
        """Rows at a place where the right is held; an empty Q for every row."""
        held = self._held[right]
        if getattr(self.user, "is_system", False) or self._sites <= held.sites:
            return Q()
        if model.scope_path == GLOBAL:  # type: ignore[attr-defined]
            return Q()
        if model is Grant:
            return held.covers_grant()
        path, kind = full_scope_path(model)
        if kind is User:
            people = people_in_reach(User.objects.all(), self.user, right).values("pk")
            return Q(**{f"{key if path == 'self' else path}__in": people})
        if path == "self":
            return held.covers("", kind, own=key)
        return held.covers(path, kind) | Q(**{f"{path}__isnull": True})

    def may_see_any(self, source: Source) -> bool:
        """Whether the visitor holds what rows of the table ask for, somewhere."""
        return self._may(right_to_see(source.base)) and self._may(VIEW_TRAIL)

    def rows(self, source: Source) -> models.QuerySet[Any] | None:
        """The rows of a table that the visitor may see; None when there can be none."""
        every = source.model._default_manager.order_by()
        if not self.may_see_any(source):
            return None
        if source.has_subject and not (source.is_history and source.may_lack_subject):
            return every.filter(self._about_what_is_seen(source))
        condition = self.of_kind(source.base, source.record_key)
        return None if condition is None else every.filter(condition)

    def _about_what_is_seen(self, source: Source) -> Any:
        """Rows whose subject the visitor may see. What has no subject is about the person who did it."""
        condition: Any = self.subjects
        if source.may_lack_subject:
            people = people_in_reach(User.objects.all(), self.user, VIEW_TRAIL)
            here = Exists(people.filter(pk=OuterRef("actor_id")))
            of_somebody_here: Any = Q(actor__is_system=True) | Q(here)
            return condition | (Q(subject_id__isnull=True) & of_somebody_here)
        return condition

    @cached_property
    def subjects(self) -> Q:
        """Subjects that the visitor may see, by their type: all of a type, or those at the visitor's places."""
        whole: list[int] = []
        found = Q()
        met = _types_met()
        for source in sources():
            kind = ContentType.objects.get_for_model(source.base).pk
            condition = self.of_kind(source.base) if kind in met else None
            if condition == Q():
                whole.append(kind)
            elif condition is not None:
                seen = source.base._base_manager.filter(condition, pk=OuterRef("subject_id"))
                found |= Q(subject_type=kind) & Q(Exists(seen))
        return found | Q(subject_type__in=whole)

    def kinds(self) -> Iterator[type[models.Model]]:
        """The kinds of which the visitor may see rows, by name."""
        for source in sorted(sources(), key=lambda one: str(one.base._meta.verbose_name)):
            if self.may_see_any(source):
                yield source.base

    def open_keys(self, wanted: Mapping[type[models.Model], set[int]]) -> dict[type[models.Model], set[int]]:
        """Those of these records that the visitor may open, by key; one statement at most."""
        found = {model: keys if self.of_kind(model) == Q() else set[int]() for model, keys in wanted.items()}
        asked = [model for model in wanted if self.of_kind(model) != Q()]
        parts = [
            scoped(model._base_manager.order_by().filter(pk__in=wanted[model]), self.user, right_to_see(model))
            .values_list(Value(number, IntegerField()), "pk")
            for number, model in enumerate(asked)
        ]  # fmt: skip
        for number, key in parts[0].union(*parts[1:], all=True) if parts else ():
            found[asked[number]].add(key)
        return found


@cache
def named_by(model: type[models.Model], depth: int = 2) -> tuple[str, ...]:
    """Relations that the name of a record may be made of, so that they are read with it."""
    found: list[str] = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not isinstance(target, type) or target is ContentType or field.name == "actor":
            continue
        if not field.null or (depth > 1 and target is not model):
            found.append(field.name)
            if depth > 1 and target is not model:
                found += [f"{field.name}__{name}" for name in named_by(target, depth - 1)]
    return tuple(found)


@cache
def _page_step(model: type[models.Model]) -> str:
    """The relation to the record on whose page a part is seen; empty where the record has a page of its own."""
    path: str = getattr(model, "scope_path", GLOBAL)
    if hasattr(model, "get_absolute_url") or path in (GLOBAL, "self", "place"):
        return ""
    step = path.split("__")[0]
    parent = model._meta.get_field(step).related_model
    return step if isinstance(parent, type) and parent not in PLACES else ""


def page_of(record: models.Model | None) -> Any:
    """The record itself, or the one that it is a part of: whichever has a page."""
    if record is None or hasattr(record, "get_absolute_url"):
        return record
    step = _page_step(type(record))
    return getattr(record, step) if step else None
