"""Every write of orders and of what happens on the floor.

Keyword-only, atomic, idempotent by `client_id`: a repeated request gets the first result (`Outcome.repeated`). Each one
locks order → operation → run → lots → units, asks every guard (the decision is stored, allowed or denied) and writes.
"""

from mes.execution.queries.context import Component
from mes.execution.services.components import consume_lot, undo_consumption
from mes.execution.services.enforcement import protect_consumption
from mes.execution.services.help import acknowledge_andon, call_lead, close_andon, raise_andon, report_defect
from mes.execution.services.labels import print_label
from mes.execution.services.measured import Measured
from mes.execution.services.notes import leave_note
from mes.execution.services.orders import (
    adopt_instruction,
    cancel_order,
    close_order,
    create_order,
    release_order,
    try_routing,
)
from mes.execution.services.outputs import complete_unit, report_output, undo_booking, undo_output
from mes.execution.services.recording import complete_step, record_value
from mes.execution.services.results import Outcome
from mes.execution.services.running import (
    complete_operation,
    leave_operation,
    pause_operation,
    reopen_operation,
    resume_operation,
    sign_operation,
    start_operation,
)
from mes.execution.services.scans import read_component, refuse_scans
from mes.execution.services.training import let_untrained_work, train_for_operation

__all__ = [
    "Component",
    "Measured",
    "Outcome",
    "acknowledge_andon",
    "adopt_instruction",
    "call_lead",
    "cancel_order",
    "close_andon",
    "close_order",
    "complete_operation",
    "complete_step",
    "complete_unit",
    "consume_lot",
    "create_order",
    "leave_note",
    "leave_operation",
    "let_untrained_work",
    "pause_operation",
    "print_label",
    "protect_consumption",
    "raise_andon",
    "read_component",
    "record_value",
    "refuse_scans",
    "release_order",
    "reopen_operation",
    "report_defect",
    "report_output",
    "resume_operation",
    "sign_operation",
    "start_operation",
    "train_for_operation",
    "try_routing",
    "undo_booking",
    "undo_consumption",
    "undo_output",
]
