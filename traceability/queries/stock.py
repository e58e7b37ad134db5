"""How much there is, where, and how much of it is held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import DecimalField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Least

from core.kernel.clock import now
from core.kernel.prepared import prepared_cursor
from core.kernel.statements import compiled
from core.organization.models import Site
from traceability.models import Hold, Lot, Material, SerializedUnit, StockMovement, StorageLocation, Transformation
from traceability.queries.genealogy import reach_sql

GONE = (StorageLocation.Kind.SCRAP, StorageLocation.Kind.SHIPPED)
"""Places in which nothing is on hand any more."""

LIMITS = ("expires_on", "open_until", "retest_on")
"""Days after which a lot is not used."""

ZERO = Decimal(0)


@dataclass(frozen=True)
class LotState:
    """Stock and holds of one lot (and perhaps of one unit of it) at one moment.

    `inherited` are open holds on a lot or on a unit that went into it, at any depth. A hold on a part of a lot does not
    follow what was used before, for it names pieces that are still there, unless fewer are there than it names. Where
    the goods were split off or merged under a hold, the hold that they inherited stands in its place.
    """

    places: Mapping[int, Decimal]
    held: Decimal
    unit_stock: Decimal = ZERO
    unit_holds: tuple[int, ...] = ()
    inherited: tuple[int, ...] = ()
    packed: Mapping[int, Decimal] = field(default_factory=dict)
    """By place, what of it is in containers that stand there."""
    container: int | None = None
    """The container in which the unit is."""
    is_short: bool = False
    """Whether something was taken out of the unit and not put back."""
    apart: tuple[int, ...] = ()
    """Those of the places that are a quarantine: what is held is looked for there first."""

    def loose(self, place: int) -> Decimal:
        """What of the lot lies in a place outside of containers."""
        return self.places.get(place, ZERO) - self.packed.get(place, ZERO)

    def may_leave(self, place: int) -> Decimal:
        """How much may be taken from a place: out of quarantine only what the holds on parts of the lot leave over."""
        there = self.places.get(place, ZERO)
        if place not in self.apart:
            return there
        put_apart = sum((self.places.get(one, ZERO) for one in self.apart), ZERO)
        return min(there, max(put_apart - self.held, ZERO))

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
  SELECT s.lot_id, s.place, sum(s.quantity) AS quantity, p.kind = 'quarantine' AS apart FROM (
    SELECT m.lot_id, m.to_location_id AS place, m.quantity FROM traceability_stockmovement m
    JOIN lots ON lots.lot_id = m.lot_id WHERE m.to_location_id IS NOT NULL
    UNION ALL
    SELECT m.lot_id, m.from_location_id, -m.quantity FROM traceability_stockmovement m
    JOIN lots ON lots.lot_id = m.lot_id WHERE m.from_location_id IS NOT NULL
  ) s JOIN traceability_storagelocation p ON p.id = s.place AND p.kind NOT IN ('scrap', 'shipped')
  GROUP BY s.lot_id, s.place, p.kind HAVING sum(s.quantity) <> 0
),
stock AS (
  SELECT lot_id, array_agg(place ORDER BY place) AS places, array_agg(quantity ORDER BY place) AS quantities,
         array_agg(place) FILTER (WHERE apart) AS apart
  FROM places GROUP BY lot_id
),
inherited AS (
  SELECT r.origin, array_agg(DISTINCT h.id) AS holds
  FROM traceability_hold h
  LEFT JOIN traceability_serializedunit u ON u.id = h.unit_id
  JOIN reach r ON r.id = coalesce(h.unit_id, h.lot_id) AND (r.kind = 2) = (h.unit_id IS NOT NULL)
  JOIN wanted w ON w.origin = r.origin
  WHERE h.status = 'open'
    AND (h.quantity IS NULL OR traceability_part_held(h.lot_id) > traceability_on_hand(h.lot_id))
    AND (NOT EXISTS (SELECT FROM traceability_hold c WHERE c.inherited_from_id = h.id)
         OR traceability_hold_reaches(h.id, w.lot_id, w.unit_id))
    AND h.lot_id IS DISTINCT FROM w.lot_id
    AND (u.id IS NULL OR (u.id IS DISTINCT FROM w.unit_id
                          AND (w.unit_id IS NOT NULL OR u.lot_id IS DISTINCT FROM w.lot_id)))
  GROUP BY r.origin
)
SELECT coalesce(stock.places, '{{}}'), coalesce(stock.quantities, '{{}}'), traceability_held(w.lot_id),
       CASE WHEN w.unit_id IS NULL THEN 0 ELSE traceability_unit_on_hand(w.unit_id) END,
       ARRAY(SELECT h.id FROM traceability_hold h WHERE h.unit_id = w.unit_id AND h.status = 'open' ORDER BY h.id),
       coalesce(inherited.holds, '{{}}'),
       ARRAY(SELECT ARRAY[p.place, p.quantity] FROM traceability_packed(w.lot_id) p),
       traceability_container_of(w.unit_id), coalesce(stock.apart, '{{}}'),
       EXISTS (
         SELECT FROM traceability_genealogylink g
         LEFT JOIN traceability_lot l ON l.id = g.parent_lot_id
         LEFT JOIN traceability_serializedunit u ON u.id = g.parent_unit_id
         WHERE g.child_unit_id = w.unit_id AND g.source_type_id = %s
         GROUP BY coalesce(l.material_id, u.material_id), g.uom_id
         HAVING sum(CASE WHEN g.reverses_id IS NULL THEN -g.quantity ELSE g.quantity END) > 0
       )
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
        shares = ContentType.objects.get_for_model(Transformation).pk
        cursor.execute(_STATES, [[lot for lot, _ in demands], [unit for _, unit in demands], shares])
        rows = cursor.fetchall()
    return [
        LotState(
            dict(zip(places, quantities, strict=True)),
            held,
            unit_stock,
            tuple(own),
            tuple(inherited),
            {int(place): quantity for place, quantity in packed},
            container,
            is_short,
            tuple(apart),
        )
        for places, quantities, held, unit_stock, own, inherited, packed, container, apart, is_short in rows
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


def part_held(lot: Lot) -> Decimal:
    """How much of a lot the open holds on parts of it cover, without what was split off under them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT traceability_part_held(%s)", [lot.pk])
        [(held,)] = cursor.fetchall()
    return Decimal(held)


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
    return lots_of([material], site, at)


