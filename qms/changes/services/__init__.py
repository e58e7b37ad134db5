"""Every write of changes."""

from qms.changes.services.approving import approve_plan, reject_plan, request_approval
from qms.changes.services.assessing import (
    ask_again,
    assess,
    name_assessor,
    retrospective_assessments,
    start_assessment,
)
from qms.changes.services.configuring import (
    create_change_type,
    note_configuration,
    set_change_type,
    set_policy,
    switch_control,
)
from qms.changes.services.drafting import change_order, raise_change, set_scopes
from qms.changes.services.items import add_item, name_revision, remove_item
from qms.changes.services.orders import decide_order, mark_carried_out
from qms.changes.services.printing import request_print
from qms.changes.services.releasing import plan_release, release_due, withdraw_planned_release
from qms.changes.services.returning import (
    escalate_late_approval,
    extend_change,
    note_refused_return,
    return_to_previous,
)
from qms.changes.services.risks import name_risk, unname_risk
from qms.changes.services.suggestions import answer_suggestion, look_up
from qms.changes.services.tasks import add_dependency, add_task, change_task, remove_dependency

__all__ = [
    "add_dependency",
    "add_item",
    "add_task",
    "answer_suggestion",
    "approve_plan",
    "ask_again",
    "assess",
    "change_order",
    "change_task",
    "create_change_type",
    "decide_order",
    "escalate_late_approval",
    "extend_change",
    "look_up",
    "mark_carried_out",
    "name_assessor",
    "name_revision",
    "name_risk",
    "note_configuration",
    "note_refused_return",
    "plan_release",
    "raise_change",
    "reject_plan",
    "release_due",
    "remove_dependency",
    "remove_item",
    "request_approval",
    "request_print",
    "retrospective_assessments",
    "return_to_previous",
    "set_change_type",
    "set_policy",
    "set_scopes",
    "start_assessment",
    "switch_control",
    "unname_risk",
    "withdraw_planned_release",
]
