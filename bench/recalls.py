"""A drill beside the plain statement that finds the same lots and units."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection

from traceability import services
from traceability.models import Lot, Recall, RecallLine
from traceability.queries.recall_data import lines_digest
from traceability.queries.recall_scope import counted
from traceability.queries.recalls import overview_of

PLAIN = """
CREATE TEMPORARY TABLE plain_reach ON COMMIT DROP AS
WITH RECURSIVE r(kind, id) AS (
  SELECT 1, %s::bigint
  UNION
  SELECT n.kind, n.id FROM r CROSS JOIN LATERAL (
    SELECT CASE WHEN l.child_unit_id IS NULL THEN 1 ELSE 2 END AS kind, coalesce(l.child_unit_id, l.child_lot_id) AS id
    FROM traceability_genealogylink l WHERE r.kind = 1 AND l.parent_lot_id = r.id
    UNION ALL
    SELECT CASE WHEN l.child_unit_id IS NULL THEN 1 ELSE 2 END, coalesce(l.child_unit_id, l.child_lot_id)
    FROM traceability_genealogylink l WHERE r.kind = 2 AND l.parent_unit_id = r.id
  ) n
)
SELECT r.kind, r.id, coalesce(lot.number, u.serial) AS number
FROM r LEFT JOIN traceability_lot lot ON r.kind = 1 AND lot.id = r.id
LEFT JOIN traceability_serializedunit u ON r.kind = 2 AND u.id = r.id
"""
"""The same search as anybody would write it: no reversals, no rights, no quantities; the result is kept."""


def memory() -> float:
    """The most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass
class Taken:
    """What the steps took."""

    figures: list[str] = field(default_factory=list)

    def timed(self, what: str, act: Callable[[], Any]) -> float:
        """Do it, and note the seconds and by how much the process grew."""
        before, began = memory(), time.perf_counter()
        act()
        took = time.perf_counter() - began
        self.figures.append(f"{what:<66}{took:8.1f} s   memory + {memory() - before:6.1f} MB")
        return took


@dataclass
class Drilled:
    """A drill that was traced, decided and digested, and how it compares."""

    drill: Recall
    lines: int
    nodes: int
    ratio: float
    figures: list[str]


def plain_reach(origin: Lot) -> int:
    """Find it by plain SQL; how many lots and units that is."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("DROP TABLE IF EXISTS plain_reach")
        cursor.execute(PLAIN, [origin.pk])
        return int(cursor.rowcount)


def drilled(origin: Lot, head: Any) -> Drilled:
    """Plain statement and drill in turns, inside the caller's transaction; then what people do with the drill."""
    taken = Taken()

    def begun() -> Recall:
        given = {"title": "Bench", "reason": "Bench", "goods": [origin], "actor": head}
        return services.create_recall(site=origin.site, kind="drill", **given)

    drill = begun()
    floors = [taken.timed("plain recursive statement, into a table", lambda: plain_reach(origin))]
    taken.timed("preview of a draft", lambda: counted(drill))
    trace = taken.timed("trace of a drill: found, placed, every line a permanent fact", lambda: traced(drill, head))
    floors.append(taken.timed("plain recursive statement again", lambda: plain_reach(origin)))
    lines = RecallLine.objects.filter(recall=drill).count()
    nodes = overview_of(drill).figures
    cache.clear()
    taken.timed("what its page counts, the first time", lambda: overview_of(drill))
    taken.timed("the same again", lambda: overview_of(drill))
    taken.timed("traced anew, nothing changed", lambda: traced(drill, head))
    assert RecallLine.objects.filter(recall=drill).count() == lines
    taken.timed(
        "every open line decided at once",
        lambda: services.decide_lines(recall=drill, disposition="not_found", note="bench", actor=head),
    )
    taken.timed("digest over all lines, for the signature", lambda: lines_digest(drill))
    floor = sum(floors) / len(floors)
    figures = [*taken.figures, "", f"{lines:,} lines; trace {trace / floor:.2f} × the plain statement (target 1.5)"]
    return Drilled(drill, lines, nodes.lots + nodes.units, trace / floor, figures)


def traced(drill: Recall, head: Any) -> None:
    """Trace it as its job does."""
    services.trace_recall(recall=drill, actor=head)
