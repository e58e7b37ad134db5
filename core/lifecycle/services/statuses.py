"""Guarantee 3 in PostgreSQL: a status changes only with its Transition, and a Transition only with the change."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from core.kernel.lifecycle import Lifecycle, lifecycles
from core.trail.services.enforcement import identifier, protect_also

TRANSITION_TRUE = """
CREATE OR REPLACE FUNCTION lifecycle_transition_true() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  kind text;
  arrived boolean := false;
  departed boolean := false;
BEGIN
  SELECT app_label || '.' || model INTO kind FROM django_content_type WHERE id = new.subject_type_id;
  CASE kind
{branches}
  ELSE
    NULL;
  END CASE;
  IF arrived AND (departed OR (new.from_status IS NULL AND new.record_version = 1)) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'transition of % % from % to % tells of a change that did not happen',
    kind, new.subject_id, new.from_status, new.to_status
    USING ERRCODE = '23514', CONSTRAINT = 'lifecycle_transition_true';
END $$;
DROP TRIGGER IF EXISTS lifecycle_transition_true ON core_lifecycle_transition;
CREATE CONSTRAINT TRIGGER lifecycle_transition_true AFTER INSERT ON core_lifecycle_transition
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lifecycle_transition_true();
ALTER TABLE core_lifecycle_transition ENABLE ALWAYS TRIGGER lifecycle_transition_true;
"""

# One branch for each kind, though they differ by the table only: a statement made of words would be planned anew for
# every transition, and an import brings ten thousand of them.
BRANCH = """
  WHEN '{app_label}.{model}' THEN
    SELECT coalesce(bool_or(h.row_version = new.record_version AND h.status = new.to_status
                            AND h.history_txid + 0 = new.stamped_txid), false),
           coalesce(bool_or(h.row_version = new.record_version - 1 AND h.status = new.from_status), false)
      INTO arrived, departed FROM {history} h
      WHERE h.id = new.subject_id AND h.row_version IN (new.record_version - 1, new.record_version)
        AND h.history_type <> '-';"""

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


def _status_sql(model: type[models.Model], lifecycle: Lifecycle) -> str:
    table = model._meta.db_table
    return STATUS.format(
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
    protected = [
        (model, lifecycle) for lifecycle in lifecycles().values()
        if (model := apps.get_model(lifecycle.label))._meta.db_table in present
    ]  # fmt: skip
    branches = "".join(
        BRANCH.format(
            app_label=model._meta.app_label,
            model=model._meta.model_name,
            history=model.history.model._meta.db_table,
        )
        for model, _lifecycle in protected
    )
    # A function without a branch is what the first migrations need: they bring no transition.
    return TRANSITION_TRUE.format(branches=branches or "  WHEN '' THEN NULL;") + "".join(
        _status_sql(model, lifecycle) for model, lifecycle in protected
    )
