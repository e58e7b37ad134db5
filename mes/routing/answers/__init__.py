"""What routings tell the apps below."""

from mes.routing.answers import capa, changes, records, rework

__all__ = ["capa", "changes", "records", "rework"]
