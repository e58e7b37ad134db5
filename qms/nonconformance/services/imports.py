"""Set-based import of the vocabulary of defects: a tree, whose broader codes may stand anywhere in the file."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.trail.services.sets import Stage
from qms.nonconformance.models import DefectCode, Severity
from traceability.services.imports import find_existing, table_of

TABLE = table_of(DefectCode)
LIMITS = {"concession_months": 12, "concession_triage_at": 2, "concession_stop_at": 3, "containment_hours": 24}
NEW = {
    "name": "s.name",
    "severity": f"coalesce(s.severity, '{Severity.MINOR}')",
    "is_active": "coalesce(s.is_active, 'yes') = 'yes'",
    **{name: f"coalesce(s.{name}::int, {value})" for name, value in LIMITS.items()},
}
CHANGED = {
    "name": "s.name",
    "severity": "coalesce(s.severity, b.severity)",
    "is_active": "CASE WHEN s.is_active IS NULL THEN b.is_active ELSE s.is_active = 'yes' END",
    **{name: f"coalesce(s.{name}::int, b.{name})" for name in LIMITS},
}
PARENT = f"(SELECT p.id FROM {TABLE} p WHERE p.code = s.parent)"
PARENT_AFTER = f"CASE WHEN s.parent IS NULL THEN b.parent_id ELSE coalesce({PARENT}, 0) END"
"""A broader code that the file brings itself has no id yet, and differs from whatever is there."""
SHOWN = {"parent_id": ("parent", f"SELECT p.code FROM {TABLE} p WHERE p.id = b.parent_id", "s.parent")}
MATCH = "b.code = s.code"


def check_defect_codes(stage: Stage) -> None:
    """Codes are unique; a broader code is known here or stands in the file; nothing stands below itself."""
    stage.duplicate(["code"], _("“{value}” stands on line {line} already"))
    stage.error(
        "parent",
        _("the broader code “{value}” is neither here nor in the file"),
        f"s.parent IS NOT NULL AND NOT EXISTS (SELECT FROM {TABLE} p WHERE p.code = s.parent)"
        f" AND NOT EXISTS (SELECT FROM {stage.table} o WHERE o.code = s.parent)",
    )
    # Every code above a line, as the vocabulary would be afterwards: what the file says counts before what is here.
    stage.error(
        "parent",
        _("“{value}” stands below this code itself"),
        f"""s.code IN (
            WITH RECURSIVE tree(code, parent) AS (
                SELECT o.code, o.parent FROM {stage.table} o
                UNION ALL
                SELECT d.code, p.code FROM {TABLE} d LEFT JOIN {TABLE} p ON p.id = d.parent_id
                WHERE NOT EXISTS (SELECT FROM {stage.table} o WHERE o.code = d.code)
            ), up(code, above) AS (
                SELECT t.code, t.parent FROM tree t WHERE t.parent IS NOT NULL
                UNION
                SELECT u.code, t.parent FROM up u JOIN tree t ON t.code = u.above WHERE t.parent IS NOT NULL
            ) SELECT u.code FROM up u WHERE u.code = u.above)""",
    )
    stage.error(
        "concession_stop_at",
        _("“{value}” is less than the number that asks for a CAPA decision"),
        f"coalesce(s.concession_stop_at::int, {LIMITS['concession_stop_at']})"
        f" < coalesce(s.concession_triage_at::int, {LIMITS['concession_triage_at']})",
    )
    for name in LIMITS:
        stage.error(name, _("“{value}” is less than one"), f"s.{name}::int < 1")
    find_existing(stage, DefectCode, MATCH, {**CHANGED, "parent_id": PARENT_AFTER}, shown=SHOWN)


def write_defect_codes(stage: Stage) -> None:
    """Codes of the file, new and changed: level by level, so that each finds its broader one."""
    is_next = (
        f"s.verdict = 'created' AND NOT EXISTS (SELECT FROM {TABLE} b WHERE b.code = s.code)"
        f" AND (s.parent IS NULL OR EXISTS (SELECT FROM {TABLE} p WHERE p.code = s.parent))"
    )
    while stage.insert(DefectCode, {"code": "s.code", **NEW, "parent_id": PARENT}, where=is_next):
        pass
    parent = f"CASE WHEN s.parent IS NULL THEN b.parent_id ELSE {PARENT} END"
    stage.update(DefectCode, {**CHANGED, "parent_id": parent}, where="s.verdict = 'changed'")
