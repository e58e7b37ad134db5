"""Rows of the timeline in words: what each says of whom, old and new, with labels, units and names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from core.kernel.permissions import catalogue
from core.kernel.records import STAMP_COLUMNS, SubjectRefMixin
from core.organization.queries import rights_read_once
from core.trail.queries.browsing import Key, by_source
from core.trail.queries.changes import SILENT, FieldChange, shown
from core.trail.queries.gathering import Gathered, Wanted, read
from core.trail.queries.sources import NUMBERS, REASONS, Reach, Source, named_by, page_of, sources
from core.trail.queries.wording import label_of, words_of_action, words_of_event, words_of_value
from core.web.markup import number, url_of

Record = tuple[type[models.Model], int]
NOT_TOLD = {
    *SILENT, *STAMP_COLUMNS, "actor", "subject_type", "subject_id", "subject_label", "source_type", "source_id",
    "scope_type", "scope_id", "client_id", "uom",
}  # fmt: skip
"""Columns that the entry says otherwise: who, when, about what, in which unit."""
OF_A_MOVE = ("move", "from_status", "to_status", "record_version")
OF_A_GATE = ("action", "allowed", "results", "policy_revision")
OF_A_SIGNATURE = ("signer", "printed_name", "meaning", "signed_at")
EARLIER = "(t.id, t.row_version) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[])) AND t.history_type IN ('+', '~')"
"""The version of a record before a change."""
NAMES = (*NUMBERS, "name", "title", "label", "permission")


@dataclass(frozen=True)
class Told:
    """One row of the timeline, in words."""

    at: dt.datetime
    table: str
    key: int
    kind: str
    what: str
    url: str
    deed: str
    who: str
    username: str
    through: str
    reason: str
    detail: str
    changes: tuple[FieldChange, ...]
    tone: str = "neutral"


def tell(reach: Reach, keys: Sequence[Key], zone: dt.tzinfo) -> list[Told]:
    """These rows in words, in their order; times among the values in this zone."""
    with rights_read_once():
        teller = _Teller(reach, keys, zone)
        told = {(number, row.pk): teller.told(sources()[number], row) for number, row in teller.each()}
    return [told[number, key] for _at, number, key in keys if (number, key) in told]


class _Teller:
    """Reads what a page of rows needs in a handful of statements, however many kinds it tells of; then words them."""

    def __init__(self, reach: Reach, keys: Sequence[Key], zone: dt.tzinfo) -> None:
        self.reach = reach
        self.zone = zone
        self.gathered = Gathered()
        self.rows = self._rows(keys)
        self.before = self._before()
        self.told_of = {id(row): self._changed(sources()[place], row) for place, row in self.each()}
        self.gathered.fetch(self._named())
        records: list[Any] = [found for kind in self.gathered.known.values() for found in kind.values() if found]
        self.gathered.follow([*self._named_by_rows(), *((record, named_by(record._meta.model)) for record in records)])
        self.gathered.subjects_of(record for record in records if isinstance(record, SubjectRefMixin))

    def each(self) -> Iterable[tuple[int, Any]]:
        """Every row with the number of its table."""
        return ((place, row) for place, rows in self.rows.items() for row in rows)

    @staticmethod
    def _rows(keys: Sequence[Key]) -> dict[int, list[Any]]:
        """The rows themselves, in one statement."""
        wanted = by_source(keys)
        parts = [Wanted(sources()[place].model, pks) for place, pks in wanted.items()]
        return dict(zip(wanted, read(parts), strict=True))

    def _before(self) -> dict[tuple[int, int], Any]:
        """What each row changed or corrects, in one statement: the version before, the fact that it supersedes."""
        asked: dict[int, Wanted] = {}
        for place, rows in self.rows.items():
            source = sources()[place]
            if source.is_history:
                versions = [(row.id, row.row_version - 1) for row in rows if row.history_type == "~"]
                given = [[key for key, _version in versions], [version for _key, version in versions]]
                if versions:
                    asked[place] = Wanted(source.model, where=EARLIER, given=given)
            elif source.has("supersedes"):
                wanted = {row.supersedes_id for row in rows} - {None}
                if wanted:
                    asked[place] = Wanted(source.model, sorted(wanted))
        found = dict(zip(asked, read(list(asked.values())), strict=True))
        before: dict[tuple[int, int], Any] = {}
        for place, rows in found.items():
            if sources()[place].is_history:
                earlier = {(row.id, row.row_version + 1): row for row in rows}
                pairs = [(row.pk, earlier.get((row.id, row.row_version))) for row in self.rows[place]]
            else:
                facts = {row.pk: row for row in rows}
                pairs = [(row.pk, facts.get(row.supersedes_id)) for row in self.rows[place]]
            before |= {(place, pk): row for pk, row in pairs if row is not None}
        return before

    def _named_by_rows(self) -> Iterator[tuple[Any, list[str]]]:
        """The relations of each row that its words are made of: who did it, its unit, and what names a fact."""
        for place, row in self.each():
            source = sources()[place]
            unit = _unit_path(source)
            further = () if source.is_history else named_by(source.model)
            yield row, [source.actor, *further, *([unit] if unit else [])]

    def _named(self) -> dict[type[models.Model], set[Any]]:
        """The records that the rows tell of or name."""
        wanted: dict[type[models.Model], set[Any]] = {model: set(keys) for model, keys in self.told_about.items()}
        for changes in self.told_of.values():
            for field, old, new in changes:
                if field.is_relation:
                    wanted.setdefault(field.related_model, set()).update({old, new} - {None})
        return wanted

    # --- Old and new ------------------------------------------------------------------------------------------------
    def _fields(self, source: Source) -> list[Any]:
        base: Any = source.base
        silent = {*NOT_TOLD, *getattr(base, "trail_excludes", ())}
        if source.has("from_status"):
            silent |= set(OF_A_MOVE)
        if source.has("policy_revision"):
            silent |= set(OF_A_GATE)
        if source.has("meaning") and source.has_subject:
            silent |= set(OF_A_SIGNATURE)
        if not source.is_history:
            silent |= set(REASONS)
        if _is_event(source):
            silent.add("kind")
        return [field for field in base._meta.concrete_fields if field.name not in silent and not field.primary_key]

    def _changed(self, source: Source, row: Any) -> list[tuple[Any, Any, Any]]:
        """The columns that the row tells of, each with its old and its new value."""
        before = self.before.get((source.number, row.pk))
        if source.is_history and row.history_type == "-":
            return [(field, getattr(row, field.attname), None) for field in self._fields(source)]
        values = [
            (field, None if before is None else getattr(before, field.attname), getattr(row, field.attname))
            for field in self._fields(source)
        ]
        if before is not None:
            return [found for found in values if found[1] != found[2]]
        return [found for found in values if found[2] not in (None, "", [], {})]

    @cached_property
    def names(self) -> dict[Any, str]:
        """What the rows call other records by."""
        return {
            (field.related_model, key): str(self.gathered.find(field.related_model, key))
            for changes in self.told_of.values()
            for field, *values in changes
            if field.is_relation
            for key in values
            if self.gathered.find(field.related_model, key) is not None
        }

    def _words(self, field: Any, value: Any, unit: str) -> str:
        if isinstance(value, Decimal):
            return f"{number(value)} {unit}".strip()
        if isinstance(value, dict | list):
            return words_of_value(value)
        if field.name == "permission" and value in catalogue():
            return words_of_value(value)
        return shown(field, value, self.names, lambda: self.zone)

    def _changes(self, source: Source, row: Any) -> tuple[FieldChange, ...]:
        unit = _unit_of(source, row)
        found = [
            FieldChange(field.name, label_of(field), self._words(field, old, unit), self._words(field, new, unit))
            for field, old, new in self.told_of[id(row)]
        ]
        if source.has("from_status"):
            label, states = _("State"), _states_of(row.subject_type_id)
            old, new = (str(states.get(name, name or "")) for name in (row.from_status, row.to_status))
            found.insert(0, FieldChange("status", label, old, new))
        return tuple(found)

    # --- What about ---------------------------------------------------------------------------------------------------
    @cached_property
    def told_about(self) -> dict[type[models.Model], set[int]]:
        """The records that the rows tell of."""
        wanted: dict[type[models.Model], set[int]] = {}
        for place, row in self.each():
            named = _record_of(sources()[place], row)
            if named is not None:
                wanted.setdefault(named[0], set()).add(named[1])
        return wanted

    @cached_property
    def open_keys(self) -> dict[type[models.Model], set[int]]:
        """Which of these records are there and open to the visitor."""
        there = {
            model: {key for key in keys if self.gathered.find(model, key) is not None}
            for model, keys in self.told_about.items()
        }
        return self.reach.open_keys(there)

    def _record(self, source: Source, row: Any) -> models.Model | None:
        """The record that the row tells of, as far as it is there and the visitor may open it."""
        if not source.is_history and not source.has_subject:
            return row  # type: ignore[no-any-return]
        named = _record_of(source, row)
        if named is None or named[1] not in self.open_keys[named[0]]:
            return None
        found: models.Model = self.gathered.find(*named)
        return found

    def told(self, source: Source, row: Any) -> Told:
        """One row in words."""
        record = self._record(source, row)
        page = page_of(record)
        what = str(page) if page is not None and page is not record else str(record or "")
        if source.has_subject:
            what = row.subject_label
        elif source.is_history:
            what = " · ".join(dict.fromkeys(part for part in (str(record or ""), what) if part)) or _named(row)
        who = getattr(row, source.actor)
        deed, tone = _deed(source, row)
        return Told(
            at=getattr(row, source.at),
            table=source.table,
            key=row.pk,
            kind=str(source.base._meta.verbose_name),
            what=words_of_value(what),
            url=url_of(page) if page is not None else "",
            deed=deed,
            who=str(who),
            username=who.username,
            through=row.history_source if source.is_history else row.stamped_source,
            reason=_reason(source, row),
            detail=_detail(source, row),
            changes=self._changes(source, row),
            tone=tone,
        )


def _unit_path(source: Source) -> str:
    """The relations that lead to the unit of a row's decimal columns; empty where they have none of their own."""
    if source.has("uom"):
        return "uom" if source.model._meta.get_field("uom").is_relation else ""
    path: str = source.base.unit_path  # type: ignore[attr-defined]
    return path


