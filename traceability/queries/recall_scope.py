"""What a recall reaches and where that is, found by PostgreSQL alone: a hundred thousand rows never come to Python.

Two temporary tables hold it until the end of the transaction: `recall_node`, every lot and unit that the starting ones
went into, and `recall_found`, where the records say that each quantity of them is. These quantities of a lot or unit
add up to what was made or received of it:

    receipts + production + splits and merges into it + what counts found
        = on site + with customers + with the supplier + became another lot + issued + scrapped + what counts missed

What was issued is what it was built into, what was taken out of that and scrapped, and what is in nothing. Movements
that name a unit are told by the unit, all others by the lot.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from traceability.models import Recall, StockRemoval, Transformation
from traceability.queries.genealogy import reach_sql

NODES, FOUND = "recall_node", "recall_found"
FRONT, NEXT = "recall_front", "recall_next"
Counted = Callable[[int], None]
"""Told how many lots and units are found so far."""

_ORIGINS = """origins(origin, kind, id) AS (
  SELECT 0::bigint, CASE WHEN o.unit_id IS NULL THEN 1 ELSE 2 END, coalesce(o.unit_id, o.lot_id)
  FROM traceability_recallorigin o WHERE o.recall_id = %(recall)s
)"""

_LINKED = """
  SELECT CASE WHEN l.child_unit_id IS NULL THEN 1 ELSE 2 END AS kind, coalesce(l.child_unit_id, l.child_lot_id) AS id
  FROM {front} f JOIN traceability_genealogylink l ON l.parent_{what}_id = f.id
  WHERE {kinds} AND l.reverses_id IS NULL AND NOT EXISTS (SELECT FROM taken_back t WHERE t.id = l.id)
