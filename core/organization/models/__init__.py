"""People, places, devices, roles and grants (ISA-95 equipment hierarchy for the places), and API tokens."""

from core.organization.models.api import ApiAnswer, ApiToken
from core.organization.models.places import (
    Area,
    Equipment,
    EquipmentClass,
    Grant,
    NumberSeries,
    Partner,
    Role,
    RolePermission,
    Site,
    Terminal,
    TerminalSession,
    User,
    UserManager,
    WorkCenter,
)
from core.organization.models.sign_in import AcceptedAssertion, BrowserSession, SignInAttempt, SignOnAttempt

__all__ = [
    "AcceptedAssertion",
    "ApiAnswer",
    "ApiToken",
    "Area",
    "BrowserSession",
    "Equipment",
    "EquipmentClass",
    "Grant",
    "NumberSeries",
    "Partner",
    "Role",
    "RolePermission",
    "SignInAttempt",
    "SignOnAttempt",
    "Site",
    "Terminal",
    "TerminalSession",
    "User",
    "UserManager",
    "WorkCenter",
]
