"""The risk file of a product or a process: begun, reviewed, approved, looked at again."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect
from core.lifecycle.services import attempt, begin, perform
from core.organization.models import Site
from core.organization.services import next_number, require
from core.worklist.models import Kind
from core.worklist.services import assign, cancel_for, complete_for
from qms.risk.lifecycle import APPROVE, CHANGE, REVIEW_WITHIN, VIEW
from qms.risk.models import RiskAssessment, RiskMatrix
from qms.risk.queries import due_for_review
from traceability.models import Material

MODEL = "qms_risk.RiskAssessment"
FILE_JOB = "qms_risk.risk_file"


def editing(assessment: RiskAssessment, actor: Any) -> RiskAssessment:
    """The assessment, locked for a change by this person; `Blocked` unless it is a draft."""
    rows = RiskAssessment.objects.select_for_update(of=("self",)).select_related("site", "matrix")
    found = rows.get(pk=assessment.pk)
    require(actor, CHANGE, found)
    attempt(found, "edit", actor=actor)
    return found


@service
def create_assessment(
    *,
    site: Site,
    kind: str,
    title: str,
    actor: Any,
    matrix: RiskMatrix | None = None,
    material: Material | None = None,
    scope: str = "",
    owner: Any = None,
    review_months: int = 12,
    reason: str = "",
) -> RiskAssessment:
    """Begin a risk file. That of a product pins the revision of an effective matrix. Raises `Blocked`."""
    require(actor, CHANGE, site)
    kind = RiskAssessment.Kind(kind)
    if kind is RiskAssessment.Kind.PRODUCT and (matrix is None or matrix.status != "effective"):
        raise Blocked(
            Blocker(
                "no_matrix",
                _("The risks of a product are judged by an effective matrix."),
                record=matrix,
                remedy=_("Choose one, or have one approved and made effective first."),
            )
        )
    assessment = RiskAssessment(
        number=next_number(site, "RA"),
        site=site,
        kind=kind,
        title=title.strip(),
        scope=scope.strip(),
        material=material,
        matrix=matrix if kind is RiskAssessment.Kind.PRODUCT else None,
        author=actor,
        owner=owner or actor,
        review_months=review_months,
    )
    return begin(assessment, actor=actor, reason=reason)


@service
def change_assessment(
    *,
    assessment: RiskAssessment,
    title: str,
    scope: str,
    material: Material | None,
    owner: Any,
    conclusion: str,
    review_months: int,
    actor: Any,
    reason: str = "",
) -> RiskAssessment:
    """Change the head of a draft and conclude on the overall residual risk; the matrix stays pinned."""
    found = editing(assessment, actor)
    found.title, found.scope, found.material, found.owner = title.strip(), scope.strip(), material, owner
    found.conclusion, found.review_months = conclusion.strip(), review_months
    found.save()
    return found


@service
def raise_due_reviews(*, actor: Any, reason: str = "") -> list[RiskAssessment]:
    """Ask for the periodic review of every assessment whose day has come; beat calls it."""
    due = list(due_for_review(now().date())[:500])
    return [perform(one, "ask_again", actor=actor) for one in due]


@service
def request_risk_file(*, assessment: RiskAssessment, actor: Any, reason: str = "") -> BackgroundJob:
    """Have the approved assessment sealed as PDF; the same content again is the same file. Raises `Blocked`."""
    require(actor, VIEW, assessment)
    found = RiskAssessment.objects.get(pk=assessment.pk)
    if found.status not in ("approved", "periodic_review"):
        raise Blocked(not_approved(found))
    return enqueue(
        FILE_JOB,
        actor=actor,
        subject=found,
        title=_("Seal the risk file %(assessment)s") % {"assessment": found},
        unique_key=f"{FILE_JOB} {found.pk} {found.row_version}",
        assessment_id=found.pk,
    )


def not_approved(assessment: RiskAssessment) -> Blocker:
    """Why there is no file to be sealed."""
    return Blocker(
        "not_approved",
        _("%(assessment)s is “%(status)s”.") % {"assessment": assessment, "status": assessment.get_status_display()},
        record=assessment,
        remedy=_("Have it approved first."),
    )


@effect(MODEL, "submit")
def ask_for_approval(record: RiskAssessment, deed: Deed) -> None:
    """Somebody else looks at every risk."""
    complete_for(subject=record, kind=Kind.ACTION, actor=deed.actor)
    assign(
        subject=record,
        kind=Kind.APPROVAL,
        title=_("Approve %(assessment)s") % {"assessment": record},
        to_permission=APPROVE,
        not_to=record.author,
        due_at=deed.at + REVIEW_WITHIN,
        actor=deed.actor,
    )


@effect(MODEL, "return")
def ask_the_owner(record: RiskAssessment, deed: Deed) -> None:
    """It goes back to whoever looks after it."""
    complete_for(subject=record, kind=Kind.APPROVAL, actor=deed.actor)
    assign(
        subject=record,
        kind=Kind.ACTION,
        title=_("Rework %(assessment)s: %(reason)s") % {"assessment": record, "reason": deed.reason},
        to_user=record.owner,
        actor=deed.actor,
    )


@effect(MODEL, "approve", "confirm", before_save=True)
def say_when_it_is_looked_at_again(record: RiskAssessment, deed: Deed) -> None:
    """The day of its next review."""
    today = deed.at.astimezone(ZoneInfo(record.site.time_zone)).date()
    record.review_on = today + dt.timedelta(days=round(record.review_months * 30.4375))


@effect(MODEL, "approve", "confirm")
def it_is_judged(record: RiskAssessment, deed: Deed) -> None:
    """Nobody waits for it any more; its file is sealed."""
    for kind in (Kind.APPROVAL, Kind.REVIEW):
        complete_for(subject=record, kind=kind, actor=deed.actor)
    request_risk_file(assessment=record, actor=deed.actor)


@effect(MODEL, "ask_again")
def ask_for_the_review(record: RiskAssessment, deed: Deed) -> None:
    """Its owner, or whoever may approve it, compares it with what happened since."""
    assign(
        subject=record,
        kind=Kind.REVIEW,
        title=_("Look at %(assessment)s again") % {"assessment": record},
        to_permission=APPROVE,
        due_at=deed.at + REVIEW_WITHIN,
        actor=deed.actor,
    )


@effect(MODEL, "revise", "make_obsolete")
def take_the_review_back(record: RiskAssessment, deed: Deed) -> None:
    """What is open for change, or over, is not reviewed."""
    for kind in (Kind.REVIEW, Kind.ACTION):
        cancel_for(subject=record, kind=kind, actor=deed.actor)
