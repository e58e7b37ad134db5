"""The triggers and grants by which PostgreSQL keeps the trail (docs/architecture.md §4, guarantees 1 and 2).

Every record carries `row_version`. A change raises it by exactly one and needs exactly one history row with the same
version, the same values and the same transaction; a history row needs such a change. So neither an untrailed change
nor an invented history row can be committed, whoever connects as the application's role.

A row that is permanent may be deleted only while a signed disposal names it (`trail_is_disposed`, which an upper app
fills), and only by the owner of the table.

The functions switch sequential scans off: a plan made while a table was small would otherwise be kept in a long import.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.db import connections, models

from core.kernel.records import STAMP_COLUMNS, RecordClass, models_of, tracked_columns

ExtraProtection = Callable[[set[str]], str]
_extra: list[ExtraProtection] = []


def protect_also(script: ExtraProtection) -> ExtraProtection:
    """Register a function of an upper app that returns further SQL; it is told which tables exist."""
    _extra.append(script)
    return script


def identifier(prefix: str, table: str) -> str:
    """A PostgreSQL identifier for a table's own object, within 63 bytes."""
    name = f"{prefix}_{table}"
    return name if len(name) <= 63 else f"{name[:52]}_{hashlib.sha256(name.encode()).hexdigest()[:10]}"


COMMON = """
CREATE OR REPLACE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% refused: % is permanent', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;

CREATE OR REPLACE FUNCTION trail_is_disposed(wanted text, wanted_key bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN false;
END $$;

CREATE OR REPLACE FUNCTION trail_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_op = 'DELETE' AND trail_is_disposed(tg_table_name, (to_jsonb(old) ->> tg_argv[0])::bigint) THEN
    RETURN old;
  END IF;
  RAISE EXCEPTION '% refused: % is permanent', tg_op, tg_table_name USING ERRCODE = '42501';
END $$;

CREATE OR REPLACE FUNCTION trail_actor() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE declared text := nullif(current_setting('trueline.actor', true), '');
BEGIN
  IF declared IS NULL THEN
    RAISE EXCEPTION 'no acting user is declared for this transaction' USING ERRCODE = '42501';
  END IF;
  RETURN declared::bigint;
END $$;

CREATE OR REPLACE FUNCTION trail_stamp_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.history_user_id IS DISTINCT FROM trail_actor() THEN
    RAISE EXCEPTION 'history names user %, acting is %', new.history_user_id, trail_actor() USING ERRCODE = '42501';
  END IF;
  new.history_txid := pg_current_xact_id()::text::bigint;
  new.history_session_user := session_user;
  new.history_client := coalesce(host(inet_client_addr()), 'local') || ' ' || current_setting('application_name');
  new.history_source := coalesce(current_setting('trueline.source', true), '');
  new.history_stamped_at := clock_timestamp();
  new.history_date := new.history_stamped_at;
  RETURN new;
END $$;

CREATE OR REPLACE FUNCTION trail_stamp_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.actor_id IS DISTINCT FROM trail_actor() THEN
    RAISE EXCEPTION 'the fact names user %, acting is %', new.actor_id, trail_actor() USING ERRCODE = '42501';
  END IF;
  new.stamped_txid := pg_current_xact_id()::text::bigint;
  new.stamped_session_user := session_user;
  new.stamped_client := coalesce(host(inet_client_addr()), 'local') || ' ' || current_setting('application_name');
  new.stamped_source := coalesce(current_setting('trueline.source', true), '');
  new.stamped_at := clock_timestamp();
  RETURN new;
END $$;
"""

PERMANENT = """
DROP TRIGGER IF EXISTS trail_permanent ON {table};
DROP TRIGGER IF EXISTS trail_no_truncate ON {table};
DROP TRIGGER IF EXISTS trail_stamp ON {table};
CREATE TRIGGER trail_permanent BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION trail_keep('{key}');
CREATE TRIGGER trail_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_stamp BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {stamp}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_permanent;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_no_truncate;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_stamp;
CREATE INDEX IF NOT EXISTS {seal_index} ON {table} ({txid});
CREATE INDEX IF NOT EXISTS {timeline_index} ON {table} {timeline};
REVOKE ALL ON {table} FROM {app}, {sealer};
GRANT SELECT, INSERT ON {table} TO {app};
GRANT SELECT ON {table} TO {sealer};
"""

