"""Every write of nonconformances, of the review board, and of planned deviations.

Lock order: the nonconformance, then its defect code where use-as-is is counted, then what traceability locks (lots by
id, units by id). Whoever changes an affected item or a disposition holds the lock of its nonconformance.
"""

from qms.nonconformance.services.board import (
    appoint_to_board,
    approve_disposition,
    approve_dispositions,
    change_board_authority,
    change_board_rule,
    create_board_rule,
    redispose,
    reject_disposition,
    witness_scrap,
)
from qms.nonconformance.services.codes import change_defect_code, create_defect_code
from qms.nonconformance.services.containment import answer_containment, look_for_places
from qms.nonconformance.services.deviations import (
    ValueAllowed,
    change_deviation,
    draft_deviation,
    lock_deviation,
    use_deviation,
)
from qms.nonconformance.services.dispositions import complete_disposition, propose_disposition, withdraw_disposition
from qms.nonconformance.services.investigation import (
    answer_other_lot,
    assign_owner,
    decide_capa,
    list_other_lots,
    merge_nonconformance,
)
from qms.nonconformance.services.items import ItemInput, add_affected_item, count_affected_item
from qms.nonconformance.services.raising import raise_nonconformance
from qms.nonconformance.services.triage import (
    add_photo,
    answer_recurrence,
    cancel_nonconformance,
    close_nonconformance,
    return_to_review,
    send_to_review,
    state_cause,
    triage_nonconformance,
)

__all__ = [
    "answer_other_lot",
    "appoint_to_board",
    "assign_owner",
    "change_board_authority",
    "change_board_rule",
    "change_deviation",
    "create_board_rule",
    "decide_capa",
    "draft_deviation",
    "list_other_lots",
    "merge_nonconformance",
    "redispose",
    "reject_disposition",
    "use_deviation",
    "ValueAllowed",
    "answer_containment",
    "look_for_places",
    "lock_deviation",
    "witness_scrap",
    "ItemInput",
    "add_affected_item",
    "add_photo",
    "answer_recurrence",
    "approve_disposition",
    "approve_dispositions",
    "cancel_nonconformance",
    "change_defect_code",
    "close_nonconformance",
    "complete_disposition",
    "count_affected_item",
    "create_defect_code",
    "propose_disposition",
    "raise_nonconformance",
    "return_to_review",
    "send_to_review",
    "state_cause",
    "triage_nonconformance",
    "withdraw_disposition",
]
