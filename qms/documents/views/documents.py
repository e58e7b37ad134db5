"""Pages of documents: the list, one document with its revisions and where it is used, a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage
from qms.documents import services
from qms.documents.filters import DocumentFilters
from qms.documents.forms import DocumentForm
from qms.documents.models import Document, DocumentRevision, LegalHold
from qms.documents.queries import IN_FLIGHT, content_parts, revisions_of, where_used, with_revisions
from qms.documents.queries.keeping import kept_until, readers_of
from qms.documents.tables import DocumentTable

VIEW_DOCUMENT = "qms_documents.view_document"
ADD = "qms_documents.add_document"
CHANGE_READER = "qms_documents.change_reader"
DECIDE_REVIEW = "qms_documents.decide_periodicreview"
VIEW_HOLD = "qms_documents.view_legalhold"
CHANGE_HOLD = "qms_documents.change_legalhold"


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
        return with_revisions(Document.objects.select_related("site", "owner", "type"))


class DocumentDetail(DetailPage):
    """One document: the text that is effective now, and every revision."""

    model, permission = Document, VIEW_DOCUMENT
    template_name = "qms/documents/document_detail.html"

    timeline_later = True

    def get_queryset(self) -> QuerySet[Document]:
        return Document.objects.select_related("site", "owner", "type__retention_class")

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
            Fact(_("Type"), document.type or document.get_kind_display()),
            Fact(_("Valid at"), document.site or _("All sites")),
            Fact(_("Owner"), document.owner),
        ]
        if effective is not None:
            facts.append(Fact(_("Effective revision"), effective.revision, effective.get_absolute_url()))
        if flying is not None:
            label = f"{flying.revision} · {flying.get_status_display()}"
            facts.append(Fact(_("On its way"), label, flying.get_absolute_url()))
        if document.next_review_on is not None and effective is not None:
            facts.append(Fact(_("Next periodic review"), document.next_review_on))
        if document.type is not None and document.type.retention_class is not None:
            facts.append(Fact(_("Retention"), document.type.retention_class))
        until = kept_until(document)
        if until is not None:
            facts.append(Fact(_("Kept until"), until))
        return facts

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        return [(_("Legal hold"), "warn", "lock")] if self.hold is not None else []

    @cached_property
    def hold(self) -> LegalHold | None:
        """What holds its disposal back."""
        return LegalHold.objects.filter(document=self.record, released_at__isnull=True).first()

    def actions(self) -> Sequence[Action]:
        pk = self.record.pk
        found = [
            Action(_("Read list"), reverse("qms_documents:reader_create", args=[pk]), "users", CHANGE_READER),
        ]
        if self.effective is not None:
            url = reverse("qms_documents:periodicreview_create", args=[pk])
            found.append(Action(_("Review now"), url, "clock", DECIDE_REVIEW))
        if self.hold is not None:
            found.append(Action(_("Legal hold"), self.hold.get_absolute_url(), "lock", VIEW_HOLD))
        else:
            url = reverse("qms_documents:legalhold_create", args=[pk])
            found.append(Action(_("Place a legal hold"), url, "lock", CHANGE_HOLD))
        if self.flying is not None:
            label = _("Go to revision %(code)s") % {"code": self.flying.revision}
            return [*found, Action(label, self.flying.get_absolute_url(), "arrow-right")]
        url = reverse("qms_documents:documentrevision_create", args=[pk])
        return [*found, Action(_("New revision"), url, "plus", ADD, primary=True)]

    def context(self, **more: Any) -> dict[str, Any]:
        effective = self.effective
        return super().context(
            effective=effective,
            parts=content_parts(effective) if effective is not None else [],
            revisions=self.revisions,
            uses=where_used(self.revisions[0]) if self.revisions else [],
            readers=readers_of(self.record),
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