def lots_of(materials: Sequence[Material], site: Site, at: dt.datetime | None = None) -> list[LotChoice]:
    """The same of several materials, in two statements."""
    day = day_at(site, at)
    incoming = StockMovement.objects.filter(lot=OuterRef("pk"))
    lots = list(
        Lot.objects.filter(
            revision_is_usable(day),
            *(Q(**{f"{limit}__isnull": True}) | Q(**{f"{limit}__gte": day}) for limit in LIMITS),
            Exists(incoming),
            material__in=materials,
            material__is_active=True,
            site=site,
            status="released",
        )
        .select_related("material__uom", "revision")
        # PostgreSQL's LEAST passes over what is empty: the day of use, opened or not, whichever comes first.
        .order_by(Least("expires_on", "open_until").asc(nulls_last=True), "pk")
    )
    found = zip(lots, states([(lot.pk, None) for lot in lots]), strict=True)
    return [
        LotChoice(lot, state.available, state.places)
        for lot, state in found
        if state.available > 0 and not state.inherited
    ]


def units_for(material: Material, site: Site, at: dt.datetime | None = None, *, most: int = 50) -> list[SerializedUnit]:
    """The units of a material that may be used at a site, those of the lot that expires first at the front.

    As of lots: never expired, held, short of a component, out of stock or of a revision that is not used any more.
    """
    day = day_at(site, at)
    lots = Lot.objects.filter(
        revision_is_usable(day),
        *(Q(**{f"{limit}__isnull": True}) | Q(**{f"{limit}__gte": day}) for limit in LIMITS),
        material=material,
        material__is_active=True,
        site=site,
    )
    # PostgreSQL asks the cheap conditions first: the ledger of a unit is read only where its lot is in stock.
    in_stock = lots.annotate(here=_ledger("traceability_on_hand")).filter(here__gt=0)
    held = Hold.objects.filter(Q(unit=OuterRef("pk")) | Q(lot=OuterRef("lot"), quantity__isnull=True), status="open")
    units = (
        SerializedUnit.objects.filter(
            ~Exists(held),
            Q(status="released") & ~Q(lot__status="rejected") | Q(status="completed", lot__status="released"),
            lot__in=in_stock.values("pk"),
            material=material,
            site=site,
        )
        .annotate(here=_ledger("traceability_unit_on_hand"))
        .filter(here__gt=0)
        .select_related("lot")
        .order_by(Least("lot__expires_on", "lot__open_until").asc(nulls_last=True), "pk")
    )
    found: list[SerializedUnit] = []
    read = 0
    while len(found) < most:
        batch = list(units[read : read + most])
        told = states([(unit.lot_id or 0, unit.pk) for unit in batch])
        found += [unit for unit, state in zip(batch, told, strict=True) if _is_free(state)]
        read += most
        if len(batch) < most:
            break
    return found[:most]


def _ledger(function: str) -> Func:
    """What is on hand of the row by its movements, as every rule of PostgreSQL counts it."""
    return Func(F("pk"), function=function, output_field=DecimalField(max_digits=18, decimal_places=6))


def _is_free(state: LotState) -> bool:
    """Whether nothing holds the unit, the part of its lot that it may be of, or what went into it."""
    return state.available >= 1 and not (state.unit_holds or state.inherited or state.is_short)


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


def units_in(location: StorageLocation) -> QuerySet[SerializedUnit]:
    """The units that lie in a place by the ledger."""
    moved = StockMovement.objects.filter(unit=OuterRef("pk")).order_by().values("unit")
    came = moved.filter(to_location=location).annotate(q=Sum("quantity")).values("q")
    left = moved.filter(from_location=location).annotate(q=Sum("quantity")).values("q")
    return (
        SerializedUnit.objects.filter(pk__in=StockMovement.objects.filter(to_location=location).values("unit"))
        .annotate(here=Coalesce(Subquery(came), Value(ZERO)) - Coalesce(Subquery(left), Value(ZERO)))
        .exclude(here=0)
        .select_related("material__uom", "lot")
        .order_by("material__number", "serial")
    )


def place_of_unit(unit: SerializedUnit) -> StorageLocation | None:
    """Where a unit lies by the ledger; None where it is not on hand."""
    last = StockMovement.objects.filter(unit=unit).select_related("to_location").order_by("-pk").first()
    place = None if last is None else last.to_location
    return None if place is None or place.kind in GONE else place
