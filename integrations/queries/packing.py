"""What was packed into containers and unpacked, as events."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from integrations.formats.epcis import AggregationEvent, Event
from integrations.queries import names
from integrations.queries.sources import Source, named_by, places_named, things_of
from integrations.queries.wanted import Wanted
from traceability.models import ContainerEntry

STEPS = {ContainerEntry.Kind.PUT_IN: ("ADD", "packing"), ContainerEntry.Kind.TAKE_OUT: ("DELETE", "unpacking")}


class Packing(Source):
    """A quantity, a unit or a whole container was put into a container or taken out of it."""

    number = 6

    def rows(self, wanted: Wanted, sites: Collection[int]) -> QuerySet[ContainerEntry] | None:
        kinds = [
            kind
            for kind, (action, step) in STEPS.items()
            if wanted.fits("AggregationEvent", action, step, "in_progress")
        ]
        if not kinds or self.declares_error:
            return None
        rows = ContainerEntry.objects.filter(kind__in=kinds, container__site__in=sites)
        for uris in (wanted.read_points, wanted.biz_locations):
            if uris:
                rows = rows.filter(places_named("location", uris))
        for match in wanted.matches:
            if "child" not in match.roles:
                return None
            rows = rows.filter(named_by(match, "lot", "unit"))
        return rows.select_related(
            "container__site", "lot__material__uom", "unit__material", "child__site", "location__site"
        )

    def event(self, row: ContainerEntry) -> Event:
        action, step = STEPS[ContainerEntry.Kind(row.kind)]
        place = names.place_uri(row.location)
        things: dict[str, Any]
        if row.child is not None:
            things = {"epcs": (names.container_uri(row.child),)}
        else:
            things = things_of(row.lot, row.unit, row.quantity, row.lot.material.uom if row.lot is not None else None)
        return AggregationEvent(
            **self.head(row, row.container.site),
            action=action,
            biz_step=step,
            disposition="in_progress",
            read_point=place,
            biz_location=place,
            parent=names.container_uri(row.container),
            children=things.get("epcs", ()),
            child_quantities=things.get("quantities", ()),
        )
