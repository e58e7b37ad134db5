"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.web.filters import Filters, moments_of
from qms.capa.lifecycle import OPEN_STATES
from qms.capa.models import Capa, CapaAction, CapaClosing, CapaSource
from qms.capa.queries import NOT_DONE


class CapaFilters(Filters):
    """State, priority, source, site, and what is open, late or the visitor's."""

    work = django_filters.ChoiceFilter(
        label=_("Work"),
        method="by_work",
        choices=[("open", _("Open")), ("overdue", _("Overdue")), ("mine", _("Mine"))],
    )
    source = django_filters.ChoiceFilter(label=_("Source"), method="by_source", choices=CapaSource.Kind.choices)

    closed = django_filters.DateFromToRangeFilter(label=_("Closed"), method="by_closed")

    class Meta:
        model = Capa
        fields = ("status", "priority", "kind", "site")

    def by_work(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open: neither closed, declined nor cancelled; mine: open and owned by the visitor."""
        queryset = queryset.filter(status__in=OPEN_STATES)
        if value == "overdue":
            return queryset.filter(due_at__lt=now())
        return queryset.filter(owner=self.request.user) if value == "mine" else queryset

    def by_closed(self, queryset: QuerySet[Any], name: str, value: slice) -> QuerySet[Any]:
        """What was closed on these days; reopened since or not."""
        begins, until = moments_of(self, value)
        found = CapaClosing.objects.order_by()
        if begins is not None:
            found = found.filter(stamped_at__gte=begins)
        if until is not None:
            found = found.filter(stamped_at__lt=until)
        return queryset.filter(pk__in=found.values("capa"))

    def by_source(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What came from such a source."""
        return queryset.filter(pk__in=CapaSource.objects.filter(kind=value).values("capa"))


class CapaActionFilters(Filters):
    """State, purpose, and what is open, late or the visitor's."""

    work = django_filters.ChoiceFilter(
        label=_("Work"),
        method="by_work",
        choices=[("open", _("Open")), ("overdue", _("Overdue")), ("mine", _("Mine"))],
    )

    class Meta:
        model = CapaAction
        fields = ("status", "purpose")

    def by_work(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open: neither accepted nor cancelled."""
        queryset = queryset.filter(status__in=NOT_DONE)
        if value == "overdue":
            return queryset.filter(due_at__lt=now())
        return queryset.filter(owner=self.request.user) if value == "mine" else queryset
