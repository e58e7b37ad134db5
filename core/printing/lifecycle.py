"""Permissions over sealed records and printers; states and moves of what is sent to printers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare

declare(
    Permission(
        "core_printing.view_printedrecord",
        _("See and download every sealed record of a site"),
        ("auditor", "external_auditor", "quality_engineer", "quality_head"),
    ),
)

ASKERS = ("operator", "lead", "planner", "quality_engineer", "quality_head")

declare(
    Permission("core_printing.view_printer", _("See printers"), ROLE_TEMPLATES),
    Permission("core_printing.change_printer", _("Set up printers, and where each is used"), ("admin",), gmp=False),
    Permission("core_printing.view_printjob", _("See what is printed and waits to be"), ROLE_TEMPLATES),
    Permission("core_printing.handle_printjob", _("Send again, cancel and confirm what is printed"), ASKERS),
)

PRINT_JOB = Lifecycle(
    "core_printing.PrintJob",
    states=(
        State("queued", _("Waiting"), tone="info", icon="clock"),
        State("sending", _("Being sent"), tone="info", icon="play"),
        State("sent", _("Sent"), tone="good", icon="printer"),
        State("confirmed", _("Confirmed"), tone="good", icon="circle-check", final=True),
        State("failed", _("Failed"), tone="bad", icon="alert"),
        State("cancelled", _("Cancelled"), tone="neutral", icon="x", final=True),
    ),
    births=("queued",),
    moves=(
        Move(
            "start",
            ("queued",),
            "sending",
            _("Begin to send"),
            permission="core_printing.handle_printjob",
            automatic=True,
        ),
        Move(
            "wait",
            ("sending",),
            "queued",
            _("Wait for the printer"),
            permission="core_printing.handle_printjob",
            explanation=_("The printer was not reached and got nothing; it is tried again."),
            automatic=True,
        ),
        Move(
            "deliver",
            ("sending",),
            "sent",
            _("Sent to the printer"),
            permission="core_printing.handle_printjob",
            automatic=True,
        ),
        Move(
            "hand_out",
            ("queued",),
            "sent",
            _("Handed out as PDF"),
            permission="core_printing.view_printjob",
            automatic=True,
        ),
        Move(
            "fail",
            ("queued", "sending"),
            "failed",
            _("Fail"),
            permission="core_printing.handle_printjob",
            automatic=True,
        ),
        Move(
            "confirm",
            ("sent", "failed"),
            "confirmed",
            _("Confirm that it came out"),
            permission="core_printing.handle_printjob",
            primary=True,
            explanation=_("You hold the print in your hands, all of it, and it can be read."),
        ),
        Move(
            "report_failure",
            ("sent",),
            "failed",
            _("It did not come out"),
            permission="core_printing.handle_printjob",
            reason_required=True,
            explanation=_("The print can then be sent again. Destroy what came out of it."),
        ),
        Move(
            "retry",
            ("failed",),
            "queued",
            _("Send again"),
            permission="core_printing.handle_printjob",
            explanation=_("The same print is sent to the same printer once more."),
        ),
        Move(
            "cancel",
            ("queued", "failed"),
            "cancelled",
            _("Cancel the print"),
            permission="core_printing.handle_printjob",
            destructive=True,
            explanation=_("It is not sent any more."),
        ),
    ),
)