"""

# One level of the search: what the newest nodes went into, joined as sets, without what is known. The recursive
# statement that traces use looks up each node by itself; for a handful that is quicker, for a million it is not.
_LEVEL = f"""
WITH taken_back AS MATERIALIZED (
  SELECT x.reverses_id AS id FROM traceability_genealogylink x WHERE x.reverses_id IS NOT NULL
),
reached AS (
  {_LINKED.format(front="{front}", what="lot", kinds="f.kind <> 2")}
  UNION ALL
  {_LINKED.format(front="{front}", what="unit", kinds="f.kind = 2")}
  UNION ALL
  SELECT 2, u.id FROM {{front}} f JOIN traceability_serializedunit u ON u.lot_id = f.id WHERE f.kind = 1
  UNION ALL
  (SELECT DISTINCT 3, u.lot_id FROM {{front}} f JOIN traceability_serializedunit u ON u.id = f.id
   WHERE f.kind = 2 AND u.lot_id IS NOT NULL)
),
fresh AS (INSERT INTO {NODES} SELECT kind, id FROM reached ON CONFLICT DO NOTHING RETURNING kind, id)
INSERT INTO {{beyond}} SELECT kind, id FROM fresh
"""

_FOUND = """
CREATE TEMPORARY TABLE recall_found ON COMMIT DROP AS
WITH taken_back AS MATERIALIZED (
  SELECT x.reverses_id AS id FROM traceability_genealogylink x WHERE x.reverses_id IS NOT NULL
),
lots AS MATERIALIZED (
  SELECT l.id, l.material_id, l.status, m.uom_id
  FROM recall_node n JOIN traceability_lot l ON l.id = n.id JOIN traceability_material m ON m.id = l.material_id
  WHERE n.kind = 1
),
units AS MATERIALIZED (
  SELECT u.id, u.material_id, u.status
  FROM recall_node n JOIN traceability_serializedunit u ON u.id = n.id WHERE n.kind = 2
),
moved AS MATERIALIZED (
  SELECT m.lot_id, m.quantity, m.from_location_id, m.to_location_id, coalesce(r.kind, m.kind) AS kind,
         CASE WHEN r.id IS NULL THEN 1 ELSE -1 END AS way,
         coalesce(t.kind = 'replace', false) AS is_replacement, coalesce(b.kind = 'returned', false) AS is_sent_back
  FROM lots JOIN traceability_stockmovement m ON m.lot_id = lots.id
  LEFT JOIN traceability_stockmovement r ON r.id = m.reverses_id
  LEFT JOIN traceability_transformation t ON t.id = m.source_id AND m.source_type_id = %(transformation)s
  LEFT JOIN traceability_stockremoval b ON b.id = m.source_id AND m.source_type_id = %(removal)s
  WHERE m.unit_id IS NULL
),
flows AS (
  SELECT lot_id,
         coalesce(sum(way * quantity) FILTER (WHERE kind = 'issue'), 0)
           - coalesce(sum(way * quantity) FILTER (WHERE kind = 'return'), 0) AS issued,
         coalesce(sum(way * quantity) FILTER (WHERE kind = 'scrap'), 0) AS scrapped,
         coalesce(sum(CASE WHEN to_location_id IS NULL THEN quantity ELSE -quantity END)
                  FILTER (WHERE kind = 'adjust'), 0) AS missing,
         coalesce(sum(way * quantity) FILTER (
           WHERE kind IN ('split', 'merge') AND (from_location_id IS NOT NULL) = (way = 1)), 0) AS became,
         coalesce(sum(quantity) FILTER (WHERE is_sent_back), 0) AS sent_back,
         coalesce(sum(CASE kind WHEN 'issue' THEN quantity ELSE -quantity END) FILTER (
           WHERE is_replacement AND way = 1 AND kind IN ('issue', 'return')), 0) AS replaced
  FROM moved GROUP BY lot_id
),
places AS (
  SELECT s.lot_id, s.place, sum(s.quantity) AS quantity,
         CASE WHEN p.kind = 'production' AND lots.status = 'released' THEN 'stock' ELSE p.kind END AS kind
  FROM (
    SELECT lot_id, to_location_id AS place, quantity FROM moved WHERE to_location_id IS NOT NULL
    UNION ALL
    SELECT lot_id, from_location_id, -quantity FROM moved WHERE from_location_id IS NOT NULL
  ) s JOIN traceability_storagelocation p ON p.id = s.place JOIN lots ON lots.id = s.lot_id
  GROUP BY s.lot_id, s.place, p.kind, lots.status HAVING sum(s.quantity) <> 0
),
shipped AS (
  SELECT s.id, s.lot_id, s.unit_id, h.customer_id, s.quantity - coalesce(sum(back.quantity), 0) AS quantity
  FROM traceability_shipmentline s
  JOIN traceability_shipment h ON h.id = s.shipment_id AND h.status = 'shipped'
  LEFT JOIN traceability_customerreturn c ON c.line_id = s.id
  LEFT JOIN traceability_stockmovement back ON back.id = c.movement_id
  WHERE (s.unit_id IS NULL AND s.lot_id IN (SELECT id FROM lots)) OR s.unit_id IN (SELECT id FROM units)
  GROUP BY s.id, h.customer_id HAVING s.quantity > coalesce(sum(back.quantity), 0)
),
left_here AS (
  SELECT p.lot_id, min(p.place) AS place, sum(p.quantity) - coalesce(
           (SELECT sum(s.quantity) FROM shipped s WHERE s.lot_id = p.lot_id AND s.unit_id IS NULL), 0)
           - (SELECT f.sent_back FROM flows f WHERE f.lot_id = p.lot_id) AS quantity
  FROM places p WHERE p.kind = 'shipped' GROUP BY p.lot_id
),
-- What a split or merge took of a lot its movements tell. What a replacement took out of a unit, without what stayed or
-- was built in by it, was scrapped unless its movements brought it back.
linked AS (
  SELECT l.parent_lot_id AS lot_id,
         coalesce(sum(l.quantity) FILTER (
           WHERE l.reverses_id IS NULL AND b.id IS NULL AND coalesce(t.kind, 'replace') = 'replace'), 0) AS quantity,
         coalesce(sum(CASE WHEN l.reverses_id IS NULL THEN -l.quantity ELSE l.quantity END)
                  FILTER (WHERE t.kind = 'replace'), 0) AS taken_out,
         bool_and(l.uom_id = lots.uom_id) AS is_comparable
  FROM lots JOIN traceability_genealogylink l ON l.parent_lot_id = lots.id
  LEFT JOIN taken_back b ON b.id = l.id
  LEFT JOIN traceability_transformation t ON t.id = l.source_id AND l.source_type_id = %(transformation)s
  GROUP BY l.parent_lot_id
),
used AS (
  SELECT lots.id AS lot_id, f.lot_id IS NOT NULL AS is_booked, coalesce(f.issued, 0) AS issued,
         coalesce(k.quantity, 0) AS linked, coalesce(k.is_comparable, true) AS is_comparable,
         CASE WHEN NOT coalesce(k.is_comparable, true) THEN
                CASE WHEN k.quantity = 0 AND k.taken_out > 0 THEN greatest(f.issued, 0) ELSE 0 END
              ELSE greatest(0, least(coalesce(k.taken_out, 0) + coalesce(f.replaced, 0),
                                     coalesce(f.issued, 0) - coalesce(k.quantity, 0))) END AS taken_out
  FROM lots LEFT JOIN flows f ON f.lot_id = lots.id LEFT JOIN linked k ON k.lot_id = lots.id
),
of_lots(lot_id, place, line_id, customer_id, location_where, quantity, trouble, settled) AS (
  SELECT lot_id, place, NULL::bigint, NULL::bigint, CASE kind WHEN 'production' THEN 'production' ELSE 'site' END,
         quantity, '', ''
  FROM places WHERE kind NOT IN ('scrap', 'shipped') AND quantity > 0
  UNION ALL
  SELECT lot_id, place, NULL, NULL, 'unknown', -quantity, 'negative', '' FROM places WHERE quantity < 0
  UNION ALL
  SELECT s.lot_id, NULL, s.id, s.customer_id, 'customer', s.quantity, '', '' FROM shipped s WHERE s.unit_id IS NULL
  UNION ALL
  SELECT lot_id, place, NULL, NULL, 'unknown', quantity, 'no_customer', '' FROM left_here WHERE quantity > 0
  UNION ALL
  SELECT lot_id, place, NULL, NULL, 'scrapped', sum(quantity), '', 'scrapped' FROM (
    SELECT lot_id, NULL::bigint AS place, scrapped AS quantity FROM flows WHERE scrapped > 0
    UNION ALL SELECT lot_id, NULL, taken_out FROM used WHERE taken_out > 0
    UNION ALL SELECT lot_id, place, quantity FROM places WHERE kind = 'scrap' AND quantity > 0
  ) s GROUP BY lot_id, place
  UNION ALL
  SELECT lot_id, NULL, NULL, NULL, 'became', became, '', 'became' FROM flows WHERE became > 0
  UNION ALL
  SELECT lot_id, NULL, NULL, NULL, 'supplier', sent_back, '', 'supplier' FROM flows WHERE sent_back > 0
  UNION ALL
  SELECT lot_id, NULL, NULL, NULL, 'unknown', missing, 'missing', '' FROM flows WHERE missing > 0
  UNION ALL
  -- Where nothing was ever booked of a lot, as with genealogies taken over from elsewhere, the links alone tell.
  SELECT lot_id, NULL, NULL, NULL, 'consumed',
         CASE WHEN NOT is_booked THEN linked WHEN is_comparable THEN least(issued, linked) ELSE issued END,
         '', 'consumed'
  FROM used WHERE linked > 0 AND (NOT is_booked OR issued > 0)
  UNION ALL
  SELECT lot_id, NULL, NULL, NULL, 'unknown', issued - linked - taken_out, 'no_child', ''
  FROM used WHERE is_booked AND is_comparable AND issued > linked + taken_out
  UNION ALL
  SELECT lot_id, NULL, NULL, NULL, 'unknown', linked - greatest(issued, 0), 'over_used', ''
  FROM used WHERE is_booked AND is_comparable AND linked > greatest(issued, 0)
),
unit_moved AS (
  SELECT m.unit_id, m.to_location_id AS place, m.quantity
  FROM units JOIN traceability_stockmovement m ON m.unit_id = units.id WHERE m.to_location_id IS NOT NULL
  UNION ALL
  SELECT m.unit_id, m.from_location_id, -m.quantity
  FROM units JOIN traceability_stockmovement m ON m.unit_id = units.id WHERE m.from_location_id IS NOT NULL
),
unit_place AS (
  SELECT unit_id, max(place) AS place FROM (
    SELECT unit_id, place FROM unit_moved GROUP BY unit_id, place HAVING sum(quantity) > 0) f GROUP BY unit_id
),
unit_shipped AS (
  SELECT DISTINCT ON (unit_id) unit_id, id, customer_id FROM shipped WHERE unit_id IS NOT NULL ORDER BY unit_id, id DESC
),
unit_linked AS (
  SELECT DISTINCT l.parent_unit_id AS unit_id
  FROM units JOIN traceability_genealogylink l ON l.parent_unit_id = units.id
  WHERE l.reverses_id IS NULL AND NOT EXISTS (SELECT FROM taken_back t WHERE t.id = l.id)
),
unit_sent_back AS (
  SELECT DISTINCT b.unit_id FROM units JOIN traceability_stockremoval b ON b.unit_id = units.id AND b.kind = 'returned'
),
of_units AS (
  SELECT u.id AS unit_id, u.status, p.id AS place, p.kind, s.id AS line_id, s.customer_id,
         k.unit_id IS NOT NULL AS is_linked, b.unit_id IS NOT NULL AS is_sent_back
  FROM units u
  LEFT JOIN unit_place h ON h.unit_id = u.id
  LEFT JOIN traceability_storagelocation p ON p.id = h.place
  LEFT JOIN unit_shipped s ON s.unit_id = u.id
  LEFT JOIN unit_linked k ON k.unit_id = u.id
  LEFT JOIN unit_sent_back b ON b.unit_id = u.id
),
judged AS (
  SELECT o.*, CASE
    WHEN o.line_id IS NOT NULL THEN 'customer'
    WHEN o.status = 'scrapped' OR o.kind = 'scrap' THEN 'scrapped'
    WHEN o.status = 'consumed' AND o.is_linked THEN 'consumed'
    WHEN o.status = 'consumed' THEN 'no_child'
    WHEN o.kind = 'shipped' AND o.is_sent_back THEN 'supplier'
    WHEN o.kind = 'shipped' THEN 'no_customer'
    WHEN o.kind = 'production' AND o.status <> 'released' THEN 'production'
    WHEN o.kind IS NOT NULL THEN 'site'
    WHEN o.is_linked THEN 'consumed'
    WHEN o.status = 'in_process' THEN 'production'
    ELSE 'no_place' END AS verdict
  FROM of_units o
),
told AS (
  SELECT lot_id, NULL::bigint AS unit_id, location_where AS found_at, place AS location_id, line_id, customer_id,
         quantity, trouble, settled
  FROM of_lots
  UNION ALL
  SELECT NULL, unit_id, CASE WHEN starts_with(verdict, 'no_') THEN 'unknown' ELSE verdict END,
         CASE WHEN verdict IN ('site', 'production', 'no_customer') OR (verdict, kind) = ('scrapped', 'scrap')
              THEN place END,
         line_id, customer_id, 1,
         CASE WHEN starts_with(verdict, 'no_') THEN verdict ELSE '' END,
         CASE WHEN verdict IN ('consumed', 'scrapped', 'supplier') THEN verdict ELSE '' END
  FROM judged
)
SELECT t.lot_id, t.unit_id, coalesce(l.material_id, u.material_id) AS material_id, t.found_at, t.location_id,
       t.line_id, t.customer_id, t.quantity, t.trouble, t.settled
