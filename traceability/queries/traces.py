"""A trace as people read it: level by level, backward, forward or both, as far as its reader may see.

What lies at a site that the reader may not see is left out, and neither counted nor numbered: what follows it stands
one level below what precedes it, and says that something between is not shown.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

from django.db import connection

from core.kernel.prepared import prepared_cursor
from traceability.lifecycle import LOT as LOT_LIFECYCLE
from traceability.lifecycle import SERIALIZED_UNIT
from traceability.models import Lot, SerializedUnit
from traceability.models.spelling import spelled
from traceability.queries.genealogy import CONTAINER, LOT, UNIT, Direction, node_of, reach_sql, step_sql

Sides = Literal["backward", "forward", "both"]
Node = tuple[int, int]

DIRECTIONS: dict[Sides, tuple[Direction, ...]] = {
    "backward": ("backward",),
    "forward": ("forward",),
    "both": ("backward", "forward"),
}


@dataclass(frozen=True)
class TraceRow:
    """One step of a trace: what was found, how deep, how much of it, and where that was recorded.

    `relation` is "used" (a genealogy link), "unit" (a unit of the lot above) or "container" (the lot that contains the
    unit above). `repeated` says that what lies beyond is shown at another row, where it is reached in fewer levels.
    `skips` says that between the row above and this one stands something that is not shown.
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
    parent: Node
    repeated: bool
    holds: int
    material_number: str
    direction: Direction
    skips: bool

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
    def node(self) -> Node:
        """Kind and id of the node."""
        return (LOT, self.lot_id) if self.lot_id is not None else (UNIT, self.unit_id or 0)


class Step(NamedTuple):
    """One step as it is read: from a node to the next one in a direction."""

    direction: Direction
    near_kind: int
    near_id: int
    kind: int
    id: int
    link_id: int | None
    quantity: Decimal | None
    code: str | None
    physical: str | None
    source: str | None
    at: dt.datetime | None
    link_site: int | None
    number: str
    material_id: int
    material_number: str
    material_name: str
    site_id: int
    status: str
    expires_on: dt.date | None
    holds: int

    @property
    def near(self) -> Node:
        """The node that the step leaves."""
        return self.near_kind, self.near_id

    @property
    def far(self) -> Node:
        """The node that it reaches."""
        return self.kind, self.id


Steps = dict[Node, list[Step]]

_OF_LINK = {
    "quantity": "numeric",
    "uom_id": "bigint",
    "source_label": "text",
    "stamped_at": "timestamptz",
    "site_id": "bigint",
}
"""What a trace tells of a link."""

# OFFSET 0 keeps each look-up a look into an index: without it the planner may read all lots for each step.
_FOUND = """
SELECT '{direction}' AS direction, r.kind AS near_kind, r.id AS near_id, n.kind, n.id, n.link_id, n.quantity, uom.code,
       uom.pint_unit, n.source_label, n.stamped_at, n.site_id AS link_site, found.number, found.material_id,
       found.material_number, found.material_name, found.site_id, found.status, found.expires_on, found.holds
FROM {reached} r
CROSS JOIN LATERAL ({step}) n
LEFT JOIN traceability_unitofmeasure uom ON uom.id = n.uom_id
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
"""

# What the reader may not see takes no level of its own, so that a limit tells nothing about it.
_REACH_TO_DEPTH = """{name}(kind, id, depth) AS (
  SELECT o.kind, o.id, 0 FROM origins o
  UNION
  SELECT n.kind, n.id, r.depth + CASE WHEN (SELECT g.sites FROM given g) IS NULL THEN 1 ELSE
    (coalesce(CASE WHEN n.kind = 2 THEN (SELECT u.site_id FROM traceability_serializedunit u WHERE u.id = n.id)
                   ELSE (SELECT lot.site_id FROM traceability_lot lot WHERE lot.id = n.id) END
              = ANY ((SELECT g.sites FROM given g)::bigint[]), false))::int END
  FROM {name} r CROSS JOIN LATERAL ({step}) n WHERE r.depth < (SELECT g.depth FROM given g)
)"""


