"""Filters of the lists of training."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.web.filters import Filters
from qms.training.models import Qualification


class QualificationFilters(Filters):
    """By person, curriculum, state, and how soon it expires."""

    expires_within = django_filters.NumberFilter(
        label=_("Expires within days"), method="expiring", min_value=0, max_value=36500
    )

    class Meta:
        model = Qualification
        fields = ("user", "curriculum", "status")

    def expiring(self, queryset: QuerySet[Qualification], name: str, value: Any) -> QuerySet[Qualification]:
        """Active qualifications that end by then, also those that have ended."""
        return queryset.filter(status="active", valid_until__lte=now() + dt.timedelta(days=int(value)))
