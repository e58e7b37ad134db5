"""Reading the trail: the changes of one record, its events, and the seals over everything."""

from core.trail.queries.changes import FieldChange, RecordChange, changes_of, events_of
from core.trail.queries.sealed import newest_head

__all__ = ["FieldChange", "RecordChange", "changes_of", "events_of", "newest_head"]
