"""Set-based import of an existing risk register into drafts of assessments."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.trail.services.sets import Stage
from qms.risk.models import RiskAssessment, RiskControl, RiskItem, RiskMatrix
from traceability.services.imports import ORIGIN, find_existing, resolve, table_of, upsert

NUMBERS = (
    "severity", "probability", "detection", "residual_severity", "residual_probability", "residual_detection",
)  # fmt: skip
TEXTS = ("situation", "rationale")
VALUES = {
    "hazard": "s.hazard",
    "cause": "s.cause",
    "effect": "s.effect",
    **{name: f"coalesce(s.{name}, '')" for name in TEXTS},
    **{name: f"s.{name}::int" for name in NUMBERS},
    **ORIGIN,
}
ASSESSMENT = f"JOIN {table_of(RiskAssessment)} a ON a.id = s.assessment_id"


def check_risks(stage: Stage) -> None:
    """The assessment is a draft at the site, positions are unique, estimates have a place in its matrix."""
    unknown = _("there is no risk assessment “{value}” at this site; begin it first")
    resolve(stage, "assessment", RiskAssessment, "number", site=True, message=unknown)
    stage.error("assessment", _("“{value}” is no draft"), "a.status <> 'draft'", joins=ASSESSMENT)
    stage.duplicate(["assessment", "position"], _("“{value}” stands on line {line} already"))
    stage.error("position", _("“{value}” is less than one"), "s.position::int < 1")
    for column in NUMBERS:
        side = "severities" if column.endswith("severity") else "probabilities"
        most = "10" if column.endswith("detection") else _most(side)
        stage.error(
            column, _("“{value}” has no place in the matrix"), f"s.{column}::int NOT BETWEEN 1 AND {most}",
            joins=ASSESSMENT,
        )  # fmt: skip
    stage.error(
        "detection", _("a risk of a process needs its detection"), "s.detection IS NULL AND a.kind = 'process'",
        joins=ASSESSMENT,
    )  # fmt: skip
    stage.error(
        "residual_probability",
        _("severity and probability afterwards are given together"),
        "(s.residual_severity IS NULL) <> (s.residual_probability IS NULL)",
    )
    stage.error("control_kind", _("a control needs its kind"), "s.control IS NOT NULL AND s.control_kind IS NULL")
    find_existing(stage, RiskItem, "b.assessment_id = s.assessment_id AND b.position = s.position::int", VALUES)


def _most(side: str) -> str:
    """How many places a side of the matrix has; the ranks of a process are ten."""
    places = f"SELECT jsonb_array_length(m.{side}) FROM {table_of(RiskMatrix)} m WHERE m.id = a.matrix_id"
    return f"CASE WHEN a.kind = 'process' THEN 10 ELSE ({places}) END"


def write_risks(stage: Stage) -> None:
    """Risks, new and changed; a new one brings its control along."""
    upsert(stage, RiskItem, {"assessment_id": "s.assessment_id", "position": "s.position::int", **VALUES}, VALUES)
    stage.insert(
        RiskControl,
        {
            "item_id": "i.id",
            "kind": "s.control_kind",
            "description": "s.control",
            "verification": "coalesce(s.verification, '')",
        },
        joins=f"JOIN {table_of(RiskItem)} i ON i.assessment_id = s.assessment_id AND i.position = s.position::int",
        where="s.verdict = 'created' AND s.control IS NOT NULL",
    )
