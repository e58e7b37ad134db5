"""Every write of complaints, decision trees and reports.

Lock order: the complaint, then its report, then what nonconformance and traceability lock.
"""

from qms.complaints.services.codes import change_code, create_code
from qms.complaints.services.deciding import DECISION_MEANING, decide_reportability
from qms.complaints.services.examples import create_examples
from qms.complaints.services.intake import add_file, change_intake, link_similar, record_complaint
from qms.complaints.services.investigating import (
    raise_from_complaint,
    record_reply,
    request_letter,
    write_findings,
)
from qms.complaints.services.papers import request_record
from qms.complaints.services.reports import (
    acknowledge_report,
    export_report,
    return_report,
    review_report,
    submit_report,
    supplement_report,
    withdraw_report,
    write_report,
)
from qms.complaints.services.trees import create_tree, revise_tree, write_version
from qms.complaints.services.triage import (
    REOPENING_MEANING,
    TRIAGE_MEANING,
    WAIVER_MEANING,
    begin_investigation,
    close_complaint,
    dismiss_complaint,
    reopen_complaint,
    resolve_complaint,
    send_back,
    triage_complaint,
    waive_investigation,
)

__all__ = [
    "DECISION_MEANING",
    "REOPENING_MEANING",
    "TRIAGE_MEANING",
    "WAIVER_MEANING",
    "acknowledge_report",
    "add_file",
    "begin_investigation",
    "change_code",
    "change_intake",
    "close_complaint",
    "create_code",
    "create_examples",
    "create_tree",
    "decide_reportability",
    "dismiss_complaint",
    "export_report",
    "link_similar",
    "raise_from_complaint",
    "record_complaint",
    "record_reply",
    "reopen_complaint",
    "request_letter",
    "request_record",
    "resolve_complaint",
    "return_report",
    "review_report",
    "revise_tree",
    "send_back",
    "submit_report",
    "supplement_report",
    "triage_complaint",
    "waive_investigation",
    "withdraw_report",
    "write_findings",
    "write_report",
    "write_version",
]
