"""What PostgreSQL says of inherited holds: how far a hold reaches into what was made of what it holds."""

from __future__ import annotations

from core.trail.services.enforcement import protect_also
from traceability.queries.genealogy import step_sql

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION traceability_hold_reaches(wanted bigint, wanted_lot bigint, wanted_unit bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH RECURSIVE reach(kind, id) AS (
    SELECT o.kind, o.id
    FROM (SELECT CASE WHEN wanted_unit IS NULL THEN 1 ELSE 2 END AS kind, coalesce(wanted_unit, wanted_lot) AS id) o
    WHERE NOT EXISTS (SELECT FROM traceability_hold c
                      WHERE o.kind <> 2 AND c.inherited_from_id = wanted AND c.lot_id = o.id)
    UNION
    SELECT n.kind, n.id FROM reach r CROSS JOIN LATERAL ({step_sql("backward")}) n
    WHERE NOT EXISTS (SELECT FROM traceability_hold c
                      WHERE n.kind <> 2 AND c.inherited_from_id = wanted AND c.lot_id = n.id)
  )
  SELECT EXISTS (SELECT FROM traceability_hold h JOIN reach r
                   ON r.id = coalesce(h.unit_id, h.lot_id) AND (r.kind = 2) = (h.unit_id IS NOT NULL)
                 WHERE h.id = wanted)
$$;
"""


@protect_also
def protect_inheritance(present: set[str]) -> str:
    """SQL by which a hold that a lot inherited stands in the place of the one that it comes from."""
    return FUNCTIONS if {"traceability_hold", "traceability_genealogylink"} <= present else ""
