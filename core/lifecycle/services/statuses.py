"""Guarantee 3 in PostgreSQL: a status changes only with its Transition, and a Transition only with the change."""

from __future__ import annotations

from django.apps import apps

from core.kernel.lifecycle import Lifecycle, lifecycles
from core.trail.services.enforcement import identifier, protect_also

TRANSITION_TRUE = """
CREATE OR REPLACE FUNCTION lifecycle_transition_true() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  kind record;
  history text;
  arrived boolean;
  departed boolean;
BEGIN
  SELECT app_label, model INTO kind FROM django_content_type WHERE id = new.subject_type_id;
  history := kind.app_label || '_historical' || kind.model;
  EXECUTE format('SELECT EXISTS (SELECT FROM %I h WHERE h.id = $1 AND h.row_version = $2 AND h.status = $3
                  AND h.history_type <> ''-'' AND h.history_txid + 0 = $4)', history)
    INTO arrived USING new.subject_id, new.record_version, new.to_status, new.stamped_txid;
  IF new.from_status IS NULL THEN
    departed := new.record_version = 1;
  ELSE
    EXECUTE format('SELECT EXISTS (SELECT FROM %I h WHERE h.id = $1 AND h.row_version = $2 AND h.status = $3
                    AND h.history_type <> ''-'')', history)
      INTO departed USING new.subject_id, new.record_version - 1, new.from_status;
  END IF;
  IF arrived AND departed THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'transition of % % from % to % tells of a change that did not happen',
    kind.model, new.subject_id, new.from_status, new.to_status
    USING ERRCODE = '23514', CONSTRAINT = 'lifecycle_transition_true';
END $$;
DROP TRIGGER IF EXISTS lifecycle_transition_true ON core_lifecycle_transition;
CREATE CONSTRAINT TRIGGER lifecycle_transition_true AFTER INSERT ON core_lifecycle_transition
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lifecycle_transition_true();
ALTER TABLE core_lifecycle_transition ENABLE ALWAYS TRIGGER lifecycle_transition_true;
"""

STATUS = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE before text := NULL;
BEGIN
  IF tg_op = 'UPDATE' THEN
    before := old.status;
  ELSIF new.status NOT IN ({births}) THEN
    RAISE EXCEPTION '{table} % cannot be born as %', new.id, new.status
      USING ERRCODE = '23514', CONSTRAINT = 'lifecycle_birth';
  END IF;
  IF EXISTS (
    SELECT FROM core_lifecycle_transition t JOIN django_content_type c ON c.id = t.subject_type_id
    WHERE c.app_label = '{app_label}' AND c.model = '{model}' AND t.subject_id = new.id
      AND t.record_version = new.row_version AND t.to_status = new.status
      AND t.from_status IS NOT DISTINCT FROM before
      AND t.stamped_txid + 0 = pg_current_xact_id()::text::bigint
  ) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'status of {table} % became % without its transition', new.id, new.status
    USING ERRCODE = '23514', CONSTRAINT = 'lifecycle_transition_required';
END $$;
DROP TRIGGER IF EXISTS lifecycle_birth ON {table};
DROP TRIGGER IF EXISTS lifecycle_status ON {table};
CREATE CONSTRAINT TRIGGER lifecycle_birth AFTER INSERT ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}();
CREATE CONSTRAINT TRIGGER lifecycle_status AFTER UPDATE ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (old.status IS DISTINCT FROM new.status)
  EXECUTE FUNCTION {function}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER lifecycle_birth;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER lifecycle_status;
"""


def _status_sql(lifecycle: Lifecycle) -> tuple[str, str]:
    model = apps.get_model(lifecycle.label)
    table = model._meta.db_table
    return table, STATUS.format(
        table=table,
        function=identifier("lifecycle_status", table),
        births=", ".join(f"'{birth}'" for birth in lifecycle.births),
        app_label=model._meta.app_label,
        model=model._meta.model_name,
    )


@protect_also
def protect_statuses(present: set[str]) -> str:
    """SQL of guarantee 3 for every lifecycle whose table is present."""
    if "core_lifecycle_transition" not in present:
        return ""
    scripts = [_status_sql(lifecycle) for lifecycle in lifecycles().values()]
    return TRANSITION_TRUE + "".join(sql for table, sql in scripts if table in present)
