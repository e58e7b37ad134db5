"""States, moves and rights of change orders and of what is done for them (ISO 9001 8.5.6, ISO 13485 7.3.9)."""

from qms.changes.lifecycle.orders import (
    BEFORE_RELEASE,
    CHANGE_ORDER,
    DRAFTING,
    IN_FORCE,
    NAMING,
    OPEN_STATES,
    WAY,
    WORKING,
)
from qms.changes.lifecycle.parts import CHANGE_APPROVAL, CHANGE_TASK, IMPACT_ASSESSMENT
from qms.changes.lifecycle.rights import (
    APPROVE,
    ASSESS,
    CLOSE,
    CONFIGURE,
    MANAGE,
    PERFORM,
    RAISE,
    RELEASE,
    SWITCH,
    VERIFY,
    VIEW,
    VIEW_TYPE,
)

__all__ = [
    "APPROVE",
    "ASSESS",
    "BEFORE_RELEASE",
    "CHANGE_APPROVAL",
    "CHANGE_ORDER",
    "CHANGE_TASK",
    "CLOSE",
    "CONFIGURE",
    "DRAFTING",
    "IMPACT_ASSESSMENT",
    "IN_FORCE",
    "MANAGE",
    "NAMING",
    "OPEN_STATES",
    "PERFORM",
    "RAISE",
    "RELEASE",
    "SWITCH",
    "VERIFY",
    "VIEW",
    "VIEW_TYPE",
    "WAY",
    "WORKING",
]
