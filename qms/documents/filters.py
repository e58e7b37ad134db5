"""Filters of the list of documents."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.web.filters import Filters
from qms.documents.lifecycle import DOCUMENT_REVISION
from qms.documents.models import Document


class DocumentFilters(Filters):
    """By kind, site, and the state of any revision."""

    revision = django_filters.ChoiceFilter(
        label=_("Has a revision that is"),
        choices=[(state.code, state.label) for state in DOCUMENT_REVISION.states],
        method="with_revision",
    )

    class Meta:
        model = Document
        fields = ("kind", "site")

    def with_revision(self, queryset: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Documents with a revision in this state."""
        return queryset.filter(revisions__status=value).distinct()