FROM told t LEFT JOIN lots l ON l.id = t.lot_id LEFT JOIN units u ON u.id = t.unit_id
UNION ALL
-- A lot of which nothing is told: its units tell it, it is being made, it was emptied, or nothing was ever booked.
SELECT lots.id, NULL, lots.material_id, e.found_at, NULL, NULL, NULL, 0, e.trouble, e.settled
FROM lots
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM traceability_serializedunit u WHERE u.lot_id = lots.id) AS has_units,
                           EXISTS (SELECT FROM moved WHERE moved.lot_id = lots.id) AS is_booked) k
CROSS JOIN LATERAL (
  SELECT CASE WHEN k.has_units OR lots.status = 'voided' THEN 'none'
              WHEN lots.status = 'in_production' THEN 'production'
              WHEN k.is_booked THEN 'none' ELSE 'unknown' END AS found_at,
         CASE WHEN k.has_units OR k.is_booked OR lots.status IN ('voided', 'in_production') THEN ''
              ELSE 'never_booked' END AS trouble,
         CASE WHEN k.has_units THEN 'units' WHEN lots.status = 'in_production' THEN ''
              WHEN k.is_booked OR lots.status = 'voided' THEN 'empty' ELSE '' END AS settled
) e
WHERE NOT EXISTS (SELECT FROM told WHERE told.lot_id = lots.id)
"""


def _unheard(found: int) -> None:
    """Nobody counts along."""


def read_nodes(recall: Recall, counted: Counted = _unheard) -> int:
    """Fill `recall_node` with everything that the starting lots and units went into, themselves included; how many.

    Level by level, each one set-based statement, until a level brings nothing new.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(f"DROP TABLE IF EXISTS {FOUND}, {NODES}, {FRONT}, {NEXT}")
        for table in (NODES, FRONT, NEXT):
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (kind int, id bigint) ON COMMIT DROP")
        cursor.execute(f"CREATE UNIQUE INDEX ON {NODES} (kind, id)")
        cursor.execute(
            f"WITH {_ORIGINS}, known AS (INSERT INTO {NODES} SELECT kind, id FROM origins RETURNING kind, id)"
            f" INSERT INTO {FRONT} SELECT kind, id FROM known",
            {"recall": recall.pk},
        )
        found, front, beyond = int(cursor.rowcount), FRONT, NEXT
        while True:
            # The planner must know whether to look into an index for a few or to read the tables for a million.
            cursor.execute(f"ANALYZE {front}")
            cursor.execute(_LEVEL.format(front=front, beyond=beyond))
            fresh = int(cursor.rowcount)
            found += fresh
            cursor.execute(f"TRUNCATE {front}")
            front, beyond = beyond, front
            counted(found)
            if not fresh:
                break
        # A lot that only contains an affected unit (kind 3) is a way, not a result: its other pieces are not affected.
        cursor.execute(f"DELETE FROM {NODES} WHERE kind = 3")
        found -= int(cursor.rowcount)
        cursor.execute(f"ANALYZE {NODES}")
    return found


def read_places() -> int:
    """Fill `recall_found` with where the quantities of all nodes are; how many rows."""
    with connection.cursor() as cursor:
        kinds = ContentType.objects.get_for_models(Transformation, StockRemoval)
        cursor.execute(_FOUND, {"transformation": kinds[Transformation].pk, "removal": kinds[StockRemoval].pk})
        count = int(cursor.rowcount)
        cursor.execute(f"ANALYZE {FOUND}")
    return count


PREVIEWED = 10_000
"""Ways that a preview follows; a draft that reaches more is told as one that reaches at least so much."""


def counted(recall: Recall) -> tuple[int, int, bool]:
    """How many lots and units it would reach now, and whether that is all; for the preview of a draft. One statement.

    PostgreSQL follows no further than what is asked for.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE {_ORIGINS}, {reach_sql('forward')},"
            f" followed AS (SELECT kind, id FROM reach LIMIT {PREVIEWED})"
            " SELECT count(DISTINCT id) FILTER (WHERE kind = 1), count(DISTINCT id) FILTER (WHERE kind = 2), count(*)"
            " FROM followed",
            {"recall": recall.pk},
        )
        lots, units, ways = cursor.fetchone()
    return int(lots), int(units), int(ways) < PREVIEWED
