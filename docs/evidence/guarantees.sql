-- The five guarantees attacked as the application's role, on a running demonstration plant with one open hold:
--   psql -X -a -U trueline_app -d trueline -f docs/evidence/guarantees.sql
\set ON_ERROR_STOP off
\echo == Who is connected
SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser;
\echo == 1. History and facts are permanent
UPDATE traceability_historicallot SET number = 'forged' WHERE history_id = (SELECT min(history_id) FROM traceability_historicallot);
DELETE FROM traceability_historicallot WHERE history_id = (SELECT min(history_id) FROM traceability_historicallot);
UPDATE core_signing_signature SET meaning = 'forged';
DELETE FROM core_lifecycle_transition;
UPDATE traceability_stockmovement SET quantity = quantity * 2;
TRUNCATE traceability_stockmovement;
TRUNCATE traceability_lot CASCADE;
\echo == 2. No change without its true history row, no history row without its change
BEGIN;
SELECT set_config('trueline.actor', (SELECT min(id)::text FROM core_organization_user), true);
UPDATE traceability_lot SET number = 'forged', row_version = row_version + 1 WHERE id = (SELECT min(id) FROM traceability_lot);
COMMIT;
BEGIN;
UPDATE traceability_lot SET number = 'forged' WHERE id = (SELECT min(id) FROM traceability_lot);
ROLLBACK;
BEGIN;
DELETE FROM core_organization_area WHERE code = 'LAB';
COMMIT;
BEGIN;
SELECT set_config('trueline.actor', (SELECT min(id)::text FROM core_organization_user), true);
INSERT INTO traceability_historicallot SELECT * FROM jsonb_populate_record(null::traceability_historicallot,
  (SELECT to_jsonb(h) || jsonb_build_object('history_id', nextval(pg_get_serial_sequence('traceability_historicallot', 'history_id')),
   'number', 'forged', 'row_version', h.row_version + 1, 'history_type', '~', 'history_user_id', (SELECT min(id) FROM core_organization_user))
   FROM traceability_historicallot h ORDER BY h.id, h.row_version DESC LIMIT 1));
COMMIT;
\echo == 3. No status without its transition, no transition without the change
BEGIN;
SELECT set_config('trueline.actor', (SELECT min(id)::text FROM core_organization_user), true);
CREATE TEMP TABLE one AS SELECT min(id) AS id FROM traceability_lot WHERE status = 'released';
UPDATE traceability_lot SET status = 'rejected', row_version = row_version + 1 WHERE id = (SELECT id FROM one);
INSERT INTO traceability_historicallot SELECT * FROM jsonb_populate_record(null::traceability_historicallot,
  (SELECT to_jsonb(h) || jsonb_build_object('history_id', nextval(pg_get_serial_sequence('traceability_historicallot', 'history_id')),
   'status', 'rejected', 'row_version', h.row_version + 1, 'history_type', '~', 'history_user_id', (SELECT min(id) FROM core_organization_user))
   FROM traceability_historicallot h WHERE h.id = (SELECT id FROM one) ORDER BY h.row_version DESC LIMIT 1));
COMMIT;
BEGIN;
SELECT set_config('trueline.actor', (SELECT min(id)::text FROM core_organization_user), true);
INSERT INTO core_lifecycle_transition SELECT * FROM jsonb_populate_record(null::core_lifecycle_transition,
  (SELECT to_jsonb(t) || jsonb_build_object('id', nextval(pg_get_serial_sequence('core_lifecycle_transition', 'id')), 'record_version', 99,
   'actor_id', (SELECT min(id) FROM core_organization_user))
   FROM core_lifecycle_transition t ORDER BY id DESC LIMIT 1));
COMMIT;
\echo == 4. No movement and no consumption of what is under an open hold
SELECT h.reason, l.number FROM traceability_hold h JOIN traceability_lot l ON l.id = h.lot_id WHERE h.status = 'open';
BEGIN;
SELECT set_config('trueline.actor', (SELECT min(id)::text FROM core_organization_user), true);
INSERT INTO traceability_stockmovement SELECT * FROM jsonb_populate_record(null::traceability_stockmovement,
  (SELECT to_jsonb(m) || jsonb_build_object('id', nextval(pg_get_serial_sequence('traceability_stockmovement', 'id')),
   'kind', 'issue', 'quantity', 1, 'from_location_id', m.to_location_id, 'to_location_id', null, 'client_id', null,
   'actor_id', (SELECT min(id) FROM core_organization_user))
   FROM traceability_stockmovement m JOIN traceability_hold h ON h.lot_id = m.lot_id WHERE h.status = 'open' ORDER BY m.id LIMIT 1));
COMMIT;
\echo == 5. At most one effective revision
BEGIN;
SELECT set_config('trueline.actor', (SELECT min(id)::text FROM core_organization_user), true);
INSERT INTO mes_routing_routingrevision SELECT * FROM jsonb_populate_record(null::mes_routing_routingrevision,
  (SELECT to_jsonb(r) || jsonb_build_object('id', nextval(pg_get_serial_sequence('mes_routing_routingrevision', 'id')), 'row_version', 1,
   'revision', 99)
   FROM mes_routing_routingrevision r WHERE status = 'effective' LIMIT 1));
SET CONSTRAINTS uq_routingrevision_effective IMMEDIATE;
COMMIT;
\echo == Also: no history row and no fact without the one who acts
BEGIN;
INSERT INTO core_signing_signature SELECT * FROM jsonb_populate_record(null::core_signing_signature,
  (SELECT to_jsonb(s) || jsonb_build_object('id', nextval(pg_get_serial_sequence('core_signing_signature', 'id'))) FROM core_signing_signature s LIMIT 1));
ROLLBACK;
BEGIN;
SELECT set_config('trueline.actor', (SELECT max(id)::text FROM core_organization_user), true);
INSERT INTO core_lifecycle_transition SELECT * FROM jsonb_populate_record(null::core_lifecycle_transition,
  (SELECT to_jsonb(t) || jsonb_build_object('id', nextval(pg_get_serial_sequence('core_lifecycle_transition', 'id')), 'actor_id', (SELECT min(id) FROM core_organization_user))
   FROM core_lifecycle_transition t LIMIT 1));
ROLLBACK;
\echo == Also: the seals are out of reach, and so are the guards themselves
INSERT INTO core_trail_seal DEFAULT VALUES;
UPDATE core_trail_seal SET head = '\x00';
ALTER TABLE traceability_lot DISABLE TRIGGER ALL;
DROP TRIGGER trail_required ON traceability_lot;
SET session_replication_role = replica;
CREATE OR REPLACE FUNCTION trail_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
GRANT UPDATE ON traceability_historicallot TO trueline_app;
SET ROLE trueline_owner;
ALTER ROLE trueline_app SUPERUSER;
\echo == What is left: nothing forged
SELECT count(*) AS forged FROM traceability_lot WHERE number = 'forged';
SELECT count(*) AS forged FROM traceability_historicallot WHERE number = 'forged';
