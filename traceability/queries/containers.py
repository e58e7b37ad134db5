"""What is in containers, where they stand, and what stands against taking it from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BigIntegerField, Case, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from traceability.models import Container, ContainerEntry, Lot, RecallLine, SerializedUnit, StorageLocation
from traceability.queries.stock import LotState, states
from traceability.queries.usability import plain

_SIGN = Case(When(kind=ContainerEntry.Kind.PUT_IN, then=F("quantity")), default=-F("quantity"))
_SIGNED = "sum(e.quantity * CASE e.kind WHEN 'in' THEN 1 ELSE -1 END)"

_TREE = f"""
WITH RECURSIVE down(id, level, path) AS (
  SELECT c.id, 0, ARRAY[c.id] FROM traceability_container c WHERE c.id = ANY(%s)
  UNION ALL
  SELECT c.id, down.level + 1, down.path || c.id FROM down JOIN traceability_container c ON c.parent_id = down.id
  WHERE NOT c.id = ANY(down.path)
),
goods AS (
  SELECT e.container_id, e.lot_id, e.unit_id, {_SIGNED} AS quantity
  FROM traceability_containerentry e JOIN down ON down.id = e.container_id
  WHERE e.lot_id IS NOT NULL GROUP BY 1, 2, 3 HAVING {_SIGNED} <> 0
)
SELECT down.path[1], down.id, down.level, goods.lot_id, goods.unit_id, goods.quantity
FROM down LEFT JOIN goods ON goods.container_id = down.id
ORDER BY down.path, goods.lot_id, goods.unit_id
"""

_AROUND = """
WITH RECURSIVE up(id, depth) AS (
  SELECT %s::bigint, 0
  UNION ALL
  SELECT c.parent_id, up.depth + 1 FROM up JOIN traceability_container c ON c.id = up.id
  WHERE c.parent_id IS NOT NULL AND up.depth < 20
)
SELECT id FROM up
"""


@dataclass(frozen=True)
class Packed:
    """A line of what is in a container: a quantity of a lot, one unit of it, or (without a lot) a container itself."""

    container: Container
    level: int
    lot: Lot | None = None
    unit: SerializedUnit | None = None
    quantity: Decimal = Decimal(0)

    @property
    def goods(self) -> Lot | SerializedUnit | Container:
        """What the line names."""
        return self.unit or self.lot or self.container


def _rows(containers: Sequence[int]) -> list[tuple[int, int, int, int | None, int | None, Decimal | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_TREE, [list(containers)])
        return list(cursor.fetchall())


def packed_in(container: Container) -> list[Packed]:
    """All that is in a container, at any depth, in the order of the tree; the container itself is no line of it."""
    rows = _rows([container.pk])
    containers = Container.objects.select_related("site").in_bulk({row[1] for row in rows})
    lots = Lot.objects.select_related("material__uom", "site", "revision").in_bulk({row[3] for row in rows} - {None})
    units = SerializedUnit.objects.in_bulk({row[4] for row in rows} - {None})
    found: list[Packed] = []
    last = container.pk
    for _root, pk, level, lot, unit, quantity in rows:
        if pk != last:
            found.append(Packed(containers[pk], level))
            last = pk
        if lot is not None and quantity is not None:
            found.append(
                Packed(containers[pk], level + 1, lots[lot], units[unit] if unit is not None else None, quantity)
            )
    return found


def goods_in(lines: Iterable[Packed]) -> list[Packed]:
    """The lots and units of these lines, without the containers around them."""
    return [line for line in lines if line.lot is not None]


def is_empty(container: Container) -> bool:
    """Whether nothing is in it, no empty container either."""
    rows = _rows([container.pk])
    return len(rows) == 1 and rows[0][3] is None


def in_container(container: Container, lot: Lot, unit: SerializedUnit | None = None) -> Decimal:
    """How much of a lot (or of one unit) is directly in a container."""
    entries = ContainerEntry.objects.filter(container=container, lot=lot, unit=unit)
    return entries.aggregate(here=Sum(_SIGN))["here"] or Decimal(0)


def outermost(container: Container) -> Container:
    """The container that holds this one and stands in no other; itself where it is in none."""
    if container.parent_id is None:
        return container
    return next(one for one in around(container) if one.parent_id is None)


def place_of(container: Container) -> StorageLocation:
    """Where a container stands: in its own place, or where the outermost container around it stands."""
    place = outermost(container).location
    if place is None:
        raise LookupError("the outermost container stands in a place")
    return place


def containers_here() -> ArraySubquery:
    """An annotation of lines of a recall: the containers in which something of the lot, or the unit, lies here."""
    entries = ContainerEntry.objects.filter(Q(unit=OuterRef("unit")) | Q(lot=OuterRef("lot")))
    named = entries.exclude(container__status__in=("shipped", "emptied")).order_by().values("container__number")
    here = named.annotate(here=Sum(_SIGN)).filter(here__gt=0)
    return ArraySubquery(here.order_by("container__number").values("container__number"))


def in_containers(line: RecallLine) -> str:
    """In which containers it stands here, or with which it left; `line` was read with `containers_here`."""
    if line.shipment_line is not None:
        return str(line.shipment_line.container or "")
    named: list[str] = getattr(line, "containers", []) if line.location_id is not None else []
    return ", ".join(named)


def is_any_held(goods: Sequence[Packed]) -> bool:
    """Whether anything that is packed is on hold, in part or with what went into it; one query."""
    asked = [(line.lot.pk, None if line.unit is None else line.unit.pk) for line in goods if line.lot is not None]
    return any(state.held or state.unit_holds or state.inherited for state in states(asked))


def containers_with(record: Lot | SerializedUnit) -> list[Packed]:
    """The containers in which a lot or unit lies directly, with the quantity; one query and one for the containers."""
    entries = ContainerEntry.objects.filter(**{"lot" if isinstance(record, Lot) else "unit": record}).order_by()
    rows = entries.values_list("container").annotate(here=Sum(_SIGN)).exclude(here=0).order_by("container")
    found = dict(rows)
    if not found:
        return []
    lot = record if isinstance(record, Lot) else record.lot
    unit = record if isinstance(record, SerializedUnit) else None
    known = Container.objects.in_bulk(found)
    return [Packed(known[pk], 0, lot, unit, quantity) for pk, quantity in found.items()]


def in_which_container(units: QuerySet[SerializedUnit]) -> QuerySet[SerializedUnit]:
    """Units with `container_id` and `container_number`, what they are in; None for those in no container."""
    found = Func(F("pk"), function="traceability_container_of", output_field=BigIntegerField())
    number = Container.objects.filter(pk=OuterRef("container_id")).values("number")
    return units.annotate(container_id=found).annotate(container_number=Subquery(number))


def entries_of(container: Container) -> QuerySet[ContainerEntry]:
    """What was put in and taken out, the latest first."""
    entries = ContainerEntry.objects.filter(container=container)
    return entries.select_related("lot__material__uom", "unit", "child", "actor", "location").order_by("-pk")


def packed_blockers(state: LotState, lot: Lot, quantity: Decimal, place: int | None = None) -> Iterator[Blocker]:
    """Whether what is wanted (from a place, or from any) is in a container: only what lies loose can be taken."""
    if state.container is not None:
        container = Container.objects.get(pk=state.container)
        yield Blocker(
            "in_container",
            _("It is in container %(container)s.") % {"container": container},
            record=container,
            remedy=_("Take it out of the container first."),
            remedy_url=container.get_absolute_url(),
        )
        return
    if not state.packed or not _only_packed(state, quantity, place):
        return
    loose = state.loose(place) if place is not None else sum(map(state.loose, state.places), Decimal(0))
    given = {"lot": lot, "loose": plain(loose), "wanted": plain(quantity), "uom": lot.material.uom.symbol}
    containers = containers_with(lot)
    yield Blocker(
        "in_container",
        _("%(loose)s %(uom)s of lot %(lot)s lie loose, the rest is in containers; %(wanted)s are needed.") % given,
        record=containers[0].container if containers else lot,
        remedy=_("Take it out of %(containers)s first.")
        % {"containers": ", ".join(str(one.container) for one in containers[:3])},
        remedy_url=containers[0].container.get_absolute_url() if containers else "",
    )


def _only_packed(state: LotState, quantity: Decimal, place: int | None) -> bool:
    """Whether so much is there, but not loose."""
    if place is not None:
        return state.loose(place) < quantity <= state.places.get(place, Decimal(0))
    loose = [state.loose(one) for one in state.places] or [Decimal(0)]
    enough_somewhere = max(state.places.values(), default=Decimal(0)) >= quantity
    return max(loose) < quantity and (enough_somewhere or sum(loose, Decimal(0)) < quantity <= state.on_hand)


def nesting_blockers(child: Container, into: Container) -> Iterator[Blocker]:
    """Whether a container may stand in another: not in itself, not in what is in it."""
    if child.pk in {one.pk for one in around(into)}:
        yield Blocker(
            "loop",
            _("%(child)s cannot be put into %(into)s: that is in it.") % {"child": child, "into": into},
            record=into,
            remedy=_("Scan the outer container first, then what goes into it."),
        )


def around(container: Container) -> list[Container]:
    """A container and all that it stands in."""
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, [container.pk])
        ids = [row[0] for row in cursor.fetchall()]
    return list(Container.objects.filter(pk__in=ids).select_related("site", "location").order_by("pk"))


def tree_of(container: Container) -> set[int]:
    """The ids of a container and of all containers in it, at any depth."""
    return {row[1] for row in _rows([container.pk])}


def depth_with(child: Container, into: Container) -> int:
    """How many containers would stand in each other."""
    below: int = max(row[2] for row in _rows([child.pk])) + 1
    return below + len(around(into))


def end_blockers(container: Container) -> Iterator[Blocker]:
    """Why the use of a container cannot end: something is in it, or it is in another one."""
    if not is_empty(container):
        yield Blocker(
            "not_empty",
            _("Something is in container %(container)s.") % {"container": container},
            record=container,
            remedy=_("Take it out first."),
            remedy_url=container.get_absolute_url(),
        )
    if container.parent_id is not None:
        yield Blocker(
            "in_container",
            _("Container %(child)s is in %(parent)s.") % {"child": container, "parent": container.parent},
            record=container,
            remedy=_("Take it out first."),
            remedy_url=container.get_absolute_url(),
        )
