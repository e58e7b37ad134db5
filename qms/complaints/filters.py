"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.models import Site
from core.web.filters import Filters
from qms.complaints.models import Complaint, ComplaintCode, RegulatoryReport
from qms.complaints.queries import OPEN_STATES


class ComplaintFilters(Filters):
    """State, code, harm, channel, days, and what is open, overdue, mine or reportable."""

    work = django_filters.ChoiceFilter(
        label=_("Work"),
        method="by_work",
        choices=[
            ("open", _("Open")),
            ("overdue", _("Overdue")),
            ("mine", _("Mine")),
            ("reportable", _("Has to be reported")),
        ],
    )
    received_on = django_filters.DateFromToRangeFilter(label=_("Received"))
    product = django_filters.CharFilter(label=_("Product number"), field_name="material__number")
    counts = django_filters.ChoiceFilter(
        label=_("Counts in the trend"), method="by_counts", choices=[("yes", _("Yes")), ("no", _("No"))]
    )

    class Meta:
        model = Complaint
        fields = ("status", "harm", "code", "channel", "site")

    def by_work(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open: somebody still has to act; overdue: past its next date; reportable: a report waits to be sent."""
        queryset = queryset.filter(status__in=OPEN_STATES)
        if value == "overdue":
            return queryset.filter(due_at__lt=now())
        if value == "reportable":
            waiting = RegulatoryReport.objects.filter(status__in=("draft", "reviewed"))
            return queryset.filter(pk__in=waiting.values("complaint"))
        return queryset.filter(owner=self.request.user) if value == "mine" else queryset

    def by_counts(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Whether it counts as a complaint: all but those that the triage found to be none."""
        return queryset.filter(is_complaint="no") if value == "no" else queryset.exclude(is_complaint="no")


class ReportFilters(Filters):
    """State, form, and what is still to be sent or late."""

    work = django_filters.ChoiceFilter(
        label=_("Work"), method="by_work", choices=[("open", _("To be sent")), ("overdue", _("Overdue"))]
    )

    site = django_filters.ModelChoiceFilter(label=_("Site"), field_name="complaint__site", queryset=Site.objects.all())
    submitted_on = django_filters.DateFromToRangeFilter(label=_("Submitted"))

    class Meta:
        model = RegulatoryReport
        fields = ("status", "form")

    def by_work(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What waits; overdue by the day of UTC."""
        queryset = queryset.filter(status__in=("draft", "reviewed"))
        return queryset.filter(due_on__lt=now().date()) if value == "overdue" else queryset


class ComplaintCodeFilters(Filters):
    """Kind, and whether it is still used."""

    class Meta:
        model = ComplaintCode
        fields = ("kind", "is_active")