def _unit_of(source: Source, row: Any) -> str:
    """The unit of a row's decimal columns, as it is written behind a number."""
    found: Any = row
    for step in (_unit_path(source) or ("uom" if source.has("uom") else "")).split("__"):
        found = getattr(found, step, None) if step else None
    return str(found or "")


def _kind_of(row: Any) -> type[models.Model] | None:
    """The kind of record that a row tells of."""
    return ContentType.objects.get_for_id(row.subject_type_id).model_class()


def _states_of(kind: int) -> dict[str, Any]:
    model = ContentType.objects.get_for_id(kind).model_class()
    lifecycle = getattr(model, "lifecycle", None)
    return {} if lifecycle is None else {name: state.label for name, state in lifecycle.by_state.items()}


def _record_of(source: Source, row: Any) -> Record | None:
    """The record that a row tells of; None where it names none or its kind is gone."""
    if source.is_history:
        return source.base, row.id
    if source.has_subject:
        kind = row.subject_type_id
        model = None if kind is None else ContentType.objects.get_for_id(kind).model_class()
        return None if model is None or not hasattr(model, "scope_path") else (model, row.subject_id)
    return None


def _named(row: Any) -> str:
    """What a record was called that is not there any more."""
    found = next((str(getattr(row, name)) for name in NAMES if getattr(row, name, "")), "")
    return found or f"#{row.id}"


