"""Columns of the list of documents."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.web.markup import badge
from core.web.tables import LinkColumn, NumberColumn, StateColumn, Table, TimeColumn, YesNoColumn
from qms.documents.lifecycle import DOCUMENT_REVISION
from qms.documents.models import (
    ControlledCopy,
    Document,
    DocumentType,
    ExternalDocument,
    FilledForm,
    LegalHold,
    PeriodicReview,
    RetentionClass,
)
from qms.documents.queries.copies import copy_status


class DocumentTable(Table):
    """One line per document: what is effective, and what is on its way."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Title"))
    kind = tables.Column(verbose_name=_("Kind"))
    type = tables.Column(verbose_name=_("Type"), accessor="type__code")
    site = tables.Column(verbose_name=_("Site"), accessor="site__code", default=_("All"))
    effective_revision = tables.Column(verbose_name=_("Effective"), orderable=False)
    effective_from = TimeColumn(verbose_name=_("Since"), orderable=False)
    next_revision = tables.Column(verbose_name=_("On its way"), orderable=False)
    owner = tables.Column(verbose_name=_("Owner"), accessor="owner__full_name")

    class Meta(Table.Meta):
        model = Document
        fields = ()

    def render_next_revision(self, value: str, record: Any) -> SafeString:
        state = DOCUMENT_REVISION.state(record.next_status)
        return badge(f"{value} · {state.label}", state.tone, state.icon)

    def value_next_revision(self, value: str, record: Any) -> str:
        return f"{value} {DOCUMENT_REVISION.state(record.next_status).label}"


class TypeTable(Table):
    """One line per type of documents."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    kind = tables.Column(verbose_name=_("Kind"))
    scheme = tables.Column(verbose_name=_("Numbering scheme"))
    reviewers_needed = NumberColumn(verbose_name=_("Reviewers needed"))
    review_months = NumberColumn(verbose_name=_("Months between periodic reviews"))
    retention_class = tables.Column(verbose_name=_("Retention class"), accessor="retention_class__code")
    is_active = YesNoColumn(verbose_name=_("In use"))

    class Meta(Table.Meta):
        model = DocumentType
        fields = ()


class RetentionTable(Table):
    """One line per retention class."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    years = NumberColumn(verbose_name=_("Years"), default=_("for ever"))

    class Meta(Table.Meta):
        model = RetentionClass
        fields = ()


class HoldTable(Table):
    """One line per legal hold."""

    document = LinkColumn(verbose_name=_("Document"))
    reason = tables.Column(verbose_name=_("Reason"), orderable=False)
    placed_by = tables.Column(verbose_name=_("Placed by"), accessor="placed_by__full_name")
    placed_at = TimeColumn(verbose_name=_("Placed at"))
    released_at = TimeColumn(verbose_name=_("Released at"))

    class Meta(Table.Meta):
        model = LegalHold
        fields = ()


class CopyTable(Table):
    """One line per controlled copy: who has it, and whether it may be used."""

    number = LinkColumn(verbose_name=_("Copy"), orderable=False)
    title = tables.Column(verbose_name=_("Title"), accessor="revision__title", orderable=False)
    holder = tables.Column(verbose_name=_("For"))
    status = StateColumn(verbose_name=_("Whereabouts"))
    usable = tables.Column(verbose_name=_("May be used"), accessor="pk", orderable=False)
    issued_at = TimeColumn(verbose_name=_("Printed"))
    valid_until = TimeColumn(verbose_name=_("Valid until"))

    class Meta(Table.Meta):
        model = ControlledCopy
        fields = ()

    def render_number(self, record: Any) -> str:
        return str(record)

    def value_number(self, record: Any) -> str:
        return str(record)

    def render_usable(self, record: Any) -> SafeString:
        word, tone, icon = _usable(record)
        return badge(word, tone, icon)

    def value_usable(self, record: Any) -> str:
        return str(_usable(record)[0])


def _usable(copy: ControlledCopy) -> tuple[Any, str, str]:
    """The word of the status page without looking for the revision that replaced it."""
    if copy.revision.status != "effective":
        return _("OBSOLETE"), "bad", "alert"
    found = copy_status(copy)
    return found.word, found.tone, found.icon


class ReviewTable(Table):
    """One line per periodic review."""

    document = LinkColumn(verbose_name=_("Document"))
    revision = tables.Column(verbose_name=_("Revision"), accessor="revision__revision", orderable=False)
    due_on = tables.Column(verbose_name=_("Due on"))
    status = StateColumn()
    owner = tables.Column(verbose_name=_("Owner"), accessor="document__owner__full_name", orderable=False)
    next_due_on = tables.Column(verbose_name=_("Next review on"))

    class Meta(Table.Meta):
        model = PeriodicReview
        fields = ()


class FilledFormTable(Table):
    """One line per filled form."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Form"), accessor="revision__title", orderable=False)
    revision = tables.Column(verbose_name=_("Revision"), accessor="revision__revision", orderable=False)
    about = tables.Column(verbose_name=_("About"))
    status = StateColumn()
    filled_by = tables.Column(verbose_name=_("Filled in by"), accessor="filled_by__full_name")
    site = tables.Column(verbose_name=_("Site"), accessor="site__code")

    class Meta(Table.Meta):
        model = FilledForm
        fields = ()


class ExternalTable(Table):
    """One line per external document."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Title"))
    publisher = tables.Column(verbose_name=_("Publisher"))
    edition = tables.Column(verbose_name=_("Edition in use"))
    last_checked_on = tables.Column(verbose_name=_("Last checked"))
    next_check_on = tables.Column(verbose_name=_("Next check"))
    owner = tables.Column(verbose_name=_("Owner"), accessor="owner__full_name")
    is_active = YesNoColumn(verbose_name=_("In use"))

    class Meta(Table.Meta):
        model = ExternalDocument
        fields = ()
