"""What arrived of a lot: from whom, for which order, how much."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Max, Sum
from django.urls import reverse

from traceability.models import Lot, Receipt


@dataclass(frozen=True)
class Arrival:
    """What one supplier delivered of a lot for one line of an order, or without an order; taken back is not told."""

    supplier: str
    supplier_url: str
    order: str
    order_url: str
    quantity: Decimal
    over_reason: str
    at: dt.datetime


def arrivals_of(lot: Lot) -> list[Arrival]:
    """The deliveries of a lot, the latest first, those for one line added up; one statement for any number of them."""
    stand = Receipt.objects.filter(lot=lot, movement__reversed_by__isnull=True)
    told = stand.values(
        "supplier_id", "over_reason", "line__position", code=F("supplier__code"), name=F("supplier__name"),
        order=F("line__order__number"), order_id=F("line__order_id"),
    )  # fmt: skip
    rows = told.annotate(quantity=Sum("movement__quantity"), at=Max("stamped_at")).order_by("-at")
    return [
        Arrival(
            supplier=f"{row['code']} {row['name']}",
            supplier_url=reverse("core_organization:partner_detail", args=[row["supplier_id"]]),
            order="" if row["order"] is None else f"{row['order']} · {row['line__position']}",
            order_url=""
            if row["order"] is None
            else reverse("traceability:purchaseorder_detail", args=[row["order_id"]]),
            quantity=row["quantity"],
            over_reason=row["over_reason"],
            at=row["at"],
        )
        for row in rows
    ]
