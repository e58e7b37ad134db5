"""Reading the trail: the changes of one record, old to new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext

from core.kernel.records import TrailedModel
from core.organization.models import Area, WorkCenter
from core.organization.queries import place_of
from core.trail.models import TrailEvent
from core.web.markup import offset_of

SILENT = {"row_version", "id"}


@dataclass(frozen=True)
class FieldChange:
    """One column of one change, in words."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class RecordChange:
    """One row of history: who changed what, when and why."""

    table: str
    key: int
    at: datetime
    user_id: int
    user_name: str
    kind: str
    reason: str
    source: str
    changes: tuple[FieldChange, ...]


def shown(field: Any, value: Any, names: dict[tuple[type[models.Model], Any], str], zone: Callable[[], tzinfo]) -> str:
    """A value of a column in words: names, labels of choices, yes and no, times in the zone."""
    if value is None or value == "":
        return ""
    if field.is_relation:
        return names.get((field.related_model, value), f"#{value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        local = value.astimezone(zone())
        return f"{date_format(local, 'j M Y H:i:s')} {offset_of(local)}"
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return str(value)


def _zone_of(record: TrailedModel) -> tzinfo:
    """The zone of the record's site; UTC for a record of all sites."""
    place = place_of(record)
    if isinstance(place, WorkCenter):
        place = place.area
    site = place.site if isinstance(place, Area) else place
    return UTC if site is None else ZoneInfo(site.time_zone)


def changes_of(record: TrailedModel, *, limit: int = 200) -> list[RecordChange]:
    """The changes of a record, newest first, each with old and new values."""
    rows = list(
        type(record)
        .history.filter(id=record.pk)
        .select_related("history_user")
        .order_by("-row_version", "-history_id")[: limit + 1]
    )
    fields = [f for f in record._meta.concrete_fields if f.name not in SILENT and f.name not in record.trail_excludes]
    names = _relation_names(rows, fields)
    zone = cache(lambda: _zone_of(record))
    found: list[RecordChange] = []
    for index, row in enumerate(rows[:limit]):
        before = rows[index + 1] if index + 1 < len(rows) else None
        changes = tuple(
            FieldChange(
                field.name,
                str(field.verbose_name),
                shown(field, getattr(before, field.attname), names, zone) if before is not None else "",
                shown(field, getattr(row, field.attname), names, zone),
            )
            for field in fields
            if before is not None and getattr(before, field.attname) != getattr(row, field.attname)
        )
        found.append(
            RecordChange(
                table=row._meta.db_table,
                key=row.history_id,
                at=row.history_stamped_at,
                user_id=row.history_user_id,
                user_name=str(row.history_user),
                kind={"+": "created", "~": "changed", "-": "deleted"}[row.history_type],
                reason=row.history_change_reason or "",
                source=row.history_source,
                changes=changes,
            )
        )
    return found


def _relation_names(rows: list[Any], fields: list[Any]) -> dict[tuple[type[models.Model], Any], str]:
    wanted: dict[type[models.Model], set[Any]] = {}
    for field in fields:
        if field.is_relation and field.related_model is not None:
            values = {getattr(row, field.attname) for row in rows}
            if len(values) > 1:  # Only what changed is shown; from or to nothing is a change as well.
                wanted.setdefault(field.related_model, set()).update(values - {None})
    return {
        (model, found.pk): str(found)
        for model, keys in wanted.items()
        for found in model._base_manager.filter(pk__in=keys)
    }


def events_of(record: models.Model, *, limit: int = 200) -> list[TrailEvent]:
    """What happened to a record that changed no row: views, prints, exports, refusals; newest first."""
    kind = ContentType.objects.get_for_model(record)
    return list(
        TrailEvent.objects.filter(subject_type=kind, subject_id=record.pk)
        .select_related("actor")
        .order_by("-id")[:limit]
    )
