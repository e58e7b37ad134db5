"""Every write of nonconformances.

Lock order: the nonconformance, then what traceability locks (lots by id, units by id). Whoever changes an affected item
or a disposition holds the lock of its nonconformance.
"""

from qms.nonconformance.services.codes import change_defect_code, create_defect_code
from qms.nonconformance.services.dispositions import (
    approve_disposition,
    approve_dispositions,
    complete_disposition,
    propose_disposition,
    withdraw_disposition,
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