@cache
def _sql(directions: tuple[Direction, ...], *, limited: bool) -> str:
    """The statement; its values are the sites, the depth, the kind and the id of where it begins."""
    reaches, found = [], []
    for direction in directions:
        name = f"reach_{direction}"
        if limited:
            reaches.append(_REACH_TO_DEPTH.format(name=name, step=step_sql(direction)))
            reached = f"(SELECT DISTINCT kind, id FROM {name} WHERE depth < (SELECT g.depth FROM given g))"
        else:
            reaches.append(reach_sql(direction, name))
            reached = name
        found.append(_FOUND.format(direction=direction, reached=reached, step=step_sql(direction, _OF_LINK)))
    return (
        "WITH RECURSIVE given(sites, depth) AS (VALUES (%s::bigint[], %s::int)),"
        " origins(origin, kind, id) AS (VALUES (0::bigint, %s::int, %s::bigint)), "
        + ", ".join(reaches)
        + " UNION ALL ".join(found)
        + " ORDER BY direction, kind, material_number, number, link_id"
    )


@dataclass(frozen=True)
class Trace:
    """A trace as its reader may see it; `is_partial` says that a part of it lies where they may not look."""

    rows: list[TraceRow]
    is_partial: bool = False


def trace(record: Lot | SerializedUnit, direction: Sides) -> list[TraceRow]:
    """Everything that went into a lot or unit ("backward"), or that it went into ("forward"), or both, depth first."""
    return trace_for(record, direction).rows


def trace_for(
    record: Lot | SerializedUnit,
    direction: Sides,
    *,
    depth: int | None = None,
    sites: Collection[int] | None = None,
) -> Trace:
    """The trace of a lot or unit down to a level (None: any depth), as whoever may see these sites sees it (None: all).

    One statement at any depth and in both directions. Each node is opened once, at its smallest level; loops end where
    they close. With a limit each step of the search looks up where it stands, and a node may be met once a level.
    """
    start = node_of(record)
    directions = DIRECTIONS[direction]
    given = [None if sites is None else sorted(sites), depth, *start]
    with prepared_cursor(connection) as cursor:
        cursor.execute(_sql(directions, limited=depth is not None), given)
        found = [Step(*row) for row in cursor.fetchall()]
    rows: list[TraceRow] = []
    for side in directions:
        steps: Steps = defaultdict(list)
        for step in found:
            if step.direction == side:
                steps[step.near].append(step)
        rows += _in_depth_order(start, steps, sites)
    return Trace(rows, sites is not None and any(step.site_id not in sites for step in found))


def _in_depth_order(start: Node, steps: Steps, sites: Collection[int] | None) -> Iterator[TraceRow]:
    levels = _levels(start, steps, sites)
    opened = {start}
    # A stack instead of recursion: genealogies of process plants may be thousands of steps deep. With each step stands
    # the node that it leaves, the last one shown on the way, and whether something between is not shown.
    stack = [(start, start, False, step) for step in reversed(_beyond(start, start, steps))]
    while stack:
        above, shown, skips, step = stack.pop()
        node, is_shown = step.far, sites is None or step.site_id in sites
        level = levels[above] + is_shown
        opens = node not in opened and levels[node] == level
        beyond = _beyond(node, above, steps)
        if is_shown:
            is_told = step.link_site is None or sites is None or step.link_site in sites
            yield _row(level, shown, step, repeated=not opens and bool(beyond), skips=skips, is_told=is_told)
        if opens:
            opened.add(node)
            below = (node, False) if is_shown else (shown, True)
            stack += [(node, *below, following) for following in reversed(beyond)]


def _beyond(node: Node, above: Node, steps: Steps) -> list[Step]:
    """Steps beyond a node without those that lead back to the lot whose unit it is."""
    return [
        step
        for step in steps.get(node, ())
        if not (step.kind == CONTAINER and above[0] in (LOT, CONTAINER) and step.id == above[1])
    ]


def _levels(start: Node, steps: Steps, sites: Collection[int] | None) -> dict[Node, int]:
    """The smallest level of each node; what is not shown takes none."""
    levels = {start: 0}
    waiting, done = deque([start]), set()
    while waiting:
        node = waiting.popleft()
        if node in done:
            continue
        done.add(node)
        for step in steps.get(node, ()):
            is_shown = sites is None or step.site_id in sites
            level = levels[node] + is_shown
            if step.far not in levels or level < levels[step.far]:
                levels[step.far] = level
                if is_shown:
                    waiting.append(step.far)
                else:
                    waiting.appendleft(step.far)
    return levels


