"""Pages of documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.web.markup import Text, site_time
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from core.web.views.record import zone_of
from qms.documents import services
from qms.documents.filters import DocumentFilters
from qms.documents.forms import DocumentForm, EffectiveDateForm, RevisionBeginForm, RevisionForm
from qms.documents.models import Document, DocumentRevision
from qms.documents.queries import (
    IN_FLIGHT,
    content_parts,
    revisions_of,
    where_used,
    with_revisions,
)
from qms.documents.tables import DocumentTable

VIEW_DOCUMENT = "qms_documents.view_document"
VIEW_REVISION = "qms_documents.view_documentrevision"
ADD = "qms_documents.add_document"
WRITE = "qms_documents.change_documentrevision"
MAKE_EFFECTIVE = "qms_documents.make_effective_documentrevision"


class DocumentList(ListPage):
    """Which documents there are."""

    model, permission = Document, VIEW_DOCUMENT
    table_class, filterset_class = DocumentTable, DocumentFilters
    search_fields = ("number", "title")
    order = ("number",)
    create_url_name, create_permission = "qms_documents:document_create", ADD
    empty_title = gettext_lazy("No documents yet")
    empty_text = gettext_lazy("Write the first work instruction or procedure.")
    empty_icon = "book"

    def get_queryset(self) -> QuerySet[Document]:
        return with_revisions(Document.objects.select_related("site", "owner"))


class DocumentDetail(DetailPage):
    """One document: the text that is effective now, and every revision."""

    model, permission = Document, VIEW_DOCUMENT
    template_name = "qms/documents/document_detail.html"

    def get_queryset(self) -> QuerySet[Document]:
        return Document.objects.select_related("site", "owner")

    @cached_property
    def revisions(self) -> list[DocumentRevision]:
        """Every revision, newest first."""
        return list(revisions_of(self.record))

    @property
    def effective(self) -> DocumentRevision | None:
        """The revision that people work to."""
        return next((revision for revision in self.revisions if revision.status == "effective"), None)

    @property
    def flying(self) -> DocumentRevision | None:
        """The revision on its way."""
        return next((revision for revision in self.revisions if revision.status in IN_FLIGHT), None)

    def facts(self) -> Sequence[Fact]:
        document, effective, flying = self.record, self.effective, self.flying
        facts = [
            Fact(_("Kind"), document.get_kind_display()),
            Fact(_("Valid at"), document.site or _("All sites")),
            Fact(_("Owner"), document.owner),
        ]
        if effective is not None:
            facts.append(Fact(_("Effective revision"), effective.revision, effective.get_absolute_url()))
        if flying is not None:
            label = f"{flying.revision} · {flying.get_status_display()}"
            facts.append(Fact(_("On its way"), label, flying.get_absolute_url()))
        return facts

    def actions(self) -> Sequence[Action]:
        if self.flying is not None:
            return [
                Action(
                    _("Go to revision %(code)s") % {"code": self.flying.revision},
                    self.flying.get_absolute_url(),
                    "arrow-right",
                )
            ]
        url = reverse("qms_documents:documentrevision_create", args=[self.record.pk])
        return [Action(_("New revision"), url, "plus", ADD, primary=True)]

    def context(self, **more: Any) -> dict[str, Any]:
        effective = self.effective
        return super().context(
            effective=effective,
            parts=content_parts(effective) if effective is not None else [],
            revisions=self.revisions,
            **more,
        )


class DocumentCreate(FormPage):
    """A new document; its draft comes next."""

    model, permission, form_class = Document, ADD, DocumentForm
    title = gettext_lazy("New document")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, ADD)}

    def deed(self, form: DocumentForm) -> DocumentRevision:
        document = services.create_document(**form.cleaned_data, actor=self.request.user)
        return document.revisions.get()


class _WithoutReason(FormPage):
    """A change of a draft: what is not yet recorded needs no reason."""

    change_needs_reason = False


class DocumentRevisionCreate(_WithoutReason):
    """Begin the next revision of a document."""

    model, permission, form_class = Document, ADD, RevisionBeginForm
    changes_record = False
    title = gettext_lazy("New revision")
    submit_label = gettext_lazy("Begin the draft")
    lead = gettext_lazy("It begins as a copy of the effective revision, which stays effective meanwhile.")

    def deed(self, form: RevisionBeginForm) -> DocumentRevision:
        return services.revise_document(document=self.record, actor=self.request.user, **form.cleaned_data)


class _RevisionPage:
    """What the pages of a revision share."""

    record: DocumentRevision

    def get_queryset(self) -> QuerySet[DocumentRevision]:
        return DocumentRevision.objects.select_related("document__site", "document__owner", "author")

    def number(self) -> str:
        return f"{self.record.document.number}/{self.record.revision}"

    def crumbs(self) -> list[tuple[Text, str]]:
        document, revision = self.record.document, self.record
        found = [
            (_("Documents"), reverse("qms_documents:document_list")),
            (document.number, document.get_absolute_url()),
            (_("Revision %(code)s") % {"code": revision.revision}, revision.get_absolute_url()),
        ]
        own = self.page_title()  # type: ignore[attr-defined]
        return [*found[:-1], (found[-1][0], "")] if own == revision.title else [*found, (own, "")]


class DocumentRevisionDetail(_RevisionPage, DetailPage):
    """One revision: its text, its signatures, its next step."""

    timeline_later = True

    model, permission = DocumentRevision, VIEW_REVISION
    template_name = "qms/documents/documentrevision_detail.html"
    stepper_path = ("draft", "in_review", "approved", "effective", "superseded")

    def owner(self) -> Any:
        return self.record.document.owner

    def move_url(self, move: str) -> str:
        # Superseding is no button: it happens to the old revision when the new one becomes effective.
        return "" if move == "supersede" else super().move_url(move)

    def site(self) -> Any:
        return self.record.document.site

    def moment(self, value: dt.datetime) -> SafeString:
        """A moment in the zone of the document's site, with its offset."""
        site = self.site()
        return site_time(value, ZoneInfo(site.time_zone) if site is not None else zone_of(self.request))

    def facts(self) -> Sequence[Fact]:
        revision = self.record
        facts = [
            Fact(_("Document"), revision.document, revision.document.get_absolute_url()),
            Fact(_("Revision"), revision.revision),
            Fact(_("Author"), revision.author),
            Fact(_("Valid at"), revision.document.site or _("All sites")),
        ]
        if revision.approved_at is not None:
            facts.append(Fact(_("Approved"), self.moment(revision.approved_at)))
        if revision.effective_from is not None:
            label = _("Effective from (planned)") if revision.status == "approved" else _("Effective from")
            facts.append(Fact(label, self.moment(revision.effective_from)))
        if revision.effective_until is not None:
            facts.append(Fact(_("Effective until"), self.moment(revision.effective_until)))
        if revision.change_summary:
            facts.append(Fact(_("What changed and why"), revision.change_summary, wide=True))
        return facts

    def actions(self) -> Sequence[Action]:
        pk = self.record.pk
        if self.record.status == "draft":
            url = reverse("qms_documents:documentrevision_change", args=[pk])
            return [Action(_("Write"), url, "pencil", WRITE)]
        if self.record.status == "approved":
            url = reverse("qms_documents:documentrevision_schedule", args=[pk])
            return [Action(_("Effective on a date"), url, "calendar", MAKE_EFFECTIVE)]
        return []

    def related(self) -> Sequence[Related]:
        uses = where_used(self.record) if self.record.status == "effective" else []
        return [Related(use.label, use.url) for use in uses]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(parts=content_parts(self.record), **more)


