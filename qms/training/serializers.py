"""How curricula and qualifications look in the API."""

from __future__ import annotations

from core.web.api import Shape
from qms.training.models import Curriculum, Qualification


class CurriculumShape(Shape):
    class Meta:
        model = Curriculum
        fields = ("id", "code", "name", "description", "valid_months", "is_active", "version")


class QualificationShape(Shape):
    class Meta:
        model = Qualification
        fields = (
            "id", "user", "curriculum", "valid_from", "valid_until", "status", "granted_by", "basis", "version",
        )  # fmt: skip
