"""Filters of the list of production records."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lifecycle.queries import reached_between
from core.organization.models import Site
from core.web.filters import Filters, moments_of
from mes.production_record.models import ProductionRecord


class ProductionRecordFilters(Filters):
    """State, site, and the days on which they were released."""

    site = django_filters.ModelChoiceFilter(label=_("Site"), field_name="order__site", queryset=Site.objects.all())
    released = django_filters.DateFromToRangeFilter(label=_("Released"), method="by_reached")

    class Meta:
        model = ProductionRecord
        fields = ("status",)

    def by_reached(self, queryset: QuerySet[Any], name: str, value: slice) -> QuerySet[Any]:
        """What came to the state of this name on these days."""
        return queryset.filter(pk__in=reached_between(ProductionRecord, name, *moments_of(self, value)))
