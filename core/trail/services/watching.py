"""Watching over the trail: the catalog of PostgreSQL against the registry, stalled seals, and the alarm."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.records import RecordClass, models_of
from core.kernel.wiring import publish
from core.trail.events import TrailAlarmEnded, TrailAlarmRaised
from core.trail.models import TrailEvent
from core.trail.queries.watching import ALARM_KEY, Finding, stall_findings
from core.trail.services import note
from core.trail.services.enforcement import app_role, script, sealer_role

FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(.*?\$\$(.*?)\$\$;", re.DOTALL)
TRIGGER = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)\s+(?:BEFORE|AFTER) .*? ON (\w+)\s", re.DOTALL)
RAISED, ENDED = "trail_alarm", "trail_alarm_ended"
MOST_NAMED = 20
CATALOG_KEY = "trueline-trail-catalog"
FRESH = dt.timedelta(minutes=3)
"""How long an examination of the catalog is good for; beat repeats it each minute."""


def catalog_findings() -> list[Finding]:
    """Triggers, their functions and the grants, as PostgreSQL has them, against the registry of models."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        wanted = script(present)
        found = [*_trigger_findings(cursor, wanted), *_function_findings(cursor, wanted)]
        return found + _grant_findings(cursor, present)


def _remedy() -> str:
    return _("Find out who did it, verify the records against a head kept outside, then run manage.py migrate.")


def _trigger_findings(cursor: Any, wanted: str) -> list[Finding]:
    cursor.execute(
        "SELECT t.tgname, c.relname, t.tgenabled FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c"
        " ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal"
    )
    present = {(name, table): state for name, table, state in cursor.fetchall()}
    found = []
    for name, table in dict.fromkeys(TRIGGER.findall(wanted)):
        state = present.get((name, table))
        if state is None:
            text = _("The trigger %(trigger)s of %(table)s is missing.")
        elif state != "A":
            text = _("The trigger %(trigger)s of %(table)s is not always on.")
        else:
            continue
        found.append(Finding("trigger", text % {"trigger": name, "table": table}, _remedy()))
    return found


def _function_findings(cursor: Any, wanted: str) -> list[Finding]:
    cursor.execute("SELECT proname, prosrc FROM pg_catalog.pg_proc WHERE pronamespace = 'public'::regnamespace")
    present = dict(cursor.fetchall())
    return [
        Finding("function", _("The function %s of the trail is not the one of this version.") % name, _remedy())
        for name, source in dict(FUNCTION.findall(wanted)).items()
        if present.get(name) != source
    ]


def _grant_findings(cursor: Any, present: set[str]) -> list[Finding]:
    permanent = [
        model._meta.db_table
        for kind in (RecordClass.HISTORY, RecordClass.FACT, RecordClass.SEAL)
        for model in models_of(kind)
        if model._meta.db_table in present
    ]
    seals = [model._meta.db_table for model in models_of(RecordClass.SEAL)]
    cursor.execute(
        "SELECT r.rolname, c.relname FROM pg_catalog.pg_class c, pg_catalog.pg_roles r"
        " WHERE r.rolname IN (%(app)s, %(sealer)s) AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " AND ((c.relname = ANY(%(permanent)s) AND has_table_privilege(r.oid, c.oid, %(changes)s))"
        " OR (r.rolname = %(app)s AND c.relname = ANY(%(seals)s) AND has_table_privilege(r.oid, c.oid, 'INSERT'))"
        " OR (r.rolname = %(sealer)s AND c.relname <> ALL(%(seals)s)"
        "     AND has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')))"
        " ORDER BY 1, 2",
        {
            "app": app_role(),
            "sealer": sealer_role(),
            "permanent": permanent,
            "seals": seals,
            "changes": "UPDATE, DELETE, TRUNCATE, TRIGGER",
        },
    )
    text = _("The role %(role)s has rights on %(table)s that it must not have.")
    found = [Finding("grant", text % {"role": role, "table": table}, _remedy()) for role, table in cursor.fetchall()]
    cursor.execute(
        "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolcreaterole OR"
        " rolreplication OR has_parameter_privilege(rolname, 'session_replication_role', 'SET'))",
        [[app_role(), sealer_role()]],
    )
    found += [Finding("role", _("The role %s could switch the trail off.") % name, _remedy()) for (name,) in cursor]
    return found


def _examined_catalog() -> list[Finding]:
    """`catalog_findings`, with a note of when that was, for `fresh_catalog_texts`."""
    findings = catalog_findings()
    texts = [f"{finding.text} {finding.remedy}" for finding in findings[:MOST_NAMED]]
    cache.set(CATALOG_KEY, {"at": now().isoformat(), "texts": texts}, timeout=None)
    return findings


def fresh_catalog_texts() -> list[str]:
    """What the last examination of the catalog found; a new one where that is too long ago or forgotten."""
    kept = cache.get(CATALOG_KEY)
    if kept is None or now() - dt.datetime.fromisoformat(kept["at"]) > FRESH:
        _examined_catalog()
        kept = cache.get(CATALOG_KEY)
    texts: list[str] = kept["texts"]
    return texts


def trail_findings() -> list[Finding]:
    """Everything about the trail that is not as it should be."""
    return [*_examined_catalog(), *stall_findings()]


def running_alarm() -> TrailEvent | None:
    """The alarm that was raised and has not ended, or None."""
    last = TrailEvent.objects.filter(kind__in=(RAISED, ENDED)).order_by("-id").first()
    return last if last is not None and last.kind == RAISED else None


@service
def watch_trail(*, actor: Any) -> list[Finding]:
    """Look, and raise or end the alarm when what is found has changed; returns what was found."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7386521905)")
    findings = trail_findings()
    running = running_alarm()
    codes = sorted({finding.code for finding in findings})
    if running is not None and running.data.get("codes") != codes:
        note(kind=ENDED, actor=actor, subject=running, text=_("The alarm about the trail has ended or changed."))
        publish(TrailAlarmEnded(running.pk))
        running = None
    if findings and running is None:
        text = " ".join(finding.text for finding in findings[:MOST_NAMED])
        event = note(
            kind=RAISED, actor=actor, text=text,
            data={"codes": codes, "findings": [f"{finding.text} {finding.remedy}" for finding in findings]},
        )  # fmt: skip
        publish(TrailAlarmRaised(event.pk, text))
    cache.set(ALARM_KEY, [finding.text for finding in findings[:3]], timeout=None)
    return findings
