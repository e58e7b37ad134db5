"""How risks are judged, what they are about, and which risks a record has."""

from qms.risk.queries.action_priority import action_priority
from qms.risk.queries.levels import (
    HeatMap,
    Judged,
    Level,
    heat_map,
    is_in_range,
    judged_items,
    level_after,
    level_before,
)
from qms.risk.queries.linking import (
    assessments_about,
    assessments_for,
    due_for_review,
    linkable_kinds,
    record_called,
    risks_of,
)

__all__ = [
    "HeatMap",
    "Judged",
    "Level",
    "action_priority",
    "assessments_about",
    "assessments_for",
    "due_for_review",
    "heat_map",
    "is_in_range",
    "judged_items",
    "level_after",
    "level_before",
    "linkable_kinds",
    "record_called",
    "risks_of",
]
