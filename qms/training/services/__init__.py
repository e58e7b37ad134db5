"""Every write of training."""

from qms.training.services.assigning import (
    assign_for_revision,
    assign_missing,
    assign_training,
    carry_forward,
    expire_training,
    follow_dates,
    supersede_older,
    train_now,
    withdraw_assignments,
)
from qms.training.services.curricula import (
    add_audience,
    add_requirement,
    change_curriculum,
    create_curriculum,
    remove_audience,
    retire_requirement,
)
from qms.training.services.learning import (
    complete_reading,
    present_for_attestation,
    show_section,
    support_waiver,
    take_up,
)
from qms.training.services.printing import request_print
from qms.training.services.qualifications import (
    grant_qualification,
    reinstate,
    renew_qualification,
    revoke,
    suspend,
    suspend_unpractised,
)
from qms.training.services.quizzes import add_question, answer_quiz, create_quiz, remove_question
from qms.training.services.rules import (
    cancel_shift,
    override_training,
    plan_shift,
    set_signing_policy,
    waive_staffing,
)

__all__ = [
    "add_audience",
    "add_question",
    "add_requirement",
    "answer_quiz",
    "assign_for_revision",
    "assign_missing",
    "assign_training",
    "cancel_shift",
    "carry_forward",
    "change_curriculum",
    "complete_reading",
    "create_curriculum",
    "create_quiz",
    "expire_training",
    "follow_dates",
    "grant_qualification",
    "override_training",
    "plan_shift",
    "present_for_attestation",
    "reinstate",
    "remove_audience",
    "remove_question",
    "renew_qualification",
    "request_print",
    "retire_requirement",
    "revoke",
    "set_signing_policy",
    "show_section",
    "support_waiver",
    "supersede_older",
    "suspend",
    "suspend_unpractised",
    "take_up",
    "train_now",
    "waive_staffing",
    "withdraw_assignments",
]
