"""What a scope contains, and how far a containment is released; where it lies says `whereabouts`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Count, Exists, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Trim, Upper

from core.kernel.statements import compiled
from core.kernel.wiring import ask
from core.organization.models import Partner, Site
from traceability.models import (
    Containment,
    Hold,
    Lot,
    Material,
    Receipt,
    SerializedUnit,
    StockMovement,
)
from traceability.queries.genealogy import CONTAINER, LOT, UNIT, reach_sql
from traceability.questions import FindScope, ScopeMembers

Kind = Containment.Kind
MADE = (StockMovement.Kind.RECEIPT, StockMovement.Kind.PRODUCE)
"""Movements by which something new of a lot or unit comes to be here."""


@dataclass(frozen=True)
class Goods:
    """Lots held as a whole and units held one by one, by their ids."""

    lots: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.lots or self.units)

    def __or__(self, other: Goods) -> Goods:
        return Goods(self.lots | other.lots, self.units | other.units)

    def __sub__(self, other: Goods) -> Goods:
        return Goods(self.lots - other.lots, self.units - other.units)


@dataclass(frozen=True)
class Scope:
    """What is to be contained, before and after it is a record; `lots` and `units` only of chosen ones."""

    kind: str
    site: Site
    material: Material | None = None
    supplier: Partner | None = None
    supplier_lot: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    record: Model | None = None
    with_descendants: bool = False
    lots: Sequence[Lot] = field(default=())
    units: Sequence[SerializedUnit] = field(default=())


def scope_of(containment: Containment) -> Scope:
    """The scope of a containment. Of chosen lots and units it names none: they have their holds."""
    return Scope(
        kind=containment.kind,
        site=containment.site,
        material=containment.material,
        supplier=containment.supplier,
        supplier_lot=containment.supplier_lot,
        since=containment.since,
        until=containment.until,
        record=containment.scope_record,
        with_descendants=containment.with_descendants,
    )


def scope_record(kind: str, text: str, site: Site, user: Any) -> Model | None:
    """The record of an app above that has this number, as far as the user may see it."""
    found = ask(FindScope(kind, text, site, user))
    return found[0] if found else None


@compiled
def open_containments() -> QuerySet[Containment]:
    """All containments that may still catch something."""
    rows = Containment.objects.filter(status="open").select_related("site", "material", "supplier", "scope_type")
    return rows.order_by("pk")


def members(scope: Scope, among: Goods | None = None, *, is_last: bool = False) -> Goods:
    """What lies in a scope, narrowed to some lots and units; without what it went into (`descendants`)."""
    if scope.kind == Kind.MATERIAL:
        found = _of_material(scope, among)
    elif scope.kind == Kind.SUPPLIER:
        found = of_supplier(scope, among)
    elif scope.kind == Kind.CHOSEN:
        found = Goods(frozenset(lot.pk for lot in scope.lots), frozenset(unit.pk for unit in scope.units))
    else:
        found = _of_record(scope, among, is_last)
    return present(found)


def everything_in(scope: Scope, *, is_last: bool = False) -> Goods:
    """What lies in a scope, and the same goods under other lot numbers; with what it went into where it says so.

    `is_last` as in `ScopeMembers`.
    """
    return following(members(scope, is_last=is_last), with_descendants=scope.with_descendants)


def following(goods: Goods, *, with_descendants: bool) -> Goods:
    """These goods with what is held because they are: what they went into, or only the same goods as other lots."""
    return descendants(goods) if with_descendants else same_goods(goods)


_SAME_GOODS = """
WITH RECURSIVE same(id) AS (
  SELECT unnest(%s::bigint[])
  UNION
  SELECT l.child_lot_id FROM same s JOIN traceability_genealogylink l ON l.parent_lot_id = s.id
  JOIN traceability_lot p ON p.id = l.parent_lot_id
  JOIN traceability_lot c ON c.id = l.child_lot_id AND c.material_id = p.material_id
  WHERE l.reverses_id IS NULL AND (SELECT x.id FROM traceability_genealogylink x WHERE x.reverses_id = l.id) IS NULL
)
SELECT id FROM same
"""


def same_goods(goods: Goods) -> Goods:
    """These goods with the lots of the same material that were made of these lots: split, merged, repacked, reworked.

    Material stays what it was by whatever lot number it goes, so a scope follows it without being told to.
    """
    if not goods.lots:
        return goods
    with connection.cursor() as cursor:
        cursor.execute(_SAME_GOODS, [sorted(goods.lots)])
        lots = frozenset(pk for (pk,) in cursor.fetchall())
    return goods if lots == goods.lots else present(Goods(lots, goods.units))


def _window(scope: Scope, name: str) -> Q:
    wanted = Q()
    if scope.since is not None:
        wanted &= Q(**{f"{name}__gte": scope.since})
    if scope.until is not None:
        wanted &= Q(**{f"{name}__lte": scope.until})
    return wanted


def _of_material(scope: Scope, among: Goods | None) -> Goods:
    """Lots into which something came in the time, and single units that were made or came in it."""
    came = StockMovement.objects.filter(
        _window(scope, "stamped_at"),
        kind__in=MADE,
        lot__site=scope.site,
        lot__material=scope.material,
        reverses__isnull=True,
        reversed_by__isnull=True,
    )
    born = SerializedUnit.history.filter(
        _window(scope, "history_date"), history_type="+", site=scope.site, material=scope.material
    )
    if among is not None:
        came = came.filter(Q(unit__isnull=True, lot__in=among.lots) | Q(unit__in=among.units))
        born = born.filter(id__in=among.units)
    nodes = set(came.order_by().values_list("lot", "unit").distinct())
    units = {unit for _lot, unit in nodes if unit is not None} | set(born.order_by().values_list("id", flat=True))
    return Goods(frozenset(lot for lot, unit in nodes if unit is None), frozenset(units))


def of_supplier(scope: Scope, among: Goods | None = None) -> Goods:
    """Lots with the supplier's number, unless all that is known says that they came from somebody else."""
    lots = Lot.objects.alias(said=Upper(Trim("supplier_lot"))).filter(
        site=scope.site, said=scope.supplier_lot.strip().upper()
    )
    if scope.supplier is not None:
        receipts = Receipt.objects.filter(lot=OuterRef("pk"))
        lots = lots.filter(~Exists(receipts) | Exists(receipts.filter(supplier=scope.supplier)))
    if among is not None:
        lots = lots.filter(pk__in=among.lots)
    return Goods(frozenset(lots.order_by().values_list("pk", flat=True)))


