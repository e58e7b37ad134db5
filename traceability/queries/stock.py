"""How much there is, where, and how much of it is held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from core.kernel.clock import now
from core.kernel.prepared import prepared_cursor
from core.kernel.statements import compiled
from core.organization.models import Site
from traceability.models import Hold, Lot, Material, SerializedUnit, StockMovement, StorageLocation
from traceability.queries.genealogy import reach_sql

GONE = (StorageLocation.Kind.SCRAP, StorageLocation.Kind.SHIPPED)
"""Places in which nothing is on hand any more."""

ZERO = Decimal(0)


@dataclass(frozen=True)
class LotState:
    """Stock and holds of one lot (and perhaps of one unit of it) at one moment.

    `inherited` are open holds on a whole lot or on a unit that went into it, at any depth. A hold on a part of a lot
    does not follow what was used before: it names pieces that are still there.
    """

    places: Mapping[int, Decimal]
    held: Decimal
    unit_stock: Decimal = ZERO
    unit_holds: tuple[int, ...] = ()
    inherited: tuple[int, ...] = ()

    @property
    def on_hand(self) -> Decimal:
        """What lies in all places of the lot, without scrap and what was shipped."""
        return sum(self.places.values(), ZERO)

    @property
    def all_held(self) -> bool:
        """Whether a hold covers the whole lot, also what comes into it later."""
        return self.held.is_infinite()

    @property
    def available(self) -> Decimal:
        """On hand less what is held; never below zero."""
        return ZERO if self.all_held else max(self.on_hand - self.held, ZERO)


_STATES = f"""
WITH RECURSIVE wanted(origin, lot_id, unit_id) AS (
  SELECT given.n, given.l, given.u FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS given(l, u, n)
),
origins(origin, kind, id) AS (
  SELECT origin, CASE WHEN unit_id IS NULL THEN 1 ELSE 2 END, coalesce(unit_id, lot_id) FROM wanted
),
{reach_sql("backward")},
lots AS (SELECT DISTINCT lot_id FROM wanted),
places AS (
  SELECT s.lot_id, s.place, sum(s.quantity) AS quantity FROM (
    SELECT m.lot_id, m.to_location_id AS place, m.quantity FROM traceability_stockmovement m
    JOIN lots ON lots.lot_id = m.lot_id WHERE m.to_location_id IS NOT NULL
    UNION ALL
    SELECT m.lot_id, m.from_location_id, -m.quantity FROM traceability_stockmovement m
    JOIN lots ON lots.lot_id = m.lot_id WHERE m.from_location_id IS NOT NULL
  ) s JOIN traceability_storagelocation p ON p.id = s.place AND p.kind NOT IN ('scrap', 'shipped')
  GROUP BY s.lot_id, s.place HAVING sum(s.quantity) <> 0
),
stock AS (
  SELECT lot_id, array_agg(place ORDER BY place) AS places, array_agg(quantity ORDER BY place) AS quantities
  FROM places GROUP BY lot_id
),
inherited AS (
  SELECT r.origin, array_agg(DISTINCT h.id) AS holds
  FROM traceability_hold h
  LEFT JOIN traceability_serializedunit u ON u.id = h.unit_id
  JOIN reach r ON r.id = coalesce(h.unit_id, h.lot_id) AND (r.kind = 2) = (h.unit_id IS NOT NULL)
  JOIN wanted w ON w.origin = r.origin
  WHERE h.status = 'open' AND h.quantity IS NULL
    AND h.lot_id IS DISTINCT FROM w.lot_id
    AND (u.id IS NULL OR (u.id IS DISTINCT FROM w.unit_id
                          AND (w.unit_id IS NOT NULL OR u.lot_id IS DISTINCT FROM w.lot_id)))
  GROUP BY r.origin
)
SELECT coalesce(stock.places, '{{}}'), coalesce(stock.quantities, '{{}}'), traceability_held(w.lot_id),
       (SELECT coalesce(sum(m.quantity * ((m.to_location_id IS NOT NULL)::int
                                        - (m.from_location_id IS NOT NULL)::int)), 0)
        FROM traceability_stockmovement m WHERE m.unit_id = w.unit_id),
       ARRAY(SELECT h.id FROM traceability_hold h WHERE h.unit_id = w.unit_id AND h.status = 'open' ORDER BY h.id),
       coalesce(inherited.holds, '{{}}')