SEALS = """
DROP TRIGGER IF EXISTS trail_permanent ON {table};
DROP TRIGGER IF EXISTS trail_no_truncate ON {table};
CREATE TRIGGER trail_permanent BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_permanent;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_no_truncate;
REVOKE ALL ON {table} FROM {app}, {sealer};
GRANT SELECT ON {table} TO {app};
GRANT SELECT, INSERT ON {table} TO {sealer};
"""

# In these rules a transaction id is compared as `txid + 0`: the index on transaction ids serves the seals, and a rule
# that looked by it would read all rows of its own transaction for each of them. After the first large import the
# planner takes it to be the best index, for no statistics know the running transaction: 10,000 rows took minutes.
RECORD = """
CREATE OR REPLACE FUNCTION {version_function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_op = 'INSERT' THEN
    IF new.row_version <> 1 THEN
      RAISE EXCEPTION 'a new row of {table} begins with row_version 1, not %', new.row_version
        USING ERRCODE = '23514', CONSTRAINT = 'trail_row_version';
    END IF;
  ELSIF ({new_tracked}) IS DISTINCT FROM ({old_tracked}) AND
        (new.row_version <> old.row_version + 1 OR new.id <> old.id) THEN
    RAISE EXCEPTION 'change of {table} % from version % does not follow version %', old.id, new.row_version - 1,
      old.row_version USING ERRCODE = '23514', CONSTRAINT = 'trail_row_version';
  END IF;
  RETURN new;
END $$;
CREATE OR REPLACE FUNCTION {required_function}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF tg_op = 'DELETE' THEN
    IF EXISTS (SELECT FROM {history} h WHERE h.id = old.id AND h.history_type = '-'
               AND h.history_txid + 0 = pg_current_xact_id()::text::bigint) THEN
      RETURN NULL;
    END IF;
    RAISE EXCEPTION 'no history row for the deletion of {table} %', old.id
      USING ERRCODE = '23514', CONSTRAINT = 'trail_required';
  END IF;
  IF EXISTS (SELECT FROM {history} h WHERE h.id = new.id AND h.row_version = new.row_version
             AND h.history_type <> '-' AND h.history_type = CASE tg_op WHEN 'INSERT' THEN '+' ELSE '~' END
             AND h.history_txid + 0 = pg_current_xact_id()::text::bigint
             AND ({history_tracked}) IS NOT DISTINCT FROM ({new_tracked})) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'no true history row for % of {table} %', tg_op, new.id
    USING ERRCODE = '23514', CONSTRAINT = 'trail_required';
END $$;
CREATE OR REPLACE FUNCTION {true_function}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE present bigint;
BEGIN
  SELECT b.row_version INTO present FROM {table} b WHERE b.id = new.id;
  IF new.history_type = '-' THEN
    IF present IS NULL AND EXISTS (SELECT FROM {history} h WHERE h.id = new.id AND h.history_type = '+') THEN
      RETURN NULL;
    END IF;
  ELSIF (new.history_type = '+') = (new.row_version = 1) THEN
    IF present >= new.row_version OR (present IS NULL AND EXISTS (
         SELECT FROM {history} h WHERE h.id = new.id AND h.history_type = '-' AND h.history_txid + 0 = new.history_txid
       )) THEN
      RETURN NULL;
    END IF;
  END IF;
  RAISE EXCEPTION 'a history row of {table} % tells of a change that did not happen', new.id
    USING ERRCODE = '23514', CONSTRAINT = 'trail_invented';
END $$;
DROP TRIGGER IF EXISTS trail_version ON {table};
DROP TRIGGER IF EXISTS trail_required ON {table};
DROP TRIGGER IF EXISTS trail_required_update ON {table};
DROP TRIGGER IF EXISTS trail_no_truncate ON {table};
DROP TRIGGER IF EXISTS trail_true ON {history};
CREATE TRIGGER trail_version BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {version_function}();
CREATE CONSTRAINT TRIGGER trail_required AFTER INSERT OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION {required_function}();
CREATE CONSTRAINT TRIGGER trail_required_update AFTER UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (({old_tracked}) IS DISTINCT FROM ({new_tracked})) EXECUTE FUNCTION {required_function}();
CREATE TRIGGER trail_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse();
CREATE CONSTRAINT TRIGGER trail_true AFTER INSERT ON {history} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION {true_function}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_version;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_required;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_required_update;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_no_truncate;
ALTER TABLE {history} ENABLE ALWAYS TRIGGER trail_true;
CREATE UNIQUE INDEX IF NOT EXISTS {version_index} ON {history} (id, row_version) WHERE history_type <> '-';
CREATE UNIQUE INDEX IF NOT EXISTS {deletion_index} ON {history} (id) WHERE history_type = '-';
REVOKE ALL ON {table} FROM {app}, {sealer};
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {app};
"""


