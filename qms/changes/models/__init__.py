"""Change orders, what they change, what is done for them, and what asks for them."""

from qms.changes.models.configuration import ChangePolicy, ChangeType, ConfigurationControl, RequiredFunction
from qms.changes.models.facts import ChangeExtension, ChangeRelease, ConfigurationEdit
from qms.changes.models.orders import ChangeItem, ChangeOrder, ConfigurationScope
from qms.changes.models.parts import (
    ChangeApproval,
    ChangeSuggestion,
    ChangeTask,
    ImpactAssessment,
    TaskDependency,
    WipDecision,
)
from qms.changes.models.risks import ChangeRisk

__all__ = [
    "ChangeApproval",
    "ChangeExtension",
    "ChangeItem",
    "ChangeOrder",
    "ChangePolicy",
    "ChangeRelease",
    "ChangeRisk",
    "ChangeSuggestion",
    "ChangeTask",
    "ChangeType",
    "ConfigurationControl",
    "ConfigurationEdit",
    "ConfigurationScope",
    "ImpactAssessment",
    "RequiredFunction",
    "TaskDependency",
    "WipDecision",
]
