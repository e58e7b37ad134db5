"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.lifecycle.queries import reached_between
from core.organization.models import Partner, WorkCenter
from core.web.filters import Filters, moments_of
from qms.nonconformance.models import (
    BoardAuthority,
    Concession,
    DefectCode,
    NonConformance,
    OtherLot,
    PlannedDeviation,
)
from qms.nonconformance.queries import (
    OPEN_STATES,
    TRAITS,
    at_work_center,
    not_contained_in_time,
    of_material,
    of_supplier,
    with_words,
    without_trait,
)
from traceability.models import Material


class NonConformanceFilters(Filters):
    """State, severity, kind, defect, site, owner, and what is open or overdue."""

    work = django_filters.ChoiceFilter(
        label=_("Work"), method="by_work", choices=[("open", _("Open")), ("overdue", _("Overdue")), ("mine", _("Mine"))]
    )

    containment = django_filters.ChoiceFilter(
        label=_("Containment"),
        method="by_containment",
        choices=[("open", _("Not contained yet")), ("late", _("Not contained in time"))],
    )
    words = django_filters.CharFilter(label=_("Words in title or description"), method="by_words")
    reported = django_filters.DateFromToRangeFilter(label=_("Reported"), method="by_days")
    dispositioned = django_filters.DateFromToRangeFilter(label=_("Dispositioned"), method="by_reached")
    closed = django_filters.DateFromToRangeFilter(label=_("Closed"), method="by_reached")
    material = django_filters.CharFilter(label=_("Material number"), method="by_material")
    supplier = django_filters.CharFilter(label=_("Supplier's code"), method="by_supplier")
    work_center = django_filters.ModelChoiceFilter(
        label=_("Work center"), queryset=WorkCenter.objects.all(), method="by_work_center"
    )
    unset = django_filters.ChoiceFilter(
        label=_("Not known"), method="by_unset", choices=[(one.code, one.label) for one in TRAITS.values()]
    )
    counts = django_filters.ChoiceFilter(label=_("Counts in figures"), method="by_counts", choices=[("yes", _("Yes"))])

    class Meta:
        model = NonConformance
        fields = (
            "status", "severity", "kind", "defect_code", "site", "detection_point", "escape_point", "cause_category",
        )  # fmt: skip

    def by_containment(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Places are still to be answered; or the time was missed, by records that are closed too."""
        if value == "late":
            return queryset.filter(not_contained_in_time())
        return queryset.filter(contain_by__isnull=False, contained_at__isnull=True, status__in=OPEN_STATES)

    def by_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """All of these words, in any order."""
        return with_words(queryset, value)

    def by_days(self, queryset: QuerySet[Any], name: str, value: slice) -> QuerySet[Any]:
        """Reported on these days, by the calendar of the site that is chosen, else of the visitor's."""
        begins, until = moments_of(self, value)
        if begins is not None:
            queryset = queryset.filter(reported_at__gte=begins)
        return queryset if until is None else queryset.filter(reported_at__lt=until)

    def by_reached(self, queryset: QuerySet[Any], name: str, value: slice) -> QuerySet[Any]:
        """What came to the state of this name on these days."""
        return queryset.filter(pk__in=reached_between(NonConformance, name, *moments_of(self, value)))

    def by_material(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What affects the material with this number."""
        return of_material(queryset, Material.objects.filter(number=value.strip())[:1])

    def by_supplier(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What affects something that the partner with this code delivered."""
        return of_supplier(queryset, Partner.objects.filter(code=value.strip())[:1])

    def by_work_center(self, queryset: QuerySet[Any], name: str, value: WorkCenter) -> QuerySet[Any]:
        """What was raised from work there."""
        return at_work_center(queryset, value)

    def by_unset(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What has no value of this kind."""
        return without_trait(queryset, value)

    def by_counts(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What figures and charts count: all but what was cancelled."""
        return queryset.exclude(status="cancelled")

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


class BoardAuthorityFilters(Filters):
    """Function, site."""

    class Meta:
        model = BoardAuthority
        fields = ("function", "site")


class ConcessionFilters(Filters):
    """Defect, site, material by its number in the list."""

    class Meta:
        model = Concession
        fields = ("defect_code", "site", "material")


class OtherLotFilters(Filters):
    """Of which record, and whether it is answered."""

    answered = django_filters.ChoiceFilter(
        label=_("Answered"), method="by_answer", choices=[("no", _("No")), ("yes", _("Yes"))]
    )
    nonconformance = django_filters.CharFilter(label=_("Nonconformance"), field_name="nonconformance__number")

    class Meta:
        model = OtherLot
        fields = ("nonconformance", "answer", "relation")

    def by_answer(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Without an answer, or with one."""
        return queryset.filter(answer="") if value == "no" else queryset.exclude(answer="")


class PlannedDeviationFilters(Filters):
    """State, site."""

    class Meta:
        model = PlannedDeviation
        fields = ("status", "site")
