"""States, moves and permissions of gauges and of their calibrations (ISO 13485 7.6; ISO 9001 7.1.5)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import Permission, declare

QUALITY = ("quality_engineer", "quality_head")
VIEW = "qms_calibration.view_calibrationplan"
CHANGE = "qms_calibration.change_calibrationplan"
TAKE_OUT = "qms_calibration.take_out_calibrationplan"
PUT_BACK = "qms_calibration.put_back_calibrationplan"
PERFORM = "qms_calibration.perform_calibrationrecord"
VERIFY = "qms_calibration.verify_calibrationrecord"
CLOSE = "qms_calibration.close_calibrationrecord"

DUE_SOON = timedelta(days=30)
"""So long before its due day the calibration of a gauge is asked for."""

declare(
    Permission(
        VIEW, _("See gauges and calibrations"), ("operator", "lead", "planner", "process_engineer", *QUALITY, "auditor")
    ),
    Permission(CHANGE, _("Plan the calibration of gauges"), ("process_engineer", *QUALITY)),
    Permission(TAKE_OUT, _("Take gauges out of service"), ("operator", "lead", "process_engineer", *QUALITY)),
    Permission(PUT_BACK, _("Put gauges back in service and retire them"), QUALITY),
    Permission(PERFORM, _("Calibrate"), ("lead", "process_engineer", *QUALITY)),
    Permission(VERIFY, _("Verify calibrations"), QUALITY),
    Permission(CLOSE, _("Judge what a failed calibration means"), QUALITY),
)

PLAN = Lifecycle(
    "qms_calibration.CalibrationPlan",
    states=(
        State("in_service", _("In service"), tone="good", icon="circle-check"),
        State("out_of_service", _("Out of service"), tone="bad", icon="ban"),
        State("lost", _("Lost"), tone="bad", icon="search"),
        State("retired", _("Retired"), tone="neutral", icon="x", final=True),
    ),
    births=("in_service",),
    moves=(
        Move(
            "take_out",
            ("in_service",),
            "out_of_service",
            _("Take out of service"),
            permission=TAKE_OUT,
            signature="performed",
            reason_required=True,
            destructive=True,
            explanation=_("Nothing is measured with it until it is put back."),
        ),
        Move(
            "lose",
            ("in_service", "out_of_service"),
            "lost",
            _("Report as lost"),
            permission=TAKE_OUT,
            signature="performed",
            reason_required=True,
            destructive=True,
            explanation=_("It was looked for and not found. What was measured with it stands on its page."),
        ),
        Move(
            "put_back",
            ("out_of_service", "lost"),
            "in_service",
            _("Put back in service"),
            permission=PUT_BACK,
            signature="approved",
            reason_required=True,
            primary=True,
            explanation=_("It may be used again as far as its calibration is in force."),
        ),
        Move(
            "retire",
            ("in_service", "out_of_service", "lost"),
            "retired",
            _("Retire"),
            permission=PUT_BACK,
            signature="approved",
            reason_required=True,
            destructive=True,
            explanation=_("It is never used again; its records stay."),
        ),
    ),
)

RECORD = Lifecycle(
    "qms_calibration.CalibrationRecord",
    states=(
        State("due", _("Due"), tone="warn", icon="clock"),
        State("in_progress", _("In progress"), tone="info", icon="pencil"),
        State("passed", _("Passed, to be verified"), tone="info", icon="check"),
        State("failed", _("Failed"), tone="bad", icon="alert"),
        State("oot_impact", _("Impact in question"), tone="bad", icon="search"),
        State("closed", _("Closed"), tone="good", icon="circle-check", final=True),
        State("taken_over", _("Taken over"), tone="good", icon="certificate", final=True),
        State("cancelled", _("Cancelled"), tone="neutral", icon="ban", final=True),
    ),
    births=("due", "taken_over"),
    moves=(
        Move(
            "start",
            ("due",),
            "in_progress",
            _("Start"),
            permission=PERFORM,
            primary=True,
            explanation=_("The points and tolerances of the plan are taken as they are now."),
        ),
        Move(
            "pass",
            ("in_progress",),
            "passed",
            _("Passed"),
            permission=PERFORM,
            signature="performed",
            automatic=True,
        ),
        Move(
            "fail",
            ("in_progress",),
            "failed",
            _("Failed"),
            permission=PERFORM,
            signature="performed",
            automatic=True,
        ),
        Move(
            "return",
            ("passed", "failed"),
            "in_progress",
            _("Return to the performer"),
            permission=VERIFY,
            reason_required=True,
        ),
        Move(
            "verify",
            ("passed",),
            "closed",
            _("Verify"),
            permission=VERIFY,
            signature="verified",
            not_by=("performed_by",),
            primary=True,
            explanation=_("You have checked readings, standards and certificate. The calibration is in force then."),
        ),
        Move(
            "confirm",
            ("failed",),
            "oot_impact",
            _("Confirm the failure"),
            permission=VERIFY,
            signature="verified",
            not_by=("performed_by",),
            primary=True,
            explanation=_("You have checked the readings. What was measured with the gauge is in question now."),
        ),
        Move(
            "close",
            ("oot_impact",),
            "closed",
            _("Answer and close"),
            permission=CLOSE,
            signature="closed",
            primary=True,
            explanation=_("You have looked at every value measured with it and say what that means."),
        ),
        Move(
            "cancel",
            ("due", "in_progress"),
            "cancelled",
            _("Cancel"),
            permission=VERIFY,
            reason_required=True,
            destructive=True,
        ),
    ),
)
