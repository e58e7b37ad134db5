"""States, moves and rights of production orders, their operations, runs and calls for help."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare

VIEW = "mes_execution.view_productionorder"
CREATE = "mes_execution.create_productionorder"
RELEASE = "mes_execution.release_productionorder"
CLOSE = "mes_execution.close_productionorder"
SANDBOX = "mes_execution.try_productionorder"
EXECUTE = "mes_execution.execute_orderoperation"
CORRECT = "mes_execution.correct_orderoperation"
SIGN = "mes_execution.sign_orderoperation"
CHANGE = "mes_execution.change_orderoperation"
REPORT_DEFECT = "mes_execution.report_defect"
OVERRIDE = "mes_execution.override_training"
VIEW_ANDON = "mes_execution.view_andon"
RAISE_ANDON = "mes_execution.raise_andon"
ANSWER_ANDON = "mes_execution.answer_andon"
VIEW_NOTE = "mes_execution.view_floornote"

declare(
    Permission(VIEW, _("See production orders and their operations"), ROLE_TEMPLATES),
    Permission(CREATE, _("Create production orders"), ("planner",)),
    Permission(RELEASE, _("Release production orders to the floor"), ("planner",)),
    Permission(CLOSE, _("Close and cancel production orders"), ("planner",)),
    Permission(SANDBOX, _("Try a routing as operator on a sandbox order"), ("process_engineer",)),
    Permission(EXECUTE, _("Execute operations: start, record, consume, report, complete"), ("operator", "lead")),
    Permission(CORRECT, _("Correct the entries of other people, with a reason"), ("lead",)),
    Permission(
        SIGN, _("Sign an operation as verifier or witness"), ("operator", "lead", "quality_engineer", "quality_head")
    ),
    Permission(CHANGE, _("Move an open operation to a newer instruction"), ("process_engineer",)),
    Permission(OVERRIDE, _("Let somebody work untrained, under a deviation"), ("lead",)),
    Permission(REPORT_DEFECT, _("Report a defect from the floor"), ("operator", "lead")),
    Permission(VIEW_ANDON, _("See calls for help from the floor"), ROLE_TEMPLATES),
    Permission(VIEW_NOTE, _("See notes, counts and photos from the floor"), ROLE_TEMPLATES),
    Permission(RAISE_ANDON, _("Call for help from the floor"), ("operator", "lead")),
    Permission(ANSWER_ANDON, _("Answer and close calls for help"), ("lead", "process_engineer", "quality_engineer")),
)

PRODUCTION_ORDER = Lifecycle(
    "mes_execution.ProductionOrder",
    reads=("material__uom", "routing_revision", "lot"),
    states=(
        State("draft", _("Draft"), tone="neutral", icon="pencil"),
        State("released", _("Released"), tone="info", icon="send"),
        State("in_progress", _("In progress"), tone="info", icon="player-play"),
        State("completed", _("Completed"), tone="good", icon="check"),
        State("closed", _("Closed"), tone="neutral", icon="lock", final=True),
        State("cancelled", _("Cancelled"), tone="neutral", icon="x", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "release",
            ("draft",),
            "released",
            _("Release to the floor"),
            RELEASE,
            primary=True,
            explanation=_("Pins the routing and the instructions, and makes the finished lot."),
        ),
        Move("start", ("released",), "in_progress", _("Start"), EXECUTE, automatic=True),
        Move("complete", ("in_progress",), "completed", _("Complete"), EXECUTE, automatic=True),
        Move("reopen", ("completed",), "in_progress", _("Reopen"), CORRECT, reason_required=True, automatic=True),
        Move("close", ("released", "in_progress", "completed"), "closed", _("Close"), CLOSE, primary=True),
        Move(
            "cancel",
            ("draft", "released", "in_progress"),
            "cancelled",
            _("Cancel"),
            CLOSE,
            reason_required=True,
            destructive=True,
            explanation=_(
                "It will not be made. Its empty lot is voided; what was recorded stays, in the production record of a"
                " cancelled order."
            ),
        ),
    ),
)

ORDER_OPERATION = Lifecycle(
    "mes_execution.OrderOperation",
    states=(
        State("waiting", _("Waiting"), tone="neutral", icon="clock"),
        State("in_progress", _("In progress"), tone="info", icon="player-play"),
        State("paused", _("Paused"), tone="warn", icon="player-pause"),
        State("completed", _("Completed"), tone="good", icon="check", final=True),
    ),
    births=("waiting",),
    moves=(
        Move("start", ("waiting",), "in_progress", _("Start"), EXECUTE, primary=True),
        Move("pause", ("in_progress",), "paused", _("Pause"), EXECUTE),
        Move("resume", ("paused",), "in_progress", _("Resume"), EXECUTE, primary=True),
        Move("complete", ("in_progress",), "completed", _("Complete"), EXECUTE, primary=True),
        Move("reopen", ("completed",), "in_progress", _("Reopen"), CORRECT, reason_required=True),
    ),
)

OPERATION_RUN = Lifecycle(
    "mes_execution.OperationRun",
    states=(
        State("running", _("Running"), tone="info", icon="player-play"),
        State("paused", _("Paused"), tone="warn", icon="player-pause"),
        State("ended", _("Ended"), tone="neutral", icon="player-stop", final=True),
    ),
    births=("running",),
    moves=(
        Move("pause", ("running",), "paused", _("Pause"), EXECUTE),
        Move("resume", ("paused",), "running", _("Resume"), EXECUTE),
        Move("end", ("running", "paused"), "ended", _("End"), EXECUTE),
    ),
)

ANDON = Lifecycle(
    "mes_execution.Andon",
    states=(
        State("open", _("Open"), tone="bad", icon="bell"),
        State("acknowledged", _("Acknowledged"), tone="warn", icon="user-check"),
        State("closed", _("Closed"), tone="neutral", icon="check", final=True),
    ),
    births=("open",),
    moves=(
        Move("acknowledge", ("open",), "acknowledged", _("I am coming"), ANSWER_ANDON, primary=True),
        Move("close", ("open", "acknowledged"), "closed", _("Close"), ANSWER_ANDON),
    ),
)