def _row(level: int, shown: Node, step: Step, *, repeated: bool, skips: bool, is_told: bool) -> TraceRow:
    """The row of a step; of a link at a site that the reader may not see no more than that it is there."""
    return TraceRow(
        level=level,
        relation="used" if step.link_id is not None else "unit" if step.kind == UNIT else "container",
        lot_id=step.id if step.kind != UNIT else None,
        unit_id=step.id if step.kind == UNIT else None,
        number=step.number,
        material_id=step.material_id,
        material=f"{step.material_number} {step.material_name}",
        site_id=step.site_id,
        status=step.status,
        expires_on=step.expires_on,
        quantity=step.quantity if is_told else None,
        uom=(spelled(step.physical or "") or step.code or "") if is_told else "",
        source_label=(step.source or "") if is_told else "",
        at=step.at if is_told else None,
        link_id=step.link_id if is_told else None,
        parent=(LOT if shown[0] == CONTAINER else shown[0], shown[1]),
        repeated=repeated,
        holds=step.holds,
        material_number=step.material_number,
        direction=step.direction,
        skips=skips or not is_told,
    )


@dataclass(frozen=True)
class Wanted:
    """Which rows of a trace are asked for. Nothing set: all of them.

    `since` and `until` (both inclusive) are about the moment at which a use was recorded. A unit of a lot, and the lot
    that contains a unit, have no such moment of their own: they stand with the row that they belong to.
    """

    material: str = ""
    site: int | None = None
    status: str = ""
    level: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def fits(self, row: TraceRow) -> bool:
        """Whether the row is asked for, its time apart."""
        return (
            (not self.material or row.material_number == self.material)
            and (self.site is None or row.site_id == self.site)
            and (not self.status or row.status == self.status)
            and (self.level is None or row.level == self.level)
        )

    def covers(self, at: dt.datetime) -> bool:
        """Whether the moment is asked for."""
        return (self.since is None or self.since <= at) and (self.until is None or at <= self.until)


def chosen(rows: Sequence[TraceRow], wanted: Wanted) -> list[TraceRow]:
    """The rows that are asked for, each under the nearest one above it that is asked for too.

    What is left out does not cut the way to what lies beyond it: levels stay, and `skips` marks the gap.
    """
    found: list[TraceRow] = []
    in_time = _in_time(rows, wanted)
    # Of the rows above the present one: its level, the last row kept up to it, and whether rows follow that one.
    way: list[tuple[int, Node, bool]] = []
    for row, fits_time in zip(rows, in_time, strict=True):
        while way and way[-1][0] >= row.level:
            way.pop()
        if fits_time and wanted.fits(row):
            found.append(replace(row, parent=way[-1][1], skips=row.skips or way[-1][2]) if way else row)
            way.append((row.level, row.node, False))
        else:
            way.append((row.level, way[-1][1] if way else row.parent, True))
    return found


def _in_time(rows: Sequence[TraceRow], wanted: Wanted) -> list[bool]:
    if wanted.since is None and wanted.until is None:
        return [True] * len(rows)
    reached: set[tuple[Direction, Node]] = set()
    dated: set[tuple[Direction, Node]] = set()
    for row in rows:
        if row.at is not None:
            dated.add((row.direction, row.node))
            if wanted.covers(row.at):
                reached.add((row.direction, row.node))
    found = []
    for row in rows:
        above = (row.direction, row.parent)
        found.append(wanted.covers(row.at) if row.at is not None else above not in dated or above in reached)
    return found


@dataclass(frozen=True)
class Used:
    """Everything of one lot or unit in a trace, added up over its links."""

    row: TraceRow
    quantity: Decimal
    times: int


def added_up(rows: Iterable[TraceRow]) -> list[Used]:
    """The links of a trace, one line per direction, lot or unit, and unit of measure, in order of first appearance."""
    totals: dict[tuple[Direction, Node, str], list[TraceRow]] = defaultdict(list)
    for row in rows:
        if row.link_id is not None:
            totals[row.direction, row.node, row.uom].append(row)
    return [
        Used(same[0], sum(({r.link_id: r.quantity or Decimal(0) for r in same}).values(), Decimal(0)), len(same))
        for same in totals.values()
    ]
