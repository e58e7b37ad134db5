"""Filters of the lists."""

from __future__ import annotations

from core.web.filters import Filters
from qms.risk.models import RiskAssessment, RiskMatrix


class RiskAssessmentFilters(Filters):
    """State, kind, site."""

    class Meta:
        model = RiskAssessment
        fields = ("status", "kind", "site")


class RiskMatrixFilters(Filters):
    """State."""

    class Meta:
        model = RiskMatrix
        fields = ("status",)
