"""Periodic reviews, and the sealed risk file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from celery import shared_task
from django.utils.translation import gettext as _

from core.jobs.services import JobHandle
from core.kernel.errors import Blocked
from core.kernel.wiring import job
from core.organization.services import system_user
from core.printing.services import print_record
from core.signing.queries import manifest
from qms.risk.models import RiskAssessment
from qms.risk.queries import Judged, heat_map, judged_items
from qms.risk.services import raise_due_reviews
from qms.risk.services.assessments import FILE_JOB, not_approved


@shared_task(name="qms.risk.ask_for_reviews", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_for_reviews() -> None:
    """Ask for every periodic review whose day has come; beat calls it every hour (config/celery.py)."""
    raise_due_reviews(actor=system_user("risk"))


@job(FILE_JOB)
def print_risk_file(*, job: JobHandle, assessment_id: int) -> None:
    """Render, seal and store an approved assessment; the same content again is the same print."""
    assessment = RiskAssessment.objects.select_related("site", "matrix", "material", "author", "owner").get(
        pk=assessment_id
    )
    if assessment.status not in ("approved", "periodic_review"):
        raise Blocked(not_approved(assessment))
    risks = judged_items(assessment)
    items, matrix = [one.item for one in risks], assessment.matrix
    maps = [] if matrix is None else [heat_map(matrix, items), heat_map(matrix, items, residual=True)]
    printed = print_record(
        assessment,
        template="qms/risk/print/risk_file.html",
        context={"risks": risks, "maps": maps, "signatures": manifest(assessment)},
        data=file_data(assessment, risks),
        actor=job.actor,
        kind="risk-file",
        kind_label=_("Risk file"),
        title=assessment.title,
        job=job,
    )
    job.result_page(printed.get_absolute_url())


def file_data(assessment: RiskAssessment, risks: Sequence[Judged]) -> dict[str, Any]:
    """What a program reads from the file."""
    return {
        "assessment": assessment.number,
        "version": assessment.row_version,
        "kind": assessment.kind,
        "title": assessment.title,
        "scope": assessment.scope,
        "material": assessment.material.number if assessment.material else "",
        "matrix": str(assessment.matrix or ""),
        "conclusion": assessment.conclusion,
        "risks": [
            {
                "position": one.item.position,
                "hazard": one.item.hazard,
                "cause": one.item.cause,
                "situation": one.item.situation,
                "effect": one.item.effect,
                "before": [one.item.severity, one.item.probability, one.item.detection],
                "level_before": one.before.acceptability.value if one.before else "",
                "after": [one.item.residual_severity, one.item.residual_probability, one.item.residual_detection],
                "level_after": one.after.acceptability.value if one.after else "",
                "rationale": one.item.rationale,
                "new_risks": one.item.new_risks,
                "controls": [[control.kind, control.description, control.verification] for control in one.controls],
                "about": [link.subject_label for link in one.links],
            }
            for one in risks
        ],
    }
