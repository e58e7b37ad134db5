"""Where something came from and where it went, at any depth.

A node is a lot or a unit. What was used for a lot without naming a unit may be in any unit of it; so from a unit the
trace also goes through the lot that contains it, yet not into the sister units of that lot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from django.db import connection
from django.db.models import Q

from core.kernel.deeds import Deed
from core.kernel.prepared import prepared_cursor
from traceability.models import Hold, Lot, SerializedUnit

Direction = Literal["backward", "forward"]
LOT, UNIT, CONTAINER = 1, 2, 3

# Whether a link was taken back is asked by a scalar subquery: it is always one look into an index, where NOT EXISTS
# lets the planner read the whole ledger for each step.
_STEP = """
  SELECT CASE WHEN l.{far}_unit_id IS NULL THEN 1 ELSE 2 END AS kind, coalesce(l.{far}_unit_id, l.{far}_lot_id) AS id,
         l.id AS link_id{of_link}
  FROM traceability_genealogylink l
  WHERE r.kind <> 2 AND l.{near}_lot_id = r.id AND l.reverses_id IS NULL
    AND (SELECT x.id FROM traceability_genealogylink x WHERE x.reverses_id = l.id) IS NULL
  UNION ALL
  SELECT CASE WHEN l.{far}_unit_id IS NULL THEN 1 ELSE 2 END, coalesce(l.{far}_unit_id, l.{far}_lot_id), l.id{of_link}
  FROM traceability_genealogylink l
  WHERE r.kind = 2 AND l.{near}_unit_id = r.id AND l.reverses_id IS NULL
    AND (SELECT x.id FROM traceability_genealogylink x WHERE x.reverses_id = l.id) IS NULL
  UNION ALL
  SELECT 2, u.id, NULL{of_none} FROM traceability_serializedunit u WHERE r.kind = 1 AND u.lot_id = r.id
  UNION ALL
  SELECT 3, u.lot_id, NULL{of_none}
  FROM traceability_serializedunit u WHERE r.kind = 2 AND u.id = r.id AND u.lot_id IS NOT NULL
"""

_ENDS: dict[Direction, dict[str, str]] = {
    "backward": {"near": "child", "far": "parent"},
    "forward": {"near": "parent", "far": "child"},
}


def step_sql(direction: Direction, columns: Mapping[str, str] | None = None) -> str:
    """SQL of the neighbours (kind, id, link_id) of the node `r` (kind, id) in a direction.

    `columns` of the link (name and type) are told with it, empty where the step is no link. Without them the step is
    answered by the indexes of the links alone.
    """
    told = (columns or {}).items()
    return _STEP.format(
        **_ENDS[direction],
        of_link="".join(f", l.{name}" for name, _type in told),
        of_none="".join(f", NULL::{kind}" for _name, kind in told),
    )


def reach_sql(direction: Direction, name: str = "reach") -> str:
    """SQL of a recursive `reach(origin, kind, id)`; the origins come from a table expression `origins`."""
    return f"""{name}(origin, kind, id) AS (
  SELECT o.origin, o.kind, o.id FROM origins o
  UNION
  SELECT r.origin, n.kind, n.id FROM {name} r CROSS JOIN LATERAL ({step_sql(direction)}) n
)"""


def node_of(record: Lot | SerializedUnit) -> tuple[int, int]:
    """Kind and id of a lot or unit as a node of the genealogy."""
    return (LOT if isinstance(record, Lot) else UNIT), record.pk


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


def closes_a_loop(links: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> tuple[tuple[int, int], ...] | None:
    """The first of these links (parent and child as nodes) whose parent is made of its child; None where none is.

    One query. The links themselves are in the ledger already, so that they are held against each other too.
    """
    wanted = list(links)
    children = sorted({child for _parent, child in wanted})
    if not children:
        return None
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "WITH RECURSIVE origins(origin, kind, id) AS (SELECT given.n, given.k, given.i"
            " FROM unnest(%s::int[], %s::bigint[]) WITH ORDINALITY AS given(k, i, n)),"
            f" {reach_sql('forward')} SELECT DISTINCT r.origin, r.kind, r.id FROM reach r"
            " JOIN unnest(%s::int[], %s::bigint[]) AS parent(kind, id)"
            " ON parent.id = r.id AND (parent.kind = 2) = (r.kind = 2)",
            [
                [kind for kind, _pk in children],
                [pk for _kind, pk in children],
                [parent[0] for parent, _child in wanted],
                [parent[1] for parent, _child in wanted],
            ],
        )
        met = {(children[origin - 1], (UNIT if kind == UNIT else LOT, pk)) for origin, kind, pk in cursor.fetchall()}
    return next(((parent, child) for parent, child in wanted if (child, parent) in met), None)


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