FROM wanted w
LEFT JOIN stock ON stock.lot_id = w.lot_id
LEFT JOIN inherited ON inherited.origin = w.origin
ORDER BY w.origin
"""


def states(demands: Sequence[tuple[int, int | None]]) -> list[LotState]:
    """Stock, held quantity and inherited holds of (lot id, unit id or None), in the given order; one query."""
    if not demands:
        return []
    with prepared_cursor(connection) as cursor:
        cursor.execute(_STATES, [[lot for lot, _ in demands], [unit for _, unit in demands]])
        rows = cursor.fetchall()
    return [
        LotState(dict(zip(places, quantities, strict=True)), held, unit_stock, tuple(own), tuple(inherited))
        for places, quantities, held, unit_stock, own, inherited in rows
    ]


def state_of(lot: Lot, unit: SerializedUnit | None = None) -> LotState:
    """Stock and holds of one lot, seen from one unit of it if that is named."""
    return states([(lot.pk, None if unit is None else unit.pk)])[0]


def open_holds(lot: Lot | None = None, unit: SerializedUnit | None = None) -> QuerySet[Hold]:
    """Open holds: all, those on a lot or its units, or those that cover a unit (its own and its whole lot's)."""
    holds = Hold.objects.filter(status="open").select_related("lot", "unit", "placed_by")
    if unit is not None:
        return holds.filter(Q(unit=unit) | Q(lot__units=unit, quantity__isnull=True))
    if lot is not None:
        return holds.filter(Q(lot=lot) | Q(unit__lot=lot))
    return holds


@compiled
def _holds_covering(units: list[int], lots: list[int]) -> QuerySet[Hold]:
    return open_holds().filter(Q(unit__in=units) | Q(lot__in=lots, quantity__isnull=True)).order_by("pk")


@compiled
def holds_on_whole_lot(lot: int) -> QuerySet[Hold]:
    """Open holds on the whole of a lot."""
    return open_holds().filter(Q(lot=lot) | Q(unit__lot=lot), unit__isnull=True, quantity__isnull=True)


def holds_on_units(units: Sequence[SerializedUnit]) -> dict[int, list[Hold]]:
    """The open holds that cover each unit (its own and its whole lot's), by the unit's id; one query."""
    found: dict[int, list[Hold]] = {unit.pk: [] for unit in units}
    lots = {unit.lot_id for unit in units} - {None}
    for hold in _holds_covering(list(found), sorted(lots)):
        for unit in units:
            if unit.pk == hold.unit_id or (hold.lot_id is not None and unit.lot_id == hold.lot_id):
                found[unit.pk].append(hold)
    return found


def _total(movements: QuerySet[StockMovement]) -> Decimal:
    return movements.aggregate(total=Sum("quantity"))["total"] or ZERO


def on_hand(lot: Lot, location: StorageLocation | None = None) -> Decimal:
    """How much of a lot there is, everywhere or in one place; the sum of its movements."""
    if location is None:
        return state_of(lot).on_hand
    movements = StockMovement.objects.filter(lot=lot)
    return _total(movements.filter(to_location=location)) - _total(movements.filter(from_location=location))


def available(lot: Lot) -> Decimal:
    """How much of a lot is on hand and not held."""
    return state_of(lot).available


def day_at(site: Site, moment: dt.datetime | None = None) -> dt.date:
    """The calendar day at a site, by which shelf life is judged."""
    return (moment or now()).astimezone(ZoneInfo(site.time_zone)).date()


@dataclass(frozen=True)
class LotChoice:
    """A lot that may be used, how much of it, and where it lies."""

    lot: Lot
    available: Decimal
    places: Mapping[int, Decimal]


def revision_is_usable(day: dt.date) -> Q:
    """Condition on lots: no revision, the effective one, or a superseded one that may still be used up."""
    return (
        Q(revision__isnull=True)
        | Q(revision__status="effective")
        | Q(revision__status="superseded", revision__use_up_until__gte=day)
    )


def lots_for(material: Material, site: Site, at: dt.datetime | None = None) -> list[LotChoice]:
    """The lots of a material that may be used at a site, first expiring first; never expired, held or unreleased."""
    day = day_at(site, at)
    incoming = StockMovement.objects.filter(lot=OuterRef("pk"))
    lots = list(
        Lot.objects.filter(
            revision_is_usable(day),
            Q(expires_on__isnull=True) | Q(expires_on__gte=day),
            Exists(incoming),
            material=material,
            material__is_active=True,
            site=site,
            status="released",
        )
        .select_related("material__uom", "revision")
        .order_by(F("expires_on").asc(nulls_last=True), "pk")
    )
    found = zip(lots, states([(lot.pk, None) for lot in lots]), strict=True)
    return [
        LotChoice(lot, state.available, state.places)
        for lot, state in found
        if state.available > 0 and not state.inherited
    ]


def units_for(material: Material, site: Site) -> QuerySet[SerializedUnit]:
    """The units of a material that stand ready at a site, oldest first, without those on hold."""
    held = Hold.objects.filter(Q(unit=OuterRef("pk")) | Q(lot=OuterRef("lot"), quantity__isnull=True), status="open")
    return (
        SerializedUnit.objects.filter(
            ~Exists(held),
            Q(status="released") | Q(status="completed", lot__status="released"),
            material=material,
            site=site,
        )
        .select_related("lot")
        .order_by("pk")
    )


def with_stock(lots: QuerySet[Lot]) -> QuerySet[Lot]:
    """Lots with `stock` (on hand) and `is_held` for lists; computed by PostgreSQL for the rows that are read."""
    moved = StockMovement.objects.filter(lot=OuterRef("pk")).order_by().values("lot")
    came = moved.exclude(to_location__isnull=True).exclude(to_location__kind__in=GONE)
    left = moved.exclude(from_location__isnull=True).exclude(from_location__kind__in=GONE)
    held = Hold.objects.filter(Q(lot=OuterRef("pk")) | Q(unit__lot=OuterRef("pk")), status="open")
    return lots.annotate(
        stock=Coalesce(Subquery(came.annotate(q=Sum("quantity")).values("q")), Value(ZERO))
        - Coalesce(Subquery(left.annotate(q=Sum("quantity")).values("q")), Value(ZERO)),
        is_held=Exists(held),
    )


@dataclass(frozen=True)
class Place:
    """How much of a lot lies in a place."""

    location: StorageLocation
    quantity: Decimal


def stock_by_place(state: LotState) -> list[Place]:
    """The places of a lot with their quantities, by code."""
    locations = StorageLocation.objects.filter(pk__in=state.places).order_by("code")
    return [Place(location, state.places[location.pk]) for location in locations]


def contents(location: StorageLocation) -> QuerySet[Lot]:
    """The lots that ever came into a place, with `here`, the quantity that is there now; those with none left out."""
    moved = StockMovement.objects.filter(lot=OuterRef("pk")).order_by().values("lot")
    came = moved.filter(to_location=location).annotate(q=Sum("quantity")).values("q")
    left = moved.filter(from_location=location).annotate(q=Sum("quantity")).values("q")
    return (
        Lot.objects.filter(pk__in=StockMovement.objects.filter(to_location=location).values("lot"))
        .annotate(here=Coalesce(Subquery(came), Value(ZERO)) - Coalesce(Subquery(left), Value(ZERO)))
        .exclude(here=0)
        .select_related("material__uom")
        .order_by("material__number", "number")
    )


def movements_of(record: Lot | SerializedUnit) -> QuerySet[StockMovement]:
    """The movements of a lot or unit, newest first."""
    condition = Q(unit=record) if isinstance(record, SerializedUnit) else Q(lot=record)
    return (
        StockMovement.objects.filter(condition)
        .select_related("actor", "uom", "unit", "from_location", "to_location", "reversed_by")
        .order_by("-id")
    )
