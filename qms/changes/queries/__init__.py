"""Every read about changes that another app or a page needs."""

from qms.changes.queries.board import Column, Figures, board, changes_for, figures, planned_releases
from qms.changes.queries.configuration import (
    configuration_blockers,
    configuration_switch,
    configuration_types,
    edits_of,
    open_configuration_change,
)
from qms.changes.queries.control import change_blockers, item_of, needs_change
from qms.changes.queries.controlled import (
    controlled_kind,
    controlled_kinds,
    effective_of,
    floor_of,
    in_flight_of,
    items_of,
    kind_of,
    master_of,
)
from qms.changes.queries.demand import OrderLine, order_lines, uses_of_the_old
from qms.changes.queries.due import due_releases, due_returns, late_retrospectives, working_days_after
from qms.changes.queries.floor import Limit, any_limits, finishes_on_old, limits, overdue_limits
from qms.changes.queries.parts import (
    approval_round,
    approvals_of,
    assessments_of,
    depends_on,
    open_suggestions,
    people_for,
    risks_of_change,
    suggestions_of,
    tasks_of,
    with_counts,
)
from qms.changes.queries.plan import plan_digest, scope_digest
from qms.changes.queries.record import as_data, signatures_in, signed_parts
from qms.changes.queries.suggestions import affected_by

__all__ = [
    "Column",
    "Figures",
    "Limit",
    "OrderLine",
    "affected_by",
    "any_limits",
    "approval_round",
    "approvals_of",
    "as_data",
    "assessments_of",
    "board",
    "change_blockers",
    "changes_for",
    "configuration_blockers",
    "configuration_types",
    "configuration_switch",
    "controlled_kind",
    "controlled_kinds",
    "depends_on",
    "due_releases",
    "due_returns",
    "edits_of",
    "effective_of",
    "figures",
    "finishes_on_old",
    "floor_of",
    "in_flight_of",
    "item_of",
    "items_of",
    "kind_of",
    "late_retrospectives",
    "limits",
    "master_of",
    "needs_change",
    "open_configuration_change",
    "open_suggestions",
    "order_lines",
    "overdue_limits",
    "people_for",
    "plan_digest",
    "planned_releases",
    "risks_of_change",
    "scope_digest",
    "signatures_in",
    "signed_parts",
    "suggestions_of",
    "tasks_of",
    "uses_of_the_old",
    "with_counts",
    "working_days_after",
]
