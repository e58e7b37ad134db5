"""Sibling exposure: what else of the same lot there is, where it is, and what is already open on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from qms.complaints.models import Complaint
from qms.nonconformance.models import NonConformance
from qms.nonconformance.queries import OPEN_STATES as NC_OPEN
from traceability.models import Hold, Lot, SerializedUnit
from traceability.queries import described, following, with_customers
from traceability.queries.containment import Goods
from traceability.queries.whereabouts import Member, Recalled

SHOWN = 50


@dataclass(frozen=True)
class Exposure:
    """What of the same goods is with customers and what is here, with holds, nonconformances and other complaints."""

    goods: Lot | SerializedUnit
    members: Sequence[Member]
    customers: Sequence[Recalled]
    holds: Sequence[Hold]
    nonconformances: Sequence[NonConformance]
    complaints: Sequence[Complaint]
    made_of_it: int

    @property
    def with_customers(self) -> Decimal:
        """How much of it is with customers: a hold does not reach it."""
        return sum((one.quantity for one in self.customers), Decimal(0))

    @property
    def on_hand(self) -> Decimal:
        """How much of it is in the plant."""
        return sum((one.on_hand for one in self.members if not one.is_unit or one.record.lot_id is None), Decimal(0))  # type: ignore[union-attr]

    @property
    def is_contained(self) -> bool:
        """Whether an open hold stands on any of it."""
        return bool(self.holds)


def siblings_of(record: Complaint) -> tuple[frozenset[int], frozenset[int]]:
    """The lots and units that share a lot with what is complained of."""
    lot = record.lot_id or (record.unit.lot_id if record.unit is not None else None)
    if lot is None:
        return frozenset(), frozenset([record.unit_id] if record.unit_id is not None else [])
    units = SerializedUnit.objects.filter(lot=lot).values_list("pk", flat=True)[: 10 * SHOWN]
    return frozenset([lot]), frozenset(units)


def exposure_of(record: Complaint) -> Exposure | None:
    """What else of the same lot there is; None while neither lot nor unit is known."""
    goods = record.goods
    if goods is None:
        return None
    lots, units = siblings_of(record)
    among = Q(lot__in=lots) | Q(unit__in=units)
    same = Goods(lots, units)
    made = following(Goods(lots, frozenset() if lots else units), with_descendants=True) - same
    open_ncs = NonConformance.objects.filter(Q(items__lot__in=lots) | Q(items__unit__in=units), status__in=NC_OPEN)
    others = Complaint.objects.filter(among).exclude(pk=record.pk).select_related("site")
    return Exposure(
        goods=goods,
        members=described(Goods(lots) if lots else same, limit=SHOWN),
        customers=with_customers(Goods(lots) if lots else same),
        holds=list(Hold.objects.filter(among, status="open").select_related("lot", "unit").order_by("-pk")[:SHOWN]),
        nonconformances=list(open_ncs.distinct().order_by("-pk")[:SHOWN]),
        complaints=list(others.order_by("-pk")[:SHOWN]),
        made_of_it=len(made.lots) + len(made.units),
    )


def as_data(found: Exposure | None) -> dict[str, Any]:
    """The same for a sealed record."""
    if found is None:
        return {}
    return {
        "goods": str(found.goods),
        "on_hand": f"{found.on_hand.normalize():f}",
        "customers": [
            [str(one.shipment), str(one.shipment.customer), str(one.goods), f"{one.quantity.normalize():f}", one.uom]
            for one in found.customers
        ],
        "holds": [str(one) for one in found.holds],
        "nonconformances": [one.number for one in found.nonconformances],
        "complaints": [one.number for one in found.complaints],
        "made_of_it": found.made_of_it,
    }
