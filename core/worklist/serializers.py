"""How work looks in the API."""

from __future__ import annotations

from core.web.api import Shape
from core.worklist.models import Assignment


class AssignmentShape(Shape):
    class Meta:
        model = Assignment
        fields = ("id", "kind", "title", "subject_label", "to_user", "to_role", "site", "due_at", "status", "version")
