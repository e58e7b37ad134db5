"""Rows of the timeline in words: what each says of whom, old and new, with labels, units and names."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.permissions import catalogue
from core.kernel.records import STAMP_COLUMNS
from core.organization.queries import rights_read_once
from core.trail.queries.browsing import Key, by_source, moves
from core.trail.queries.changes import SILENT, FieldChange, shown
from core.trail.queries.sources import NUMBERS, REASONS, Reach, Source, named_by, page_of, sources
from core.web.markup import number, url_of

Record = tuple[type[models.Model], int]
NOT_TOLD = {
    *SILENT, *STAMP_COLUMNS, "actor", "subject_type", "subject_id", "subject_label", "source_type", "source_id",
    "client_id", "uom",
}  # fmt: skip
"""Columns that the entry says otherwise: who, when, about what, in which unit."""
OF_A_MOVE = ("move", "from_status", "to_status", "record_version")
OF_A_GATE = ("action", "allowed", "results", "policy_revision")
OF_A_SIGNATURE = ("signer", "printed_name", "meaning", "signed_at")
NAMES = (*NUMBERS, "name", "title", "label", "permission")

EVENTS: dict[str, str | Promise] = {
    "access_review_due": gettext_lazy("Access review fell due"),
    "escalated": gettext_lazy("Escalated"),
    "exported": gettext_lazy("Taken out"),
    "job_cancelled": gettext_lazy("Background work cancelled"),
    "list_exported": gettext_lazy("List exported"),
    "printed": gettext_lazy("Printed"),
    "records_verified": gettext_lazy("Records verified"),
    "refused": gettext_lazy("Refused"),
    "seals_exported": gettext_lazy("Seals exported"),
    "sign_on_locked": gettext_lazy("Sign-on locked"),
    "sign_on_refused": gettext_lazy("Sign-on refused"),
    "signed_off": gettext_lazy("Signed off"),
    "signed_on": gettext_lazy("Signed on"),
    "signing_failed": gettext_lazy("Signing failed"),
    "signing_locked": gettext_lazy("Signing locked"),
    "trail_alarm": gettext_lazy("Alarm of the trail"),
    "trail_alarm_ended": gettext_lazy("Alarm of the trail ended"),
    "trail_exported": gettext_lazy("Trail exported"),
}
"""Events by their kind; a kind without words here is shown as it is stored."""


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


def words_of_event(kind: str) -> str:
    """What an event is called."""
    return str(EVENTS.get(kind, kind.replace("_", " ")))


def tell(reach: Reach, keys: Sequence[Key], zone: dt.tzinfo) -> list[Told]:
    """These rows in words, in their order; times among the values in this zone."""
    with rights_read_once():
        teller = _Teller(reach, keys, zone)
        told = {(number, row.pk): teller.told(sources()[number], row) for number, row in teller.each()}
    return [told[number, key] for _at, number, key in keys if (number, key) in told]


class _Teller:
    """Reads what a page of rows needs in a handful of statements per table, then words them."""

    def __init__(self, reach: Reach, keys: Sequence[Key], zone: dt.tzinfo) -> None:
        self.reach = reach
        self.zone = zone
        self.rows: dict[int, list[Any]] = {}
        self.before: dict[tuple[int, int], Any] = {}
        for place, pks in by_source(keys).items():
            self._read(sources()[place], pks)
        self.told_of = {id(row): self._changed(sources()[place], row) for place, row in self.each()}

    def each(self) -> Iterable[tuple[int, Any]]:
        """Every row with the number of its table."""
        return ((place, row) for place, rows in self.rows.items() for row in rows)

    def _read(self, source: Source, pks: list[int]) -> None:
        unit = _unit_path(source)
        here: Any = source.model._default_manager.filter(pk__in=pks).order_by()
        further = () if source.is_history else named_by(source.model)
        read = here.select_related(source.actor, *further)
        rows: list[Any] = list(read.annotate(told_unit=F(unit)) if unit else read)
        self.rows[source.number] = rows
        if source.is_history:
            changed = [row for row in rows if row.history_type == "~"]
            earlier: Any = source.model._default_manager.filter(
                id__in={row.id for row in changed},
                row_version__in={row.row_version - 1 for row in changed},
                history_type__in=("+", "~"),
            )
            found = {(row.id, row.row_version): row for row in earlier.order_by()} if changed else {}
            pairs = [(row.pk, found.get((row.id, row.row_version - 1))) for row in changed]
        else:
            pairs = self._superseded(source, rows)
        self.before |= {(source.number, pk): row for pk, row in pairs if row is not None}

    def _superseded(self, source: Source, rows: list[Any]) -> list[tuple[int, Any]]:
        """The facts that these correct."""
        if not source.has("supersedes"):
            return []
        wanted = {row.supersedes_id for row in rows} - {None}
        found = source.model._base_manager.in_bulk(wanted) if wanted else {}
        return [(row.pk, found.get(row.supersedes_id)) for row in rows]

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
    def objects(self) -> dict[type[models.Model], dict[int, Any]]:
        """The records that the rows tell of or name, one statement for each kind."""
        wanted: dict[type[models.Model], set[Any]] = {model: set(keys) for model, keys in self.told_about.items()}
        for changes in self.told_of.values():
            for field, old, new in changes:
                if field.is_relation:
                    wanted.setdefault(field.related_model, set()).update({old, new} - {None})
        return {
            model: model._base_manager.select_related(*named_by(model)).in_bulk(pks) for model, pks in wanted.items()
        }

    @cached_property
    def names(self) -> dict[Any, str]:
        """What the rows call other records by."""
        return {
            (field.related_model, key): str(self.objects[field.related_model][key])
            for changes in self.told_of.values()
            for field, *values in changes
            if field.is_relation
            for key in values
            if key in self.objects[field.related_model]
        }

    def _words(self, field: Any, value: Any, unit: str) -> str:
        if isinstance(value, Decimal):
            return f"{number(value)} {unit}".strip()
        if isinstance(value, dict | list):
            return json.dumps(value, ensure_ascii=False) if value else ""
        if field.name == "permission" and value in catalogue():
            return str(catalogue()[value].label)
        return shown(field, value, self.names, lambda: self.zone)

    def _changes(self, source: Source, row: Any) -> tuple[FieldChange, ...]:
        unit = getattr(row, "told_unit", "") or ""
        found = [
            FieldChange(
                field.name, str(field.verbose_name), self._words(field, old, unit), self._words(field, new, unit)
            )
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
        there = {model: keys & self.objects[model].keys() for model, keys in self.told_about.items()}
        return self.reach.open_keys(there)

    def _record(self, source: Source, row: Any) -> models.Model | None:
        """The record that the row tells of, as far as it is there and the visitor may open it."""
        if not source.is_history and not source.has_subject:
            return row  # type: ignore[no-any-return]
        named = _record_of(source, row)
        if named is None or named[1] not in self.open_keys[named[0]]:
            return None
        found: models.Model = self.objects[named[0]][named[1]]
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
            what=what,
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
    """Where the unit of a row's decimal columns stands; empty where they have none."""
    if not source.has("uom"):
        path: str = source.base.unit_path  # type: ignore[attr-defined]
        return f"{path}__code" if path else ""
    return "uom__code" if source.model._meta.get_field("uom").is_relation else "uom"


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
    return row.text if source.has("kind") and source.has_subject and source.has("text") else ""


def _deed(source: Source, row: Any) -> tuple[str, str]:
    """What was done, and the tone it is shown in."""
    if source.is_history:
        words = {"+": _("Created"), "~": _("Changed"), "-": _("Deleted")}
        return words[row.history_type], {"+": "info", "-": "bad"}.get(row.history_type, "neutral")
    if source.has("from_status"):
        return str(moves().get(row.move, _("Begun") if row.from_status is None else row.move)), "good"
    if source.has("policy_revision"):
        outcome = _("allowed") if row.allowed else _("refused")
        return f"{moves().get(row.action, row.action)}: {outcome}", "neutral" if row.allowed else "warn"
    if source.has("meaning") and source.has_subject:
        return _("Signed: %(meaning)s") % {"meaning": row.get_meaning_display()}, "good"
    if source.has("kind") and source.has_subject and source.has("text"):
        return words_of_event(row.kind), "warn" if row.kind == "refused" else "neutral"
    return _("Recorded"), "neutral"
