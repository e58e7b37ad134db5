"""Where the goods of a scope lie, and what of them is with customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from traceability.models import Hold, Lot, SerializedUnit, ShipmentLine, StockMovement
from traceability.queries.containment import Goods

ROWS_SHOWN = 200
"""Members that a page names; the rest is counted."""


@dataclass(frozen=True)
class Lies:
    """How much lies in one place."""

    code: str
    kind: str
    quantity: Decimal


@dataclass(frozen=True)
class Member:
    """One lot or unit of a scope: what it is, where it lies, how much of it left for customers."""

    record: Lot | SerializedUnit
    places: Sequence[Lies]
    open_holds: int = 0

    @property
    def is_unit(self) -> bool:
        """Whether it is a single unit."""
        return isinstance(self.record, SerializedUnit)

    @property
    def here(self) -> list[Lies]:
        """Where it lies in the plant."""
        return [one for one in self.places if one.kind not in ("scrap", "shipped")]

    @property
    def on_hand(self) -> Decimal:
        """How much of it is in the plant."""
        return sum((one.quantity for one in self.here), Decimal(0))

    @property
    def shipped(self) -> Decimal:
        """How much of it is with customers: for recall, a hold does not reach it."""
        return sum((one.quantity for one in self.places if one.kind == "shipped"), Decimal(0))


_WHEREABOUTS = """
SELECT {key}, p.code, p.kind, sum(s.quantity) FROM (
  SELECT m.{key}, m.to_location_id AS place, m.quantity FROM traceability_stockmovement m
  WHERE m.{key} = ANY (%s) AND m.to_location_id IS NOT NULL
  UNION ALL
  SELECT m.{key}, m.from_location_id, -m.quantity FROM traceability_stockmovement m
  WHERE m.{key} = ANY (%s) AND m.from_location_id IS NOT NULL
) s JOIN traceability_storagelocation p ON p.id = s.place
GROUP BY 1, 2, 3 HAVING sum(s.quantity) <> 0 ORDER BY 1, 2
"""


def _whereabouts(key: str, keys: Iterable[int]) -> Mapping[int, list[Lies]]:
    found: dict[int, list[Lies]] = defaultdict(list)
    wanted = sorted(keys)
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(_WHEREABOUTS.format(key=key), [wanted, wanted])
            for pk, code, kind, quantity in cursor.fetchall():
                found[pk].append(Lies(code, kind, quantity))
    return found


def described(goods: Goods, limit: int | None = ROWS_SHOWN) -> list[Member]:
    """The members of a scope with their whereabouts, lots before units; the number of statements does not grow."""
    held = Hold.objects.filter(status="open")
    lots = Lot.objects.filter(pk__in=goods.lots).select_related("material__uom").order_by("material__number", "number")
    lots = lots.annotate(open_holds=_counted(held.filter(lot=OuterRef("pk")), "lot"))
    units = SerializedUnit.objects.filter(pk__in=goods.units).select_related("material__uom", "lot")
    units = units.annotate(open_holds=_counted(held.filter(unit=OuterRef("pk")), "unit"))
    units = units.order_by("material__number", "serial")
    shown: list[Any] = list(lots if limit is None else lots[:limit])
    rest = None if limit is None else limit - len(shown)
    shown += list(units if rest is None else units[:rest]) if rest != 0 else []
    by_lot = _whereabouts("lot_id", (one.pk for one in shown if isinstance(one, Lot)))
    by_unit = _whereabouts("unit_id", (one.pk for one in shown if isinstance(one, SerializedUnit)))
    return [Member(one, (by_lot if isinstance(one, Lot) else by_unit).get(one.pk, ()), one.open_holds) for one in shown]


def _counted(holds: QuerySet[Hold], by: str) -> Coalesce:
    counted = holds.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True)
class Recalled:
    """What of a scope left for a customer, and is still there."""

    shipment: Any
    goods: Any
    quantity: Decimal
    uom: str


def with_customers(goods: Goods) -> list[Recalled]:
    """What of these goods is with customers: a hold does not reach it, a recall must."""
    lines = ShipmentLine.objects.filter(
        Q(lot__in=goods.lots) | Q(unit__in=goods.units), shipment__status="shipped"
    ).select_related("shipment__customer", "lot__material__uom", "unit")
    found = [
        Recalled(line.shipment, line.goods, line.quantity - line.returned, line.lot.material.uom.symbol)
        for line in lines.prefetch_related("returns__movement").order_by("-pk")[: ROWS_SHOWN + 1]
    ]
    return [one for one in found if one.quantity > 0]


def movements_of(record: Lot | SerializedUnit) -> QuerySet[StockMovement]:
    """The movements of a lot or unit, newest first."""
    condition = Q(unit=record) if isinstance(record, SerializedUnit) else Q(lot=record)
    return (
        StockMovement.objects.filter(condition)
        .select_related("actor", "uom", "unit", "from_location", "to_location", "reversed_by")
        .order_by("-id")
    )