class DocumentRevisionChange(_RevisionPage, _WithoutReason):
    """Write the text of a draft."""

    model, permission, form_class = DocumentRevision, WRITE, RevisionForm

    def get_initial(self) -> dict[str, Any]:
        return RevisionForm.values_of(self.record)

    def page_title(self) -> Text:
        return _("Write %(revision)s") % {"revision": self.number()}

    def deed(self, form: RevisionForm) -> DocumentRevision:
        return services.edit_revision(revision=self.record, actor=self.request.user, **form.cleaned_data)


class DocumentRevisionSchedule(_RevisionPage, _WithoutReason):
    """Set the date from which an approved revision is effective."""

    model, permission, form_class = DocumentRevision, MAKE_EFFECTIVE, EffectiveDateForm
    title = gettext_lazy("Effective on a date")
    submit_label = gettext_lazy("Set the date")

    def deed(self, form: EffectiveDateForm) -> DocumentRevision:
        return services.schedule_revision(revision=self.record, actor=self.request.user, **form.cleaned_data)


class DocumentRevisionMove(_RevisionPage, MovePage):
    """Every move of a revision: submit, approve, reject, make effective, make obsolete."""

    model, permission = DocumentRevision, VIEW_REVISION

    def covered(self) -> Sequence[Fact]:
        revision = self.record
        parts = [Fact(part.label, part.summary, part.url) for part in content_parts(revision)]
        words = len(revision.body.split())
        return [
            Fact(_("Document"), revision.document),
            Fact(_("Revision"), revision.revision),
            Fact(_("Title"), revision.title),
            Fact(_("Text"), _("%(count)d words") % {"count": words}),
            *parts,
        ]