def app_role() -> str:
    """Name of the role that the application connects as."""
    return str(getattr(settings, "TRUELINE_APP_ROLE", "trueline_app"))


def sealer_role() -> str:
    """Name of the role that the sealing worker connects as."""
    return str(getattr(settings, "TRUELINE_SEALER_ROLE", "trueline_sealer"))


TIMELINE_OF_HISTORY = "(history_date) WHERE history_change_reason <> ''"
"""The time of every row of history is indexed by simple-history; this is for who looks for a reason."""
TIMELINE_OF_FACTS = "(stamped_at)"


def _permanent(table: str, key: str, stamp: str, txid: str, timeline: str) -> str:
    return PERMANENT.format(
        table=table, key=key, stamp=stamp, txid=txid, seal_index=identifier("ix_txid", table),
        timeline=timeline, timeline_index=identifier("ix_timeline", table), app=app_role(), sealer=sealer_role(),
    )  # fmt: skip


def _tracked(alias: str, columns: list[str]) -> str:
    return ", ".join(f'{alias}."{column}"' for column in columns)


def record_sql(model: type[models.Model]) -> str:
    """Guarantees 1 and 2 for one trailed model and its history."""
    table = model._meta.db_table
    history = model.history.model._meta.db_table  # type: ignore[attr-defined]
    columns = list(tracked_columns(model))  # type: ignore[arg-type]
    names = {
        "table": table,
        "history": history,
        "app": app_role(),
        "sealer": sealer_role(),
        "new_tracked": _tracked("new", columns),
        "old_tracked": _tracked("old", columns),
        "history_tracked": _tracked("h", columns),
        "version_function": identifier("trail_version", table),
        "required_function": identifier("trail_required", table),
        "true_function": identifier("trail_true", table),
        "version_index": identifier("uq_version", table),
        "deletion_index": identifier("uq_deletion", table),
    }
    permanent = _permanent(history, "history_id", "trail_stamp_history", "history_txid", TIMELINE_OF_HISTORY)
    return RECORD.format(**names) + permanent


def fact_sql(model: type[models.Model]) -> str:
    """Guarantee 1 for one table of facts."""
    missing = set(STAMP_COLUMNS) - {field.column for field in model._meta.concrete_fields}
    if missing:
        raise LookupError(f"{model._meta.label} lacks the stamps {sorted(missing)}")
    return _permanent(model._meta.db_table, "id", "trail_stamp_fact", "stamped_txid", TIMELINE_OF_FACTS)


def script(present: set[str]) -> str:
    """The whole SQL for the tables that are present."""
    parts = [COMMON]
    for model in models_of(RecordClass.RECORD):
        if model._meta.db_table in present:
            parts.append(record_sql(model))
    for model in models_of(RecordClass.FACT):
        if model._meta.db_table in present:
            parts.append(fact_sql(model))
    for model in models_of(RecordClass.SEAL):
        if model._meta.db_table in present:
            parts.append(SEALS.format(table=model._meta.db_table, app=app_role(), sealer=sealer_role()))
    operational = [m._meta.db_table for m in models_of(RecordClass.OPERATIONAL) if m._meta.db_table in present]
    automatic = [table for table in ("auth_group_permissions",) if table in present]
    if operational or automatic:
        tables = ", ".join(operational + automatic)
        parts.append(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {app_role()};")
    parts.append(f"GRANT SELECT ON django_migrations TO {app_role()};")
    parts.append(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app_role()};")
    parts += [extra(present) for extra in _extra]
    return "\n".join(part for part in parts if part)


def protect_all(using: str = "default") -> None:
    """Write every trigger and grant from the registry; idempotent, run as the owner of the tables."""
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        cursor.execute("SELECT rolname FROM pg_roles")
        missing = {app_role(), sealer_role()} - {name for (name,) in cursor.fetchall()}
        if missing:
            raise LookupError(f"the database has no role {sorted(missing)}; create it first (docs/operation.md)")
        # Without parameters psycopg sends the script by the simple protocol, many commands at once.
        cursor.execute(script(present))
