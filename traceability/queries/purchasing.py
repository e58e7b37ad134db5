"""What suppliers still owe."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, QuerySet

from core.organization.models import Partner, Site
from traceability.models import Lot, PurchaseOrderLine


def still_open(lines: QuerySet[PurchaseOrderLine]) -> QuerySet[PurchaseOrderLine]:
    """The lines of open orders that did not arrive in full."""
    return lines.filter(order__is_closed=False, received__lt=F("quantity"))


def suppliers_of(lot: Lot) -> list[Partner]:
    """Who delivered the lot, by code."""
    return list(Partner.objects.filter(receipts__lot=lot).distinct().order_by("code"))


def purchases_not_delivered(materials: Collection[int], site: Site) -> QuerySet[PurchaseOrderLine]:
    """One line of each supplier who still owes the site one of these materials, by the supplier's code."""
    lines = still_open(PurchaseOrderLine.objects.filter(material__in=materials, order__site=site))
    first = lines.order_by("order__supplier__code", "pk").distinct("order__supplier__code")
    return first.select_related("order__supplier")
