"""Every write of CAPAs."""

from qms.capa.services.across import answer_across, look_across, name_across
from qms.capa.services.actions import add_action, change_action
from qms.capa.services.causes import add_cause, change_cause, judge_cause, remove_cause, write_method
from qms.capa.services.common import (
    APPROVAL_MEANING,
    CLOSING_MEANING,
    DECLINE_MEANING,
    JUDGEMENT_MEANING,
    PLAN_MEANING,
    REOPENING_MEANING,
    TRIAGE_MEANING,
    VERIFICATION_MEANING,
)
from qms.capa.services.ending import close_capa, evaluate, judge_effect, verify_capa
from qms.capa.services.extending import request_extension
from qms.capa.services.planning import approve_plan, hand_over_plan, set_check
from qms.capa.services.printing import request_print
from qms.capa.services.raising import add_source, change_capa, raise_capa, remove_source
from qms.capa.services.triage import add_member, name_owner, remove_member, reopen_capa, triage_capa

__all__ = [
    "APPROVAL_MEANING",
    "CLOSING_MEANING",
    "DECLINE_MEANING",
    "JUDGEMENT_MEANING",
    "PLAN_MEANING",
    "REOPENING_MEANING",
    "TRIAGE_MEANING",
    "VERIFICATION_MEANING",
    "add_action",
    "add_cause",
    "add_member",
    "add_source",
    "answer_across",
    "approve_plan",
    "change_action",
    "change_capa",
    "change_cause",
    "close_capa",
    "evaluate",
    "hand_over_plan",
    "judge_cause",
    "judge_effect",
    "look_across",
    "name_across",
    "name_owner",
    "raise_capa",
    "remove_cause",
    "remove_member",
    "remove_source",
    "reopen_capa",
    "request_extension",
    "request_print",
    "set_check",
    "triage_capa",
    "verify_capa",
    "write_method",
]
