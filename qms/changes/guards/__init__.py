"""Every “may not, because” of changes, and what they forbid below: revisions and configuration without a change."""

from qms.changes.guards import orders, parts, planning, release, revisions

__all__ = ["orders", "parts", "planning", "release", "revisions"]
