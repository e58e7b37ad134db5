"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.web.filters import Filters
from qms.changes.lifecycle import BEFORE_RELEASE, OPEN_STATES
from qms.changes.models import ChangeOrder, ChangeType


class ChangeOrderFilters(Filters):
    """State, type, class, site, and what is open, late or temporary."""

    work = django_filters.ChoiceFilter(
        label=_("Work"),
        method="by_work",
        choices=[
            ("open", _("Open")),
            ("overdue", _("Overdue")),
            ("mine", _("Mine")),
            ("unapproved", _("Emergencies to be approved")),
            ("in_force", _("Temporary and in force")),
        ],
    )

    class Meta:
        model = ChangeOrder
        fields = ("status", "change_type", "urgency", "is_temporary", "site")

    def by_work(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open: not closed or cancelled; overdue: not released by its date; mine: open and owned by the visitor."""
        if value == "overdue":
            return queryset.filter(status__in=BEFORE_RELEASE, due_at__lt=now())
        if value == "unapproved":
            return queryset.filter(status="released", urgency=ChangeOrder.Urgency.EMERGENCY)
        if value == "in_force":
            return queryset.filter(is_temporary=True, status__in=("released", "monitoring"))
        queryset = queryset.filter(status__in=OPEN_STATES)
        return queryset.filter(owner=self.request.user) if value == "mine" else queryset


class ChangeTypeFilters(Filters):
    """Category, and whether it is still used."""

    class Meta:
        model = ChangeType
        fields = ("category", "is_active")
