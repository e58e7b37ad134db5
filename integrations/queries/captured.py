"""Captured events, as the events that they were."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.formats.epcis import Event, read_document
from integrations.models import EpcisEvent, EpcisThing
from integrations.queries.names import lot_uri, unit_uri
from integrations.queries.sources import Source
from integrations.queries.wanted import CAPTURED, Wanted
from traceability.models import Lot, SerializedUnit

MOST_UNITS = 1_000


class Captured(Source):
    """What others told of."""

    number = 0
    origin = CAPTURED
    time = "event_time"
    by_time = True

    def rows(self, wanted: Wanted, sites: Collection[int]) -> QuerySet[EpcisEvent] | None:
        rows = EpcisEvent.objects.filter(site__in=sites)
        for field, values in (
            ("event_type", wanted.types), ("action", wanted.actions), ("biz_step", wanted.biz_steps),
            ("disposition", wanted.dispositions), ("read_point", wanted.read_points),
            ("biz_location", wanted.biz_locations),
        ):  # fmt: skip
            if values:
                rows = rows.filter(**{f"{field}__in": values})
        for match in wanted.matches:
            things = EpcisThing.objects.filter(match.others, event=OuterRef("pk"), role__in=match.roles)
            if match.kind != "any":
                things = things.filter(is_class=match.kind == "class")
            rows = rows.filter(Exists(things))
        return rows

    def of_ids(self, ids: Collection[str]) -> Q:
        return Q(event_id__in=ids)

    def event(self, row: Any) -> Event:
        return read_content(row)


def read_content(row: EpcisEvent) -> Event:
    """The event of a stored row; the time of its record is ours (EPCIS 2.0 §7.4.1)."""
    return replace(read_document(row.content.encode()).events[0], record_time=row.stamped_at)


def things_named(lot: Lot) -> Any:
    """The captured events that name a lot or a unit of it, also by the number that its supplier gave it."""
    gtin, numbers = lot.material.gtin, {lot.number, lot.supplier_lot} - {""}
    named = Q(uri=lot_uri(lot)) | Q(uri__in=[unit_uri(unit) for unit in units_of(lot)])
    if gtin:
        named |= Q(gtin=gtin, lot_number__in=numbers)
        named |= Q(gtin=gtin, serial__in=lot.units.values("serial"))
    return EpcisThing.objects.filter(named).values_list("event", flat=True)


def units_of(lot: Lot) -> QuerySet[SerializedUnit]:
    """The units of a lot that have no GTIN: they are called by addresses of ours."""
    return lot.units.none() if lot.material.gtin else lot.units.select_related("material")[:MOST_UNITS]
