"""What PostgreSQL keeps of containers, splits and merges, whoever writes.

Only what lies loose leaves a place: of no lot more is packed in a place than lies there. Nothing is in two containers,
and no container is in itself. What is split or merged is neither more nor less afterwards, and stays held.
"""

from __future__ import annotations

from core.trail.services.enforcement import protect_also

DEEPEST = 8
"""Containers in each other, the outermost counted."""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION traceability_txid() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT pg_current_xact_id()::text::bigint
$$;

CREATE OR REPLACE FUNCTION traceability_stays_held(wanted bigint, given_source bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT count(*) > 0 AND bool_and(NOT EXISTS (
           SELECT FROM traceability_hold h WHERE h.lot_id = wanted AND h.status = 'open' AND NOT EXISTS (
             SELECT FROM traceability_hold c WHERE c.inherited_from_id = h.id AND c.lot_id = made.lot_id
               AND c.status = 'open' AND c.quantity IS NULL)))
  FROM (SELECT DISTINCT m.lot_id FROM traceability_stockmovement m
        WHERE m.source_id = given_source AND m.kind IN ('split', 'merge') AND m.to_location_id IS NOT NULL
          AND m.stamped_txid = traceability_txid()) AS made
$$;

CREATE OR REPLACE FUNCTION traceability_transformed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kind_of_source bigint;
BEGIN
  SELECT id INTO kind_of_source FROM django_content_type
    WHERE app_label = 'traceability' AND model = 'transformation';
  IF new.source_type_id IS DISTINCT FROM kind_of_source
     OR NOT EXISTS (SELECT FROM traceability_transformation t
                    WHERE t.id = new.source_id AND t.stamped_txid = traceability_txid()) THEN
    RAISE EXCEPTION 'movement % is of no transformation of this transaction', new.id
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_transformation';
  END IF;
  IF (SELECT sum(m.quantity * CASE WHEN m.to_location_id IS NULL THEN -1 ELSE 1 END)
      FROM traceability_stockmovement m
      WHERE m.source_id = new.source_id AND m.kind IN ('split', 'merge')) <> 0 THEN
    RAISE EXCEPTION 'transformation % makes more or less than it takes', new.source_id
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_conserved';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION traceability_packed(wanted bigint) RETURNS TABLE (place bigint, quantity numeric)
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE inside(id, quantity) AS (
    SELECT e.container_id, sum(e.quantity * CASE e.kind WHEN 'in' THEN 1 ELSE -1 END)
    FROM traceability_containerentry e WHERE e.lot_id = wanted
    GROUP BY e.container_id HAVING sum(e.quantity * CASE e.kind WHEN 'in' THEN 1 ELSE -1 END) <> 0
  ),
  up(depth, id, quantity) AS (
    SELECT 0, i.id, i.quantity FROM inside i
    UNION ALL
    SELECT up.depth + 1, c.parent_id, up.quantity FROM up
    JOIN traceability_container c ON c.id = up.id WHERE c.parent_id IS NOT NULL AND up.depth < 20
  )
  SELECT c.location_id, sum(up.quantity) FROM up JOIN traceability_container c ON c.id = up.id
  WHERE c.location_id IS NOT NULL AND c.status <> 'shipped' GROUP BY c.location_id
$$;

CREATE OR REPLACE FUNCTION traceability_container_of(wanted bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT e.container_id FROM traceability_containerentry e
  JOIN traceability_container c ON c.id = e.container_id AND c.status <> 'shipped'
  WHERE e.unit_id = wanted GROUP BY e.container_id
  HAVING sum(e.quantity * CASE e.kind WHEN 'in' THEN 1 ELSE -1 END) <> 0 LIMIT 1
$$;

CREATE OR REPLACE FUNCTION traceability_check_packed(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  wrong record;
BEGIN
  PERFORM FROM traceability_lot WHERE id = wanted FOR NO KEY UPDATE;
  SELECT p.place, p.quantity INTO wrong FROM traceability_packed(wanted) p
    WHERE p.quantity > (SELECT coalesce(sum(m.quantity * ((m.to_location_id = p.place)::int
                                                        - coalesce((m.from_location_id = p.place)::int, 0))), 0)
                        FROM (SELECT m.quantity, coalesce(m.to_location_id, 0) AS to_location_id, m.from_location_id
                              FROM traceability_stockmovement m WHERE m.lot_id = wanted) m);
  IF FOUND THEN
    RAISE EXCEPTION 'of lot % more is packed in place % than lies there', wanted, wrong.place
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_packed';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION traceability_movement_packed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM traceability_containerentry WHERE lot_id = new.lot_id) THEN
    PERFORM traceability_check_packed(new.lot_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION traceability_entry_packed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT coalesce(sum(e.quantity * CASE e.kind WHEN 'in' THEN 1 ELSE -1 END), 0)
      FROM traceability_containerentry e
      WHERE e.container_id = new.container_id AND e.lot_id IS NOT DISTINCT FROM new.lot_id
        AND e.unit_id IS NOT DISTINCT FROM new.unit_id AND e.child_id IS NOT DISTINCT FROM new.child_id) < 0 THEN
    RAISE EXCEPTION 'more was taken out of container % than was in it', new.container_id
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_entry_less';
  END IF;
  IF new.unit_id IS NOT NULL AND (SELECT sum(e.quantity * CASE e.kind WHEN 'in' THEN 1 ELSE -1 END)
                                  FROM traceability_containerentry e
                                  JOIN traceability_container c ON c.id = e.container_id AND c.status <> 'shipped'
                                  WHERE e.unit_id = new.unit_id) > 1 THEN
    RAISE EXCEPTION 'unit % is in two containers', new.unit_id
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_entry_twice';
  END IF;
  IF new.lot_id IS NOT NULL THEN
    PERFORM traceability_check_packed(new.lot_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION traceability_container_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  above bigint := new.parent_id;
  depth int := 1;
  packed bigint;
BEGIN
  WHILE above IS NOT NULL LOOP
    depth := depth + 1;
    IF above = new.id OR depth > {deepest} THEN
      RAISE EXCEPTION 'container % is in itself, or more than {deepest} are in each other', new.id
        USING ERRCODE = '23514', CONSTRAINT = 'traceability_container_depth';
    END IF;
    SELECT parent_id INTO above FROM traceability_container WHERE id = above;
  END LOOP;
  FOR packed IN
    WITH RECURSIVE down(id, level) AS (
      SELECT new.id, 1
      UNION ALL
      SELECT c.id, down.level + 1 FROM down JOIN traceability_container c ON c.parent_id = down.id
      WHERE down.level < 20
    )
    SELECT DISTINCT e.lot_id FROM traceability_containerentry e JOIN down ON down.id = e.container_id
    WHERE e.lot_id IS NOT NULL ORDER BY 1
  LOOP
    PERFORM traceability_check_packed(packed);
  END LOOP;
  RETURN NULL;
END $$;
""".replace("{deepest}", str(DEEPEST))

LATE = """
DROP TRIGGER IF EXISTS {name} ON {table};
CREATE CONSTRAINT TRIGGER {name} AFTER {events} ON {table} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW {condition} EXECUTE FUNCTION {name}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
"""

TRIGGERS = "".join(
    LATE.format(name=f"traceability_{name}", table=f"traceability_{table}", events=events, condition=condition)
    for name, table, events, condition in (
        ("transformed", "stockmovement", "INSERT", "WHEN (new.kind IN ('split', 'merge'))"),
        ("movement_packed", "stockmovement", "INSERT", "WHEN (new.from_location_id IS NOT NULL)"),
        ("entry_packed", "containerentry", "INSERT", ""),
        ("container_moved", "container", "INSERT OR UPDATE", ""),
    )
)


@protect_also
def protect_packing(present: set[str]) -> str:
    """SQL of what is kept of containers, splits and merges."""
    needed = {"traceability_container", "traceability_containerentry", "traceability_transformation"}
    return FUNCTIONS + TRIGGERS if needed <= present else ""
