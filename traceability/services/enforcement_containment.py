"""Guarantee 4 for containments and for held stock that leaves by a decision, in PostgreSQL (docs/architecture.md §4).

At its commit a transaction that brought something new shares one lock, which placing a containment takes alone. So
either placing waits and sees what was brought, or the commit sees the containment, and fails unless its hold is there.
Rows are locked before that lock by everybody, which keeps the two from waiting for each other.
"""

from __future__ import annotations

from core.trail.services.enforcement import protect_also

LOCK = 5_267_843_190_112
"""PostgreSQL's advisory lock between placing a containment and the commits that bring something new."""

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION traceability_contained_by(wanted bigint, wanted_lot bigint, wanted_unit bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM traceability_hold h
    JOIN django_content_type t ON t.id = h.source_type_id AND t.app_label = 'traceability' AND t.model = 'containment'
    WHERE h.source_id = wanted AND h.status = 'open' AND h.quantity IS NULL
      AND (h.unit_id = wanted_unit
           OR h.lot_id = wanted_lot
           OR h.lot_id = (SELECT u.lot_id FROM traceability_serializedunit u WHERE u.id = wanted_unit)))
$$;

CREATE OR REPLACE FUNCTION traceability_refuse_uncontained(missed text, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF missed IS NOT NULL THEN
    RAISE EXCEPTION '% is in the scope of containment % and has no hold of it', what, missed
      USING ERRCODE = '23514', CONSTRAINT = 'traceability_containment', DETAIL = missed;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION traceability_movement_contained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared({LOCK});
  PERFORM traceability_refuse_uncontained((
    SELECT c.number FROM traceability_containment c JOIN traceability_lot l ON l.id = new.lot_id
    WHERE c.status = 'open' AND c.kind = 'material' AND c.site_id = l.site_id AND c.material_id = l.material_id
      AND (c.since IS NULL OR c.since <= new.stamped_at) AND (c.until IS NULL OR new.stamped_at <= c.until)
      AND l.status <> 'voided'
      AND NOT EXISTS (SELECT FROM traceability_stockmovement r WHERE r.reverses_id = new.id)
      AND NOT EXISTS (SELECT FROM traceability_serializedunit u WHERE u.id = new.unit_id AND u.status = 'scrapped')
      AND NOT traceability_contained_by(c.id, new.lot_id, new.unit_id) LIMIT 1),
    'what came into lot ' || new.lot_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION traceability_unit_contained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared({LOCK});
  PERFORM traceability_refuse_uncontained((
    SELECT c.number FROM traceability_containment c
    WHERE c.status = 'open' AND c.kind = 'material' AND c.site_id = new.site_id AND c.material_id = new.material_id
      AND (c.since IS NULL OR c.since <= now()) AND (c.until IS NULL OR now() <= c.until)
      AND EXISTS (SELECT FROM traceability_serializedunit u WHERE u.id = new.id AND u.status <> 'scrapped')
      AND NOT traceability_contained_by(c.id, NULL, new.id) LIMIT 1),
    'unit ' || new.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION traceability_refuse_uncontained_lot(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared({LOCK});
  PERFORM traceability_refuse_uncontained((
    SELECT c.number FROM traceability_containment c JOIN traceability_lot l ON l.id = wanted
    WHERE c.status = 'open' AND c.kind = 'supplier' AND c.site_id = l.site_id AND l.status <> 'voided'
      AND upper(btrim(c.supplier_lot)) = upper(btrim(l.supplier_lot))
      AND (c.supplier_id IS NULL
           OR NOT EXISTS (SELECT FROM traceability_receipt r WHERE r.lot_id = wanted)
           OR EXISTS (SELECT FROM traceability_receipt r WHERE r.lot_id = wanted AND r.supplier_id = c.supplier_id))
      AND NOT traceability_contained_by(c.id, wanted, NULL) LIMIT 1),
    'lot ' || wanted);
END $$;

CREATE OR REPLACE FUNCTION traceability_lot_contained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM traceability_refuse_uncontained_lot(new.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION traceability_receipt_contained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM traceability_refuse_uncontained_lot(new.lot_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION traceability_link_contained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared({LOCK});
  PERFORM traceability_refuse_uncontained((
    SELECT c.number FROM traceability_containment c
    WHERE c.status = 'open'
      AND (c.with_descendants OR (SELECT p.material_id FROM traceability_lot p WHERE p.id = new.parent_lot_id)
                               = (SELECT m.material_id FROM traceability_lot m WHERE m.id = new.child_lot_id))
      AND (traceability_contained_by(c.id, new.parent_lot_id, new.parent_unit_id)
           OR EXISTS (SELECT FROM traceability_serializedunit u WHERE u.lot_id = new.parent_lot_id
                      AND traceability_contained_by(c.id, NULL, u.id)))
      AND NOT traceability_contained_by(c.id, new.child_lot_id, new.child_unit_id)
      AND NOT EXISTS (SELECT FROM traceability_genealogylink r WHERE r.reverses_id = new.id) LIMIT 1),
    'what was made by link ' || new.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION traceability_containment_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'containment % keeps the scope that it was placed on; it can only be ended', old.id
    USING ERRCODE = '42501';
END $$;
"""

COMING = """
DROP TRIGGER IF EXISTS {function} ON {table};
CREATE CONSTRAINT TRIGGER {function} AFTER {event} ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {condition}EXECUTE FUNCTION {function}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {function};
"""

FIXED = """
DROP TRIGGER IF EXISTS traceability_containment_fixed ON traceability_containment;
CREATE TRIGGER traceability_containment_fixed BEFORE UPDATE ON traceability_containment FOR EACH ROW
  WHEN ((old.site_id, old.kind, old.material_id, old.supplier_id, old.supplier_lot, old.since, old.until,
         old.scope_type_id, old.scope_id, old.with_descendants)
        IS DISTINCT FROM (new.site_id, new.kind, new.material_id, new.supplier_id, new.supplier_lot, new.since,
                          new.until, new.scope_type_id, new.scope_id, new.with_descendants)
        OR (old.status = 'ended' AND new.status <> 'ended'))
  EXECUTE FUNCTION traceability_containment_fixed();
ALTER TABLE traceability_containment ENABLE ALWAYS TRIGGER traceability_containment_fixed;

DROP TRIGGER IF EXISTS traceability_containment_kept ON traceability_containment;
CREATE TRIGGER traceability_containment_kept BEFORE DELETE ON traceability_containment
  FOR EACH ROW EXECUTE FUNCTION traceability_containment_fixed();
ALTER TABLE traceability_containment ENABLE ALWAYS TRIGGER traceability_containment_kept;
"""

WHAT_COMES = (
    (
        "traceability_movement_contained",
        "traceability_stockmovement",
        "INSERT",
        "WHEN (new.kind IN ('receipt', 'produce') AND new.reverses_id IS NULL) ",
    ),
    ("traceability_unit_contained", "traceability_serializedunit", "INSERT", ""),
    (
        "traceability_lot_contained",
        "traceability_lot",
        "INSERT OR UPDATE OF supplier_lot",
        "WHEN (new.supplier_lot <> '') ",
    ),
    ("traceability_receipt_contained", "traceability_receipt", "INSERT", ""),
    ("traceability_link_contained", "traceability_genealogylink", "INSERT", "WHEN (new.reverses_id IS NULL) "),
)
"""Name of trigger and function, table, event, and which rows: everything by which something enters a scope."""

LEAVING = """
CREATE OR REPLACE FUNCTION traceability_is_removed(moved traceability_stockmovement) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM traceability_stockremoval r
    JOIN django_content_type t
      ON t.id = moved.source_type_id AND t.app_label = 'traceability' AND t.model = 'stockremoval'
    JOIN core_signing_signature s ON s.subject_type_id = t.id AND s.subject_id = r.id AND s.meaning = 'dispositioned'
    LEFT JOIN traceability_storagelocation p ON p.id = moved.to_location_id
    WHERE r.id = moved.source_id AND r.lot_id = moved.lot_id AND r.unit_id IS NOT DISTINCT FROM moved.unit_id
      AND r.quantity = moved.quantity
      AND ((r.kind = 'destroyed' AND moved.kind = 'scrap')
           OR (r.kind = 'returned' AND moved.kind = 'move' AND p.kind = 'shipped'))
      AND r.stamped_txid + 0 = pg_current_xact_id()::text::bigint
      AND s.stamped_txid + 0 = pg_current_xact_id()::text::bigint
      AND NOT EXISTS (SELECT FROM traceability_stockmovement m WHERE m.lot_id = moved.lot_id AND m.id <> moved.id
                      AND m.source_type_id = moved.source_type_id AND m.source_id = moved.source_id))
$$;

CREATE OR REPLACE FUNCTION traceability_may_move_held(moved traceability_stockmovement) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT (moved.kind = 'move' AND EXISTS (
           SELECT FROM traceability_storagelocation p JOIN traceability_lot l ON l.id = moved.lot_id
           WHERE p.id = moved.to_location_id AND p.kind = 'quarantine' AND p.site_id = l.site_id))
      OR (moved.source_id IS NOT NULL AND traceability_is_removed(moved))
$$;
"""


@protect_also
def protect_containments(present: set[str]) -> str:
    """SQL of guarantee 4 for what enters a scope, and for what of held stock may be carried away."""
    if not {"traceability_containment", "traceability_stockremoval", "core_signing_signature"} <= present:
        # The rule of movements asks it from the first migration on.
        return NOTHING_LEAVES if "traceability_stockmovement" in present else ""
    coming = "".join(
        COMING.format(function=function, table=table, event=event, condition=condition)
        for function, table, event, condition in WHAT_COMES
    )
    return FUNCTIONS + LEAVING + coming + FIXED


NOTHING_LEAVES = """
CREATE OR REPLACE FUNCTION traceability_may_move_held(moved traceability_stockmovement) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT false $$;
"""
