"""Our own rows as events: what moved, and what went into what. The rows are the truth; no event of ours is stored.

Each source reads its rows in the order of their time, so that a period of any length is read in equal pieces. What was
taken back leaves a second time, with the declaration that it was an error (EPCIS 2.0 §7.4.1.4).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.formats.epcis import Event, ObjectEvent, TransformationEvent, Typed
from integrations.queries import names
from integrations.queries.links import Links, TakenBackLinks
from integrations.queries.packing import Packing
from integrations.queries.sources import Source, master_data, named_by, orders_of, places_named, things_of
from integrations.queries.wanted import Wanted
from mes.execution.models import Consumption
from traceability.models import GenealogyLink, StockMovement

Kind = StockMovement.Kind


@dataclass(frozen=True)
class Rule:
    """Which movements are which kind of event; the first rule that fits a row counts."""

    name: str
    rows: Q
    action: str
    biz_step: str
    disposition: str
    type: str = "ObjectEvent"
    role: str = "epc"


MADE = (Kind.PRODUCE, Kind.SPLIT, Kind.MERGE)
"""By these a lot comes to be; what left the lots that were split or merged is told by their links."""
_MOVED = Q(kind=Kind.MOVE, shipment_line__isnull=True, customer_return__isnull=True)
RULES = (
    Rule("returned", Q(customer_return__isnull=False), "OBSERVE", "receiving", "returned"),
    Rule("shipped", Q(shipment_line__isnull=False), "OBSERVE", "shipping", "in_transit"),
    Rule("received", Q(kind=Kind.RECEIPT), "OBSERVE", "receiving", "in_progress"),
    Rule(
        "transformed", Q(kind__in=MADE, to_location__isnull=False, is_made_of=True),
        "", "commissioning", "in_progress", "TransformationEvent", "output",
    ),
    Rule("made", Q(kind=Kind.PRODUCE, is_made_of=False), "ADD", "commissioning", "in_progress"),
    Rule("moved", _MOVED, "OBSERVE", "storing", "in_progress"),
    Rule("scrapped", Q(kind=Kind.SCRAP), "DELETE", "destroying", "destroyed"),
    Rule("taken", Q(kind=Kind.ISSUE, is_used=False), "OBSERVE", "picking", "in_progress"),
    Rule("put back", Q(kind=Kind.RETURN), "OBSERVE", "stocking", "in_progress"),
)  # fmt: skip
BY_NAME = {rule.name: rule for rule in RULES}


class Movements(Source):
    """Stock movements. Corrections of a count are left out: nothing happened to the goods."""

    number = 2

    def rows(self, wanted: Wanted, sites: Collection[int]) -> QuerySet[StockMovement] | None:
        rules = [rule for rule in RULES if wanted.fits(rule.type, rule.action, rule.biz_step, rule.disposition)]
        if not rules:
            return None
        made_of = GenealogyLink.objects.filter(child_lot=OuterRef("lot"), reverses__isnull=True)
        rows = StockMovement.objects.filter(reverses__isnull=True, lot__site__in=sites)
        if self.declares_error:
            rows = rows.filter(reversed_by__isnull=False)
        read = rows.annotate(
            is_made_of=Exists(made_of), is_used=Exists(Consumption.objects.filter(movement=OuterRef("pk")))
        )
        asked = Q(pk__in=())
        for rule in rules:
            asked |= rule.rows & self.matching(rule, wanted)
        for path, uris in (("from_location", wanted.read_points), ("to_location", wanted.biz_locations)):
            if uris:
                asked &= places_named(path, uris)
        return read.filter(asked).select_related(
            "lot__material", "lot__site", "unit__material", "uom", "from_location__site", "to_location__site",
            "receipt__supplier", "receipt__line__order", "shipment_line__shipment__customer",
            "lot__production_order__site",
            "customer_return__line__shipment__customer", "reversed_by",
        )  # fmt: skip

    def matching(self, rule: Rule, wanted: Wanted) -> Q:
        """The rows that name what is asked for."""
        found = Q()
        for match in wanted.matches:
            if rule.role not in match.roles:
                return Q(pk__in=())
            found &= named_by(match, "lot", "unit")
        return found

    def event(self, row: StockMovement) -> Event:
        rule = BY_NAME[self.rule_of(row)]
        site, lot = row.lot.site, row.lot
        said = self.head(row, site) | self.where(row) | self.papers(row, rule)
        said |= {"biz_step": rule.biz_step, "disposition": rule.disposition}
        things = things_of(lot, row.unit, row.quantity, row.uom)
        if rule.type == "TransformationEvent":
            return TransformationEvent(
                **said,
                outputs=things.get("epcs", ()),
                output_quantities=things.get("quantities", ()),
                transformation_id=names.transformation_uri(lot),
                ilmd=master_data(lot),
            )
        ilmd = master_data(lot) if rule.action == "ADD" else ()
        return ObjectEvent(**said, **things, action=rule.action, ilmd=ilmd)

    def rule_of(self, row: Any) -> str:
        """The rule by which a row became an event: the same as in the database."""
        if getattr(row, "customer_return", None) is not None:
            return "returned"
        if getattr(row, "shipment_line", None) is not None:
            return "shipped"
        if row.kind in MADE:
            return "transformed" if row.is_made_of else "made"
        return {
            Kind.RECEIPT: "received", Kind.MOVE: "moved", Kind.SCRAP: "scrapped", Kind.ISSUE: "taken",
            Kind.RETURN: "put back",
        }[row.kind]  # fmt: skip

    def where(self, row: StockMovement) -> dict[str, Any]:
        """Where it was seen, and where it is afterwards; goods that left are nowhere of ours."""
        place = row.from_location or row.to_location
        found = {"read_point": names.place_uri(place) if place is not None else names.site_uri(row.lot.site)}
        leaves = getattr(row, "shipment_line", None) is not None and getattr(row, "customer_return", None) is None
        if row.to_location is not None and not leaves:
            found["biz_location"] = names.place_uri(row.to_location)
        return found

    def papers(self, row: Any, rule: Rule) -> dict[str, Any]:
        """Which paper it belongs to, who gave it and who gets it."""
        site = row.lot.site
        here = Typed("possessing_party", names.own("party", site.code))
        if rule.name in ("shipped", "returned"):
            shipment = (row.shipment_line if rule.name == "shipped" else row.customer_return.line).shipment
            customer = Typed("possessing_party", names.partner_uri(shipment.customer))
            ways = (here, customer) if rule.name == "shipped" else (customer, here)
            paper = Typed("desadv", names.paper_uri("desadv", site, shipment.number))
            return {"transactions": (paper,), "sources": (ways[0],), "destinations": (ways[1],)}
        if rule.name == "received" and getattr(row, "receipt", None) is not None:
            receipt = row.receipt
            found: dict[str, Any] = {
                "sources": (Typed("possessing_party", names.partner_uri(receipt.supplier)),),
                "destinations": (here,),
            }
            if receipt.line is not None:
                found["transactions"] = (Typed("po", names.paper_uri("po", site, receipt.line.order.number)),)
            return found
        return orders_of(row.lot) if rule.name in ("transformed", "made") else {}


class TakenBackMovements(Movements):
    """Movements that were taken back."""

    number = 3
    declares_error = True
    recorded = "reversed_by__stamped_at"


OWN_SOURCES: Sequence[Source] = (Movements(), TakenBackMovements(), Links(), TakenBackLinks(), Packing())
"""Whoever adds rows of another kind (holds) adds a source here, with an even number for the rows."""
