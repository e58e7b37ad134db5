"""Guarantee 4 in PostgreSQL: no movement or consumption of a quantity under an open hold (docs/architecture.md §4).

Who moves stock out of a lot and who places a hold on it both lock the lot's row first, so the later one sees what the
earlier one did. Below `read committed` a transaction reads each statement anew; above it, it would keep reading the
world before the hold, so such transactions may not move stock at all.
"""

from __future__ import annotations

from core.trail.services.enforcement import protect_also

FUNCTIONS = """
CREATE OR REPLACE FUNCTION traceability_on_hand(wanted bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(m.quantity * ((t.kind IS NOT NULL AND t.kind NOT IN ('scrap', 'shipped'))::int
                                  - (f.kind IS NOT NULL AND f.kind NOT IN ('scrap', 'shipped'))::int)), 0)
  FROM traceability_stockmovement m
  LEFT JOIN traceability_storagelocation f ON f.id = m.from_location_id
  LEFT JOIN traceability_storagelocation t ON t.id = m.to_location_id
  WHERE m.lot_id = wanted
$$;

CREATE OR REPLACE FUNCTION traceability_unit_on_hand(wanted bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(m.quantity * ((t.kind IS NOT NULL AND t.kind NOT IN ('scrap', 'shipped'))::int
                                  - (f.kind IS NOT NULL AND f.kind NOT IN ('scrap', 'shipped'))::int)), 0)
  FROM traceability_stockmovement m
  LEFT JOIN traceability_storagelocation f ON f.id = m.from_location_id
  LEFT JOIN traceability_storagelocation t ON t.id = m.to_location_id
  WHERE m.unit_id = wanted
$$;

-- What was split off or merged under holds on a part is held where it is now. As much less is held here, unless one
-- of these holds was released since: then those that are left may be about pieces that are still here.
CREATE OR REPLACE FUNCTION traceability_passed_on(wanted bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(greatest(left_it.quantity - under.decided, 0)), 0)
  FROM (SELECT m.source_type_id, m.source_id, sum(m.quantity) AS quantity FROM traceability_stockmovement m
        WHERE m.lot_id = wanted AND m.kind IN ('split', 'merge') AND m.from_location_id IS NOT NULL
          AND m.reverses_id IS NULL
          AND NOT EXISTS (SELECT FROM traceability_stockmovement r WHERE r.reverses_id = m.id)
        GROUP BY m.source_type_id, m.source_id) left_it
  CROSS JOIN LATERAL (
    SELECT sum(CASE WHEN p.status = 'open' THEN 0 ELSE coalesce(p.quantity, 'infinity') END) AS decided
    FROM traceability_hold p WHERE p.lot_id = wanted AND EXISTS (
      SELECT FROM traceability_hold c JOIN traceability_stockmovement m
        ON m.lot_id = c.lot_id AND m.source_type_id = left_it.source_type_id AND m.source_id = left_it.source_id
      WHERE c.inherited_from_id = p.id)
  ) under
  WHERE under.decided IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION traceability_part_held(wanted bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT CASE WHEN sum(h.quantity) > 0
                          THEN greatest(sum(h.quantity) - traceability_passed_on(wanted), 0) END
                   FROM traceability_hold h
                   WHERE h.lot_id = wanted AND h.status = 'open' AND h.quantity IS NOT NULL), 0)
$$;

CREATE OR REPLACE FUNCTION traceability_held(wanted bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM traceability_hold h
                           WHERE h.lot_id = wanted AND h.status = 'open' AND h.quantity IS NULL)
              THEN 'infinity' ELSE traceability_part_held(wanted) END
       + (SELECT count(*) FROM traceability_serializedunit u
          WHERE u.lot_id = wanted
            AND EXISTS (SELECT FROM traceability_hold h WHERE h.unit_id = u.id AND h.status = 'open')
            AND traceability_unit_on_hand(u.id) > 0)
$$;

CREATE OR REPLACE FUNCTION traceability_lock(wanted_lot bigint, wanted_unit bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'stock moves only at isolation level read committed, not %',
      current_setting('transaction_isolation') USING ERRCODE = '25001';
  END IF;
  PERFORM FROM traceability_lot WHERE id = wanted_lot FOR NO KEY UPDATE;
  PERFORM FROM traceability_serializedunit WHERE id = wanted_unit FOR NO KEY UPDATE;
END $$;

CREATE OR REPLACE FUNCTION traceability_refuse_strange_unit(wanted_lot bigint, wanted_unit bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF wanted_lot IS NOT NULL AND EXISTS (SELECT FROM traceability_serializedunit u
                                        WHERE u.id = wanted_unit AND u.lot_id IS DISTINCT FROM wanted_lot) THEN
    RAISE EXCEPTION 'unit % is not of lot %', wanted_unit, wanted_lot
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_unit_of_lot';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION traceability_refuse_held_unit(wanted_lot bigint, wanted_unit bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM traceability_hold WHERE unit_id = wanted_unit AND status = 'open') THEN
    RAISE EXCEPTION 'unit % is on hold', wanted_unit USING ERRCODE = '23514', CONSTRAINT = 'traceability_hold';
  END IF;
  IF EXISTS (SELECT FROM traceability_hold h JOIN traceability_serializedunit u ON u.lot_id = h.lot_id
             WHERE u.id = wanted_unit AND h.status = 'open' AND h.quantity IS NULL) THEN
    RAISE EXCEPTION 'the lot of unit % is on hold', wanted_unit
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_hold';
  END IF;
  PERFORM traceability_refuse_strange_unit(wanted_lot, wanted_unit);
END $$;

CREATE OR REPLACE FUNCTION traceability_movement_held() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  free numeric;
BEGIN
  IF new.uom_id IS DISTINCT FROM (SELECT m.uom_id FROM traceability_lot l
                                  JOIN traceability_material m ON m.id = l.material_id WHERE l.id = new.lot_id) THEN
    RAISE EXCEPTION 'a movement of lot % must be in the unit of measure of its material', new.lot_id
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_movement_uom';
  END IF;
  IF new.reverses_id IS NOT NULL AND EXISTS (
       SELECT FROM traceability_stockmovement m JOIN django_content_type t ON t.id = m.source_type_id
       WHERE m.id = new.reverses_id AND t.app_label = 'traceability' AND t.model = 'stockremoval') THEN
    RAISE EXCEPTION 'what movement % took away by a signed decision does not come back', new.reverses_id
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_removed';
  END IF;
  -- What comes in, or comes back from a customer, takes nothing that is held.
  IF new.from_location_id IS NULL
     OR (SELECT kind FROM traceability_storagelocation WHERE id = new.from_location_id) = 'shipped' THEN
    RETURN NULL;
  END IF;
  PERFORM traceability_lock(new.lot_id, new.unit_id);
  -- Held stock may be put into quarantine, and leave for good by a decision that was signed about it.
  IF traceability_may_move_held(new) THEN
    PERFORM traceability_refuse_strange_unit(new.lot_id, new.unit_id);
    RETURN NULL;
  END IF;
  PERFORM traceability_refuse_held_unit(new.lot_id, new.unit_id);
  IF traceability_held(new.lot_id) = 0 THEN
    RETURN NULL;
  END IF;
  -- What is split off or merged under its holds stays held: the lot that is made has them all (enforcement_packing.py).
  IF new.kind IN ('split', 'merge') AND traceability_stays_held(new.lot_id, new.source_id) THEN
    RETURN NULL;
  END IF;
  -- The row is in the table already: what it took away counts, what it only carried to another place does not.
  free := traceability_on_hand(new.lot_id) - traceability_held(new.lot_id);
  IF new.kind = 'move' AND (SELECT kind FROM traceability_storagelocation WHERE id = new.to_location_id)
                           NOT IN ('scrap', 'shipped') THEN
    free := free - new.quantity;
  END IF;
  IF free < 0 THEN
    RAISE EXCEPTION '% of lot % is on hold: % of % would take from it',
      replace(traceability_held(new.lot_id)::text, 'Infinity', 'all'), new.lot_id, new.kind, new.quantity
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_hold';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION traceability_consumption_held() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  used record;
  moved boolean;
  free numeric;
BEGIN
  SELECT (r ->> 'lot_id')::bigint AS lot_id, (r ->> 'unit_id')::bigint AS unit_id,
         (r ->> 'quantity')::numeric AS quantity, (r ->> 'movement_id')::bigint AS movement_id
    INTO used FROM (SELECT to_jsonb(new) AS r) AS given;
  PERFORM traceability_lock(coalesce(used.lot_id, (SELECT u.lot_id FROM traceability_serializedunit u
                                                   WHERE u.id = used.unit_id)), used.unit_id);
  PERFORM traceability_refuse_held_unit(used.lot_id, used.unit_id);
  IF used.lot_id IS NULL OR traceability_held(used.lot_id) = 0 THEN
    RETURN NULL;
  END IF;
  -- What stays in a unit when a part of it is taken out was consumed before: one row for it takes nothing.
  EXECUTE format('SELECT EXISTS (SELECT FROM %1$I o JOIN %1$I r ON r.reverses_id = o.id
                    WHERE o.movement_id = $1 AND o.lot_id = $2 AND o.unit_id IS NULL AND o.quantity > $3
                      AND r.stamped_txid + 0 = pg_current_xact_id()::text::bigint)
                  AND (SELECT count(*) FROM %1$I n WHERE n.movement_id = $1 AND n.reverses_id IS NULL
                      AND n.stamped_txid + 0 = pg_current_xact_id()::text::bigint) = 1', TG_TABLE_NAME)
    INTO moved USING used.movement_id, used.lot_id, used.quantity;
  IF moved THEN
    RETURN NULL;
  END IF;
  SELECT EXISTS (SELECT FROM traceability_stockmovement m
                 WHERE m.id = used.movement_id AND m.lot_id = used.lot_id AND m.kind = 'issue'
                   AND m.stamped_txid + 0 = pg_current_xact_id()::text::bigint) INTO moved;
  free := traceability_on_hand(used.lot_id) - traceability_held(used.lot_id);
  IF NOT moved THEN
    free := free - used.quantity;
  END IF;
  IF free < 0 THEN
    RAISE EXCEPTION '% of lot % is on hold: consumption of % would take from it',
      replace(traceability_held(used.lot_id)::text, 'Infinity', 'all'), used.lot_id, used.quantity
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_hold';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION traceability_hold_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM traceability_lot l
    WHERE l.id = coalesce(new.lot_id, (SELECT u.lot_id FROM traceability_serializedunit u WHERE u.id = new.unit_id))
    FOR NO KEY UPDATE;
  PERFORM FROM traceability_serializedunit WHERE id = new.unit_id FOR NO KEY UPDATE;
  RETURN new;
END $$;

CREATE OR REPLACE FUNCTION traceability_hold_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'hold % stays what it was placed on; it can only be released', old.id
    USING ERRCODE = '42501';
END $$;
"""

