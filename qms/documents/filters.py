"""Filters of the list of documents."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.models import Site
from core.web.filters import Filters
from qms.documents.lifecycle import DOCUMENT_REVISION
from qms.documents.models import ControlledCopy, Document, ExternalDocument, FilledForm, PeriodicReview


class DocumentFilters(Filters):
    """By kind, site, and the state of any revision."""

    revision = django_filters.ChoiceFilter(
        label=_("Has a revision that is"),
        choices=[(state.code, state.label) for state in DOCUMENT_REVISION.states],
        method="with_revision",
    )

    class Meta:
        model = Document
        fields = ("kind", "type", "site", "department")

    def with_revision(self, queryset: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Documents with a revision in this state."""
        return queryset.filter(revisions__status=value).distinct()


class CopyFilters(Filters):
    """By whereabouts, and those that have to be collected."""

    to_collect = django_filters.BooleanFilter(label=_("To be collected"), method="of_those_to_collect")

    class Meta:
        model = ControlledCopy
        fields = ("status",)

    def of_those_to_collect(
        self, queryset: QuerySet[ControlledCopy], name: str, value: bool
    ) -> QuerySet[ControlledCopy]:
        """Copies that are out although their revision is not effective any more, or their time is over."""
        is_old = ~Q(revision__status="effective") | Q(valid_until__lte=now())
        wanted = Q(status__in=("issued", "missing")) & is_old
        return queryset.filter(wanted) if value else queryset.exclude(wanted)


class ReviewFilters(Filters):
    """By outcome, and those that are overdue."""

    overdue = django_filters.BooleanFilter(label=_("Overdue"), method="of_the_overdue")
    site = django_filters.ModelChoiceFilter(label=_("Site"), field_name="document__site", queryset=Site.objects.all())

    class Meta:
        model = PeriodicReview
        fields = ("status",)

    def of_the_overdue(self, queryset: QuerySet[PeriodicReview], name: str, value: bool) -> QuerySet[PeriodicReview]:
        """Open reviews whose day has passed."""
        late = Q(status="open", due_on__lt=now().date())
        return queryset.filter(late) if value else queryset.exclude(late)


class FilledFormFilters(Filters):
    """By state and site."""

    class Meta:
        model = FilledForm
        fields = ("status", "site")


class ExternalFilters(Filters):
    """By site, and those whose check is overdue."""

    overdue = django_filters.BooleanFilter(label=_("Check overdue"), method="of_the_overdue")

    class Meta:
        model = ExternalDocument
        fields = ("site", "is_active")

    def of_the_overdue(
        self, queryset: QuerySet[ExternalDocument], name: str, value: bool
    ) -> QuerySet[ExternalDocument]:
        """Documents in use whose day of checking has passed."""
        late = Q(is_active=True, next_check_on__lt=now().date())
        return queryset.filter(late) if value else queryset.exclude(late)
