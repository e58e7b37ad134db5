"""Where something came from and where it went, at any depth.

A node is a lot or a unit. What was used for a lot without naming a unit may be in any unit of it; so from a unit the
trace also goes through the lot that contains it, yet not into the sister units of that lot.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.db import connection
from django.db.models import Q

from core.kernel.deeds import Deed
from traceability.lifecycle import LOT as LOT_LIFECYCLE
from traceability.lifecycle import SERIALIZED_UNIT
from traceability.models import Hold, Lot, SerializedUnit
from traceability.models.spelling import spelled

Direction = Literal["backward", "forward"]
LOT, UNIT, CONTAINER = 1, 2, 3

# Whether a link was taken back is asked by a scalar subquery: it is always one look into an index, where NOT EXISTS
# lets the planner read the whole ledger for each step.
_STEP = """
  SELECT CASE WHEN l.{far}_unit_id IS NULL THEN 1 ELSE 2 END AS kind, coalesce(l.{far}_unit_id, l.{far}_lot_id) AS id,
         l.id AS link_id
  FROM traceability_genealogylink l
  WHERE r.kind <> 2 AND l.{near}_lot_id = r.id AND l.reverses_id IS NULL
    AND (SELECT x.id FROM traceability_genealogylink x WHERE x.reverses_id = l.id) IS NULL
  UNION ALL
  SELECT CASE WHEN l.{far}_unit_id IS NULL THEN 1 ELSE 2 END, coalesce(l.{far}_unit_id, l.{far}_lot_id), l.id
  FROM traceability_genealogylink l
  WHERE r.kind = 2 AND l.{near}_unit_id = r.id AND l.reverses_id IS NULL
    AND (SELECT x.id FROM traceability_genealogylink x WHERE x.reverses_id = l.id) IS NULL
  UNION ALL
  SELECT 2, u.id, NULL FROM traceability_serializedunit u WHERE r.kind = 1 AND u.lot_id = r.id
  UNION ALL
  SELECT 3, u.lot_id, NULL FROM traceability_serializedunit u WHERE r.kind = 2 AND u.id = r.id AND u.lot_id IS NOT NULL
"""

_ENDS: dict[Direction, dict[str, str]] = {
    "backward": {"near": "child", "far": "parent"},
    "forward": {"near": "parent", "far": "child"},
}


def step_sql(direction: Direction) -> str:
    """SQL of the neighbours (kind, id, link_id) of the node `r` (kind, id) in a direction."""
    return _STEP.format(**_ENDS[direction])


def reach_sql(direction: Direction) -> str:
    """SQL of a recursive `reach(origin, kind, id)`; the origins come from a table expression `origins`."""
    return f"""reach(origin, kind, id) AS (
  SELECT o.origin, o.kind, o.id FROM origins o
  UNION
  SELECT r.origin, n.kind, n.id FROM reach r CROSS JOIN LATERAL ({step_sql(direction)}) n
)"""


def node_of(record: Lot | SerializedUnit) -> tuple[int, int]:
    """Kind and id of a lot or unit as a node of the genealogy."""
    return (LOT if isinstance(record, Lot) else UNIT), record.pk


@dataclass(frozen=True)
class TraceRow:
    """One step of a trace: what was found, how deep, how much of it, and where that was recorded.

    `relation` is "used" (a genealogy link), "unit" (a unit of the lot above) or "container" (the lot that contains the
    unit above). `repeated` says that what lies beyond was shown at an earlier row.
    """

    level: int
    relation: Literal["used", "unit", "container"]
    lot_id: int | None
    unit_id: int | None
    number: str
    material_id: int
    material: str
    site_id: int
    status: str
    expires_on: dt.date | None
    quantity: Decimal | None
    uom: str
    source_label: str
    at: dt.datetime | None
    link_id: int | None
    parent: tuple[int, int]
    repeated: bool
    holds: int

    @property
    def dots(self) -> str:
        """The depth as it is printed before the level."""
        return "· " * (self.level - 1)

    @property
    def state_label(self) -> str:
        """The state in words."""
        lifecycle = LOT_LIFECYCLE if self.lot_id is not None else SERIALIZED_UNIT
        return str(lifecycle.state(self.status).label)

    @property
    def node(self) -> tuple[int, int]:
        """Kind and id of the node."""
        return (LOT, self.lot_id) if self.lot_id is not None else (UNIT, self.unit_id or 0)


# OFFSET 0 keeps each look-up a look into an index: without it the planner may read all lots for each step.
_TRACE = """
WITH RECURSIVE origins(origin, kind, id) AS (VALUES (0::bigint, %(kind)s::int, %(id)s::bigint)),
{reach}
SELECT r.kind, r.id, n.kind, n.id, n.link_id, l.quantity, l.code, l.pint_unit, l.source_label, l.stamped_at,
       found.number, found.material_id, found.material_number || ' ' || found.material_name, found.site_id,
       found.status, found.expires_on, found.holds
