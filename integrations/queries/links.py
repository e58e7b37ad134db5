"""What went into what, as events: into a lot a part of its transformation, into a unit a part of the unit."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from integrations.formats.epcis import AssociationEvent, Event, TransformationEvent
from integrations.queries import names
from integrations.queries.sources import Source, named_by, orders_of, things_of
from integrations.queries.wanted import Wanted
from traceability.models import GenealogyLink


class Links(Source):
    """What went into what: into a lot a part of its transformation, into a unit a part of the unit."""

    number = 4

    def rows(self, wanted: Wanted, sites: Collection[int]) -> QuerySet[GenealogyLink] | None:
        asked = Q(pk__in=())
        if wanted.fits("TransformationEvent", "", "commissioning", "in_progress"):
            asked |= Q(child_lot__isnull=False) & self.matching(wanted, {"input": ("parent_lot", "parent_unit")})
        if wanted.fits("AssociationEvent", "ADD", "assembling", "in_progress"):
            roles = {"parent": ("", "child_unit"), "child": ("parent_lot", "parent_unit")}
            asked |= Q(child_unit__isnull=False) & self.matching(wanted, roles)
        if wanted.biz_locations or (wanted.read_points and not self.sites_named(wanted)):
            return None
        rows = GenealogyLink.objects.filter(asked, reverses__isnull=True, site__in=sites)
        if wanted.read_points:
            rows = rows.filter(site__code__in=self.sites_named(wanted))
        if self.declares_error:
            rows = rows.filter(reversed_by__isnull=False)
        return rows.select_related(
            "site", "uom", "reversed_by", "parent_lot__material", "parent_unit__material", "child_lot__material",
            "child_lot__production_order__site", "child_unit__material", "child_unit__lot__production_order__site",
        )  # fmt: skip

    def sites_named(self, wanted: Wanted) -> list[str]:
        """Codes of the sites that are asked for as read points."""
        parts = (names.parts_of(uri, "loc") for uri in wanted.read_points)
        return [found[0] for found in parts if found is not None and len(found) == 1]

    def matching(self, wanted: Wanted, roles: dict[str, tuple[str, str]]) -> Q:
        """The rows that name what is asked for in one of these roles."""
        found = Q()
        for match in wanted.matches:
            one = Q(pk__in=())
            for role, (lot, unit) in roles.items():
                if role in match.roles:
                    one |= named_by(match, lot, unit)
            found &= one
        return found

    def event(self, row: GenealogyLink) -> Event:
        said = self.head(row, row.site)
        said |= {"disposition": "in_progress", "read_point": names.site_uri(row.site)}
        things = things_of(row.parent_lot, row.parent_unit, row.quantity, row.uom)
        if row.child_unit is not None:
            lot = row.child_unit.lot
            said |= orders_of(lot) if lot is not None else {}
            return AssociationEvent(
                **said,
                action="ADD",
                biz_step="assembling",
                parent=names.unit_uri(row.child_unit),
                children=things.get("epcs", ()),
                child_quantities=things.get("quantities", ()),
            )
        if row.child_lot is None:
            raise LookupError("a link leads to a lot or to a unit")
        return TransformationEvent(
            **said | orders_of(row.child_lot),
            biz_step="commissioning",
            inputs=things.get("epcs", ()),
            input_quantities=things.get("quantities", ()),
            transformation_id=names.transformation_uri(row.child_lot),
        )


class TakenBackLinks(Links):
    """Links that were taken back."""

    number = 5
    declares_error = True
    recorded = "reversed_by__stamped_at"