TRIGGERS = """
DROP TRIGGER IF EXISTS traceability_movement_held ON traceability_stockmovement;
CREATE TRIGGER traceability_movement_held AFTER INSERT ON traceability_stockmovement
  FOR EACH ROW EXECUTE FUNCTION traceability_movement_held();
ALTER TABLE traceability_stockmovement ENABLE ALWAYS TRIGGER traceability_movement_held;

DROP TRIGGER IF EXISTS traceability_hold_placed ON traceability_hold;
CREATE TRIGGER traceability_hold_placed BEFORE INSERT ON traceability_hold
  FOR EACH ROW EXECUTE FUNCTION traceability_hold_placed();
ALTER TABLE traceability_hold ENABLE ALWAYS TRIGGER traceability_hold_placed;

DROP TRIGGER IF EXISTS traceability_hold_fixed ON traceability_hold;
CREATE TRIGGER traceability_hold_fixed BEFORE UPDATE ON traceability_hold FOR EACH ROW
  WHEN ((old.site_id, old.lot_id, old.unit_id, old.quantity, old.placed_by_id)
        IS DISTINCT FROM (new.site_id, new.lot_id, new.unit_id, new.quantity, new.placed_by_id)
        OR old.inherited_from_id IS DISTINCT FROM new.inherited_from_id
        OR (old.status = 'released' AND new.status <> 'released'))
  EXECUTE FUNCTION traceability_hold_fixed();
ALTER TABLE traceability_hold ENABLE ALWAYS TRIGGER traceability_hold_fixed;

DROP TRIGGER IF EXISTS traceability_hold_kept ON traceability_hold;
CREATE TRIGGER traceability_hold_kept BEFORE DELETE ON traceability_hold
  FOR EACH ROW EXECUTE FUNCTION traceability_hold_fixed();
ALTER TABLE traceability_hold ENABLE ALWAYS TRIGGER traceability_hold_kept;
"""

CONSUMPTION = """
DROP TRIGGER IF EXISTS traceability_consumption_held ON {table};
CREATE TRIGGER traceability_consumption_held AFTER INSERT ON {table}
  FOR EACH ROW WHEN (new.reverses_id IS NULL) EXECUTE FUNCTION traceability_consumption_held();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER traceability_consumption_held;
"""


@protect_also
def protect_holds(present: set[str]) -> str:
    """SQL of guarantee 4 for the stock ledger and the holds."""
    if "traceability_hold" not in present or "traceability_stockmovement" not in present:
        return ""
    return FUNCTIONS + TRIGGERS


def consumption_sql(table: str) -> str:
    """SQL that extends guarantee 4 to a table of consumptions of an upper app.

    The table has `lot_id`, `unit_id`, `quantity` (in the material's unit), `movement_id` (the issue booked for it in
    the same transaction, or null) and `reverses_id`. The upper app registers it with `protect_also`.
    """
    return CONSUMPTION.format(table=table)
