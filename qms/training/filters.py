"""Filters of the lists of training."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.models import Site
from core.web.filters import Filters
from qms.training.lifecycle import UNDONE
from qms.training.models import Qualification, ShiftAssignment, TrainingAssignment, TrainingRecord


class PersonFilter(django_filters.CharFilter):  # type: ignore[misc]
    """One of thousands of people is typed, by name, a part of it, user name or id; no page carries the list of them."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        words = (value or "").strip()
        if not words:
            return qs
        meant = Q(user__full_name__icontains=words) | Q(user__username__iexact=words)
        if words.isascii() and words.isdecimal() and len(words) < 19:
            meant |= Q(user=int(words))
        return qs.filter(meant)


class QualificationFilters(Filters):
    """By person, curriculum, state, and how soon it expires."""

    user = PersonFilter(label=_("Person"))
    expires_within = django_filters.NumberFilter(
        label=_("Expires within days"), method="expiring", min_value=0, max_value=36500
    )

    class Meta:
        model = Qualification
        fields = ("curriculum", "status")

    def expiring(self, queryset: QuerySet[Qualification], name: str, value: Any) -> QuerySet[Qualification]:
        """Active qualifications that end by then, also those that have ended."""
        return queryset.filter(status="active", valid_until__lte=now() + dt.timedelta(days=int(value)))


class TrainingAssignmentFilters(Filters):
    """By person, curriculum, kind, state, and whether it is overdue."""

    user = PersonFilter(label=_("Person"))
    overdue = django_filters.BooleanFilter(label=_("Overdue"), method="is_overdue")
    site = django_filters.ModelChoiceFilter(
        label=_("Home site"), field_name="user__home_site", queryset=Site.objects.all()
    )

    class Meta:
        model = TrainingAssignment
        fields = ("curriculum", "kind", "status", "cause")

    def is_overdue(self, queryset: QuerySet[TrainingAssignment], name: str, value: Any) -> QuerySet[TrainingAssignment]:
        """Open ones whose due time has passed, or all others."""
        wanted = {"status__in": UNDONE, "due_at__lt": now()}
        return queryset.filter(**wanted) if value else queryset.exclude(**wanted)


class TrainingRecordFilters(Filters):
    """By person and how it was learned."""

    user = PersonFilter(label=_("Person"))

    class Meta:
        model = TrainingRecord
        fields = ("how",)


class ShiftFilters(Filters):
    """By person, place and shift."""

    user = PersonFilter(label=_("Person"))

    class Meta:
        model = ShiftAssignment
        fields = ("work_center",)
