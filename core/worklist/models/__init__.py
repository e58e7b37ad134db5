"""What waits for whom, what was escalated to whom, and what people said about a record."""

from core.worklist.models.filters import SavedFilter
from core.worklist.models.ladders import Escalation, EscalationRule, Whom
from core.worklist.models.telling import Comment, Digest, MailPreference, Notification, Watch
from core.worklist.models.work import Assignment, Delegation, Kind

__all__ = [
    "Assignment",
    "Comment",
    "Delegation",
    "Digest",
    "Escalation",
    "EscalationRule",
    "Kind",
    "MailPreference",
    "Notification",
    "SavedFilter",
    "Watch",
    "Whom",
]