def _of_record(scope: Scope, among: Goods | None, is_last: bool) -> Goods:
    if scope.record is None:
        return Goods()
    lots, units = (None, None) if among is None else (tuple(sorted(among.lots)), tuple(sorted(among.units)))
    made = ask(ScopeMembers(scope.record, scope.since, scope.until, lots, units, is_last))
    return Goods(
        frozenset(one.lot_id for one in made if one.lot_id is not None),
        frozenset(one.unit_id for one in made if one.unit_id is not None),
    )


def present(goods: Goods) -> Goods:
    """Without what is gone for good, and without units that a hold on their whole lot covers."""
    lots = frozenset(
        Lot.objects.filter(pk__in=goods.lots).exclude(status="voided").order_by().values_list("pk", flat=True)
        if goods.lots
        else ()
    )
    if not goods.units:
        return Goods(lots)
    units = SerializedUnit.objects.filter(pk__in=goods.units).exclude(status="scrapped")
    units = units.exclude(Q(lot__isnull=False) & Q(lot__in=lots)) if lots else units
    return Goods(lots, frozenset(units.order_by().values_list("pk", flat=True)))


def descendants(goods: Goods) -> Goods:
    """These lots and units with everything that they went into, at any depth; one statement for the way there."""
    if not goods:
        return goods
    kinds = [LOT] * len(goods.lots) + [UNIT] * len(goods.units)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE origins(origin, kind, id) AS (SELECT 0::bigint, g.kind, g.id"
            " FROM unnest(%s::int[], %s::bigint[]) AS g(kind, id)),"
            f" {reach_sql('forward')} SELECT DISTINCT kind, id FROM reach WHERE kind <> {CONTAINER}",
            [kinds, [*goods.lots, *goods.units]],
        )
        nodes = cursor.fetchall()
    return present(
        Goods(
            frozenset(pk for kind, pk in nodes if kind == LOT),
            frozenset(pk for kind, pk in nodes if kind == UNIT),
        )
    )


def holds_of(containment: Containment) -> QuerySet[Hold]:
    """The holds that a containment placed, in the order in which it did."""
    kind = ContentType.objects.get_for_model(Containment)
    return Hold.objects.filter(source_type=kind, source_id=containment.pk).order_by("pk")


def held_openly(containment: Containment) -> Goods:
    """What its open holds cover now."""
    pairs = list(holds_of(containment).filter(status="open").order_by().values_list("lot", "unit"))
    return Goods(
        frozenset(lot for lot, _unit in pairs if lot is not None),
        frozenset(unit for _lot, unit in pairs if unit is not None),
    )


def catching(parents: Iterable[Lot | SerializedUnit]) -> list[tuple[Containment, Goods]]:
    """Open containments that hold one of these, and which of these each of them holds."""
    containments = open_containments()
    if not containments:
        return []
    lots, units, lots_of_units = set(), set(), set()
    for parent in parents:
        if isinstance(parent, Lot):
            lots.add(parent.pk)
        else:
            units.add(parent.pk)
            lots_of_units.add(parent.lot_id)
    kind = ContentType.objects.get_for_model(Containment)
    holds = Hold.objects.filter(
        Q(lot__in=lots | lots_of_units - {None}) | Q(unit__in=units) | Q(unit__lot__in=lots),
        status="open",
        source_type=kind,
        source_id__in=[one.pk for one in containments],
    ).select_related("unit")
    found: dict[int, list[Hold]] = defaultdict(list)
    for hold in holds:
        found[hold.source_id or 0].append(hold)
    return [
        (
            one,
            Goods(
                frozenset(h.lot_id or (h.unit.lot_id if h.unit else None) or 0 for h in found[one.pk]),
                frozenset(h.unit_id for h in found[one.pk] if h.unit_id is not None),
            ),
        )
        for one in containments
        if found[one.pk]
    ]


def with_progress(containments: QuerySet[Containment]) -> QuerySet[Containment]:
    """Containments with `held` and `still_open`: how many holds each placed, and how many of them are open."""
    kind = ContentType.objects.get_for_model(Containment)
    holds = Hold.objects.filter(source_type=kind, source_id=OuterRef("pk")).order_by().values("source_id")
    return containments.annotate(
        held=Coalesce(Subquery(holds.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        still_open=Coalesce(
            Subquery(holds.filter(status="open").annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
        ),
    )
