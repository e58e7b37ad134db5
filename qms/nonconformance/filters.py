"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.web.filters import Filters
from qms.nonconformance.models import DefectCode, NonConformance
from qms.nonconformance.queries import OPEN_STATES


class NonConformanceFilters(Filters):
    """State, severity, kind, defect, site, owner, and what is open or overdue."""

    work = django_filters.ChoiceFilter(
        label=_("Work"), method="by_work", choices=[("open", _("Open")), ("overdue", _("Overdue")), ("mine", _("Mine"))]
    )

    class Meta:
        model = NonConformance
        fields = ("status", "severity", "kind", "defect_code", "site")

    def by_work(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open: somebody still has to act; overdue: past its date; mine: open and owned by the visitor."""
        queryset = queryset.filter(status__in=OPEN_STATES)
        if value == "overdue":
            return queryset.filter(due_at__lt=now())
        return queryset.filter(owner=self.request.user) if value == "mine" else queryset


class DefectCodeFilters(Filters):
    """Severity, and whether it is still used."""

    class Meta:
        model = DefectCode
        fields = ("severity", "is_active")