def _reason(source: Source, row: Any) -> str:
    if source.is_history:
        return row.history_change_reason or ""
    says = (str(getattr(row, name) or "") for name in source.reasons if name != "text" or not source.has("kind"))
    return next((text for text in says if text), "")


def _detail(source: Source, row: Any) -> str:
    """What an event says, and why a gate was shut."""
    if source.has("policy_revision"):
        shut = [blocker for result in row.results for blocker in result.get("blockers", ())]
        return " ".join(str(blocker.get("message", "")) for blocker in shut)
    return row.text if _is_event(source) else ""


def _is_event(source: Source) -> bool:
    """Whether the rows say in words what happened, by a kind."""
    return not source.is_history and source.has_subject and source.has("kind") and source.has("text")


def _deed(source: Source, row: Any) -> tuple[str, str]:
    """What was done, and the tone it is shown in."""
    if source.is_history:
        words = {"+": _("Created"), "~": _("Changed"), "-": _("Deleted")}
        return words[row.history_type], {"+": "info", "-": "bad"}.get(row.history_type, "neutral")
    if source.has("from_status"):
        return _("Begun") if row.from_status is None else words_of_action(row.move, _kind_of(row)), "good"
    if source.has("policy_revision"):
        outcome = _("allowed") if row.allowed else _("refused")
        return f"{words_of_action(row.action, _kind_of(row))}: {outcome}", "neutral" if row.allowed else "warn"
    if source.has("meaning") and source.has_subject:
        return _("Signed: %(meaning)s") % {"meaning": row.get_meaning_display()}, "good"
    if _is_event(source):
        return words_of_event(row.kind), "warn" if row.kind == "refused" else "neutral"
    return _("Recorded"), "neutral"
