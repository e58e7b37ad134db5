"""Every write of risk matrices and risk assessments. Whoever changes a part holds the lock of its assessment."""

from qms.risk.services.assessments import (
    change_assessment,
    create_assessment,
    raise_due_reviews,
    request_risk_file,
)
from qms.risk.services.items import (
    Estimate,
    add_control,
    add_item,
    change_control,
    change_item,
    link_item,
    remove_control,
    remove_item,
    unlink_item,
)
from qms.risk.services.matrices import MatrixContent, change_matrix, create_matrix, revise_matrix

__all__ = [
    "Estimate",
    "MatrixContent",
    "add_control",
    "add_item",
    "raise_due_reviews",
    "change_assessment",
    "change_control",
    "change_item",
    "change_matrix",
    "create_assessment",
    "create_matrix",
    "link_item",
    "remove_control",
    "remove_item",
    "request_risk_file",
    "revise_matrix",
    "unlink_item",
]
