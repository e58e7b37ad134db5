"""States, moves and permissions of risk matrices and risk assessments (ISO 14971; ISO 13485 7.1; ISO 9001 6.1)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import Permission, declare

QUALITY = ("quality_engineer", "quality_head")
VIEW = "qms_risk.view_riskassessment"
CHANGE = "qms_risk.change_riskassessment"
APPROVE = "qms_risk.approve_riskassessment"
MATRIX_VIEW = "qms_risk.view_riskmatrix"
MATRIX_CHANGE = "qms_risk.change_riskmatrix"
MATRIX_APPROVE = "qms_risk.approve_riskmatrix"

REVIEW_WITHIN = timedelta(days=10)

declare(
    Permission(VIEW, _("See risk assessments"), ("lead", "planner", "process_engineer", *QUALITY, "auditor")),
    Permission(CHANGE, _("Assess risks"), ("process_engineer", *QUALITY)),
    Permission(APPROVE, _("Approve risk assessments"), QUALITY),
    Permission(MATRIX_VIEW, _("See risk matrices"), ("lead", "planner", "process_engineer", *QUALITY, "auditor")),
    Permission(MATRIX_CHANGE, _("Write risk matrices"), QUALITY),
    Permission(MATRIX_APPROVE, _("Approve risk matrices"), ("quality_head",)),
)

MATRIX = Lifecycle(
    "qms_risk.RiskMatrix",
    states=(
        State("draft", _("Draft"), tone="warn", icon="pencil"),
        State("approved", _("Approved"), tone="info", icon="signature"),
        State("effective", _("Effective"), tone="good", icon="circle-check"),
        State("superseded", _("Superseded"), tone="neutral", icon="archive", final=True),
        State("discarded", _("Discarded"), tone="neutral", icon="ban", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "approve",
            ("draft",),
            "approved",
            _("Approve"),
            permission=MATRIX_APPROVE,
            signature="approved",
            not_by=("author",),
            primary=True,
            explanation=_("Every combination of severity and probability is judged as the plant wants it."),
        ),
        Move(
            "make_effective",
            ("approved",),
            "effective",
            _("Make effective"),
            permission=MATRIX_APPROVE,
            primary=True,
            explanation=_(
                "New assessments are judged by it. Those that exist keep the matrix that they were made with."
            ),
        ),
        Move(
            "supersede",
            ("effective",),
            "superseded",
            _("Superseded"),
            permission=MATRIX_APPROVE,
            automatic=True,
        ),
        Move(
            "discard",
            ("draft", "approved"),
            "discarded",
            _("Discard"),
            permission=MATRIX_CHANGE,
            reason_required=True,
            destructive=True,
        ),
    ),
)

ASSESSMENT = Lifecycle(
    "qms_risk.RiskAssessment",
    states=(
        State("draft", _("Draft"), tone="warn", icon="pencil"),
        State("in_review", _("In review"), tone="info", icon="search"),
        State("approved", _("Approved"), tone="good", icon="circle-check"),
        State("periodic_review", _("To be looked at again"), tone="warn", icon="clock"),
        State("obsolete", _("Obsolete"), tone="neutral", icon="archive", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "submit",
            ("draft",),
            "in_review",
            _("Send to review"),
            permission=CHANGE,
            signature="authored",
            primary=True,
            explanation=_("Every risk is estimated before and after its controls; the controls are verified."),
        ),
        Move(
            "return",
            ("in_review",),
            "draft",
            _("Return to the author"),
            permission=APPROVE,
            reason_required=True,
        ),
        Move(
            "approve",
            ("in_review",),
            "approved",
            _("Approve"),
            permission=APPROVE,
            signature="approved",
            not_by=("author", "submit"),
            primary=True,
            explanation=_("You have looked at every risk, and the overall residual risk is acceptable as concluded."),
        ),
        Move(
            "ask_again",
            ("approved",),
            "periodic_review",
            _("Due for review"),
            permission=APPROVE,
            automatic=True,
        ),
        Move(
            "confirm",
            ("periodic_review",),
            "approved",
            _("Still right"),
            permission=APPROVE,
            signature="reviewed",
            primary=True,
            explanation=_("You have compared it with what happened since, and nothing has to change."),
        ),
        Move(
            "revise",
            ("approved", "periodic_review"),
            "draft",
            _("Revise"),
            permission=CHANGE,
            reason_required=True,
            explanation=_("It is opened for change; what was signed stays in its history."),
        ),
        Move(
            "make_obsolete",
            ("draft", "approved", "periodic_review"),
            "obsolete",
            _("Make obsolete"),
            permission=APPROVE,
            reason_required=True,
            destructive=True,
        ),
    ),
)
