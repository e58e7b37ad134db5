"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.models import EquipmentClass, Site, WorkCenter
from core.web.filters import Filters
from qms.calibration.models import CalibrationPlan, CalibrationRecord
from qms.calibration.queries import OPEN, STANDINGS, standing_is


class CalibrationPlanFilters(Filters):
    """How it stands, its class, where it is, whether it is a reference standard."""

    standing = django_filters.ChoiceFilter(
        label=_("Standing"), choices=[(state.code, state.label) for state in STANDINGS], method="standing_so"
    )
    kind = django_filters.ModelChoiceFilter(
        label=_("Class"), field_name="equipment__equipment_class", queryset=EquipmentClass.objects.all()
    )
    work_center = django_filters.ModelChoiceFilter(
        label=_("Work center"), field_name="equipment__work_center", queryset=WorkCenter.objects.all()
    )

    site = django_filters.ModelChoiceFilter(
        label=_("Site"), field_name="equipment__work_center__area__site", queryset=Site.objects.all()
    )

    class Meta:
        model = CalibrationPlan
        fields = ("is_standard",)

    def standing_so(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Gauges that stand so today."""
        return queryset.filter(standing_is(value, now().date()))


class CalibrationRecordFilters(Filters):
    """State, and what still waits for somebody."""

    work = django_filters.ChoiceFilter(
        label=_("Work"), method="by_work", choices=[("open", _("Open")), ("overdue", _("Overdue"))]
    )

    site = django_filters.ModelChoiceFilter(
        label=_("Site"), field_name="plan__equipment__work_center__area__site", queryset=Site.objects.all()
    )
    found = django_filters.ChoiceFilter(
        label=_("As found"), method="by_found", choices=[("out", _("Out of tolerance")), ("in", _("In tolerance"))]
    )
    performed_on = django_filters.DateFromToRangeFilter(label=_("Performed"))

    class Meta:
        model = CalibrationRecord
        fields = ("status",)

    def by_found(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Whether all as-found values lay within their tolerance."""
        return queryset.filter(found_in_tolerance=value == "in")

    def by_work(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open: somebody still has to act; overdue: past its day."""
        queryset = queryset.filter(status__in=OPEN)
        return queryset.filter(due_at__lt=now()) if value == "overdue" else queryset
