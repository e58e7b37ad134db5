"""Every read about orders and the floor that another app or a page needs."""

from mes.execution.queries.bookings import Booking, booking, fresh_bookings, left_to_undo, recent_bookings
from mes.execution.queries.calls import Call, open_calls
from mes.execution.queries.completion import (
    Lacking,
    SignatureNeed,
    components_missing,
    missing_data,
    signature_needs,
    unconfirmed_steps,
)
from mes.execution.queries.context import Component, GateContext, context_of
from mes.execution.queries.counters import Counters, consumed_of, counters, counters_of
from mes.execution.queries.deviations import deviations_at
from mes.execution.queries.gates import (
    DispatchRow,
    dispatch_list,
    gate,
    next_action,
    open_operation,
    open_operations,
    operation_for,
    operations_for,
    people_at,
    telling,
)
from mes.execution.queries.gauges import scanned_gauge
from mes.execution.queries.materials import (
    MaterialLine,
    Scanned,
    component_blockers,
    material_lines,
    names_in,
    scanned_component,
    scanned_components,
    scanned_serial,
)
from mes.execution.queries.record import OperationFacts, Progress, order_facts, progress
from mes.execution.queries.release import newer_instruction, planned_operations
from mes.execution.queries.shift import Change, changes_since, handovers_since, last_shift
from mes.execution.queries.steps import Entry, Step, steps_at

__all__ = [
    "Booking",
    "Call",
    "Change",
    "Component",
    "Counters",
    "DispatchRow",
    "Entry",
    "GateContext",
    "Lacking",
    "MaterialLine",
    "OperationFacts",
    "Progress",
    "SignatureNeed",
    "Step",
    "booking",
    "changes_since",
    "component_blockers",
    "components_missing",
    "consumed_of",
    "context_of",
    "counters",
    "counters_of",
    "dispatch_list",
    "fresh_bookings",
    "gate",
    "handovers_since",
    "last_shift",
    "left_to_undo",
    "material_lines",
    "missing_data",
    "names_in",
    "newer_instruction",
    "next_action",
    "open_calls",
    "open_operation",
    "open_operations",
    "operation_for",
    "operations_for",
    "order_facts",
    "people_at",
    "planned_operations",
    "progress",
    "recent_bookings",
    "Scanned",
    "scanned_component",
    "scanned_components",
    "scanned_gauge",
    "scanned_serial",
    "signature_needs",
    "steps_at",
    "deviations_at",
    "telling",
    "unconfirmed_steps",
]