FROM reach r
CROSS JOIN LATERAL ({step}) n
LEFT JOIN LATERAL (
  SELECT x.quantity, uom.code, uom.pint_unit, x.source_label, x.stamped_at
  FROM traceability_genealogylink x JOIN traceability_unitofmeasure uom ON uom.id = x.uom_id
  WHERE x.id = n.link_id OFFSET 0
) l ON true
CROSS JOIN LATERAL (
  SELECT lot.number, lot.material_id, m.number AS material_number, m.name AS material_name, lot.site_id, lot.status,
         lot.expires_on,
         (SELECT count(*) FROM traceability_hold h WHERE h.status = 'open' AND h.lot_id = lot.id) AS holds
  FROM traceability_lot lot JOIN traceability_material m ON m.id = lot.material_id WHERE n.kind <> 2 AND lot.id = n.id
  UNION ALL
  SELECT unit.serial, unit.material_id, m.number, m.name, unit.site_id, unit.status, NULL,
         (SELECT count(*) FROM traceability_hold h WHERE h.status = 'open' AND h.unit_id = unit.id)
  FROM traceability_serializedunit unit JOIN traceability_material m ON m.id = unit.material_id
  WHERE n.kind = 2 AND unit.id = n.id
  OFFSET 0
) found
ORDER BY n.kind, found.material_number, found.number, n.link_id
"""


def trace(record: Lot | SerializedUnit, direction: Direction) -> list[TraceRow]:
    """Everything that went into a lot or unit ("backward"), or that it went into ("forward"), depth first.

    One query at any depth. Each node is opened once, at its smallest level; loops end where they close.
    """
    sql = _TRACE.format(reach=reach_sql(direction), step=step_sql(direction))
    kind, pk = node_of(record)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"kind": kind, "id": pk})
        found = cursor.fetchall()
    steps: dict[tuple[int, int], list[tuple[object, ...]]] = defaultdict(list)
    for row in found:
        steps[row[0], row[1]].append(row[2:])
    return list(_in_depth_order((kind, pk), steps))


def _in_depth_order(
    start: tuple[int, int], steps: dict[tuple[int, int], list[tuple[object, ...]]]
) -> Iterable[TraceRow]:
    levels = _levels(start, steps)
    opened = {start}
    # A stack instead of recursion: genealogies of process plants may be thousands of steps deep.
    stack = [(start, step) for step in reversed(_visible(start, start, steps))]
    while stack:
        above, step = stack.pop()
        node = (int(step[0]), int(step[1]))  # type: ignore[call-overload]
        opens = node not in opened and levels[node] == levels[above] + 1
        yield _row(levels[above] + 1, above, step, repeated=not opens and bool(_visible(node, above, steps)))
        if opens:
            opened.add(node)
            stack += [(node, below) for below in reversed(_visible(node, above, steps))]


def _visible(
    node: tuple[int, int], above: tuple[int, int], steps: dict[tuple[int, int], list[tuple[object, ...]]]
) -> list[tuple[object, ...]]:
    """Steps beyond a node without those that lead back to the lot whose unit it is."""
    return [
        step
        for step in steps.get(node, ())
        if not (step[0] == CONTAINER and above[0] in (LOT, CONTAINER) and step[1] == above[1])
    ]


def _levels(
    start: tuple[int, int], steps: dict[tuple[int, int], list[tuple[object, ...]]]
) -> dict[tuple[int, int], int]:
    levels = {start: 0}
    wave: Sequence[tuple[int, int]] = [start]
    while wave:
        following = []
        for node in wave:
            for step in steps.get(node, ()):
                beyond = (int(step[0]), int(step[1]))  # type: ignore[call-overload]
                if beyond not in levels:
                    levels[beyond] = levels[node] + 1
                    following.append(beyond)
        wave = following
    return levels


def _row(level: int, above: tuple[int, int], step: tuple[object, ...], *, repeated: bool) -> TraceRow:
    kind, pk, link_id, quantity, code, physical, source, at, *found = step
    number, material_id, material, site_id, status, expiry, holds = found
    return TraceRow(
        level=level,
        relation="used" if link_id is not None else "unit" if kind == UNIT else "container",
        lot_id=pk if kind != UNIT else None,  # type: ignore[arg-type]
        unit_id=pk if kind == UNIT else None,  # type: ignore[arg-type]
        number=str(number),
        material_id=material_id,  # type: ignore[arg-type]
        material=str(material),
        site_id=site_id,  # type: ignore[arg-type]
        status=str(status),
        expires_on=expiry,  # type: ignore[arg-type]
        quantity=quantity,  # type: ignore[arg-type]
        uom=spelled(str(physical or "")) or str(code or ""),
        source_label=str(source or ""),
        at=at,  # type: ignore[arg-type]
        link_id=link_id,  # type: ignore[arg-type]
        parent=(LOT if above[0] == CONTAINER else above[0], above[1]),
        repeated=repeated,
        holds=holds,  # type: ignore[arg-type]
    )


def reached(record: Lot | SerializedUnit, direction: Direction) -> tuple[set[int], set[int]]:
    """The ids of all lots and of all units in a direction, the record itself included."""
    kind, pk = node_of(record)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE origins(origin, kind, id) AS (VALUES (0::bigint, %s::int, %s::bigint)),"
            f" {reach_sql(direction)} SELECT DISTINCT kind, id FROM reach",
            [kind, pk],
        )
        nodes = cursor.fetchall()
    return {pk for kind, pk in nodes if kind != UNIT}, {pk for kind, pk in nodes if kind == UNIT}


def went_into(record: Lot | SerializedUnit, deed: Deed) -> tuple[set[int], set[int]]:
    """The ids of all lots and units that went into a record, itself included; read once for all guards of a deed."""
    return deed.once(("went into", node_of(record)), lambda: reached(record, "backward"))


def holds_within(record: Lot | SerializedUnit, deed: Deed) -> list[Hold]:
    """Every hold, open or lifted, on a record and on what went into it; read once for all guards of a deed."""

    def read() -> list[Hold]:
        lots, units = went_into(record, deed)
        found = Hold.objects.filter(Q(lot__in=lots) | Q(unit__in=units))
        return list(found.select_related("lot", "unit").order_by("pk"))

    return deed.once(("holds within", node_of(record)), read)


@dataclass(frozen=True)
class Used:
    """Everything of one lot or unit in a trace, added up over its links."""

    row: TraceRow
    quantity: Decimal
    times: int


def added_up(rows: Iterable[TraceRow]) -> list[Used]:
    """The links of a trace, one line per lot or unit, in order of first appearance."""
    totals: dict[tuple[tuple[int, int], str], list[TraceRow]] = defaultdict(list)
    for row in rows:
        if row.relation == "used":
            totals[row.node, row.uom].append(row)
    return [
        Used(same[0], sum(({r.link_id: r.quantity or Decimal(0) for r in same}).values(), Decimal(0)), len(same))
        for same in totals.values()
    ]
