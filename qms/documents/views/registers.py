"""Pages of document types, retention classes, legal holds and read lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import people_who_may
from core.web.markup import site_time
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage
from core.web.views.record import zone_of
from qms.documents.forms.registers import (
    HoldForm,
    NothingForm,
    ReaderForm,
    RetentionCreateForm,
    RetentionForm,
    TypeChangeForm,
    TypeCreateForm,
)
from qms.documents.models import Document, DocumentType, LegalHold, Reader, RetentionClass
from qms.documents.services import keeping, types
from qms.documents.tables import HoldTable, RetentionTable, TypeTable

VIEW_TYPE, CHANGE_TYPE = "qms_documents.view_documenttype", types.CHANGE
VIEW_HOLD, CHANGE_HOLD = "qms_documents.view_legalhold", keeping.HOLD


class TypeList(ListPage):
    """Every type of documents."""

    model, permission = DocumentType, VIEW_TYPE
    table_class = TypeTable
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name, create_permission = "qms_documents:documenttype_create", CHANGE_TYPE
    empty_title = gettext_lazy("No document types yet")
    empty_text = gettext_lazy("The standard types come with the first documents; add your own before that.")
    empty_icon = "tag"

    def get_queryset(self) -> QuerySet[DocumentType]:
        return DocumentType.objects.select_related("retention_class")


class TypeDetail(DetailPage):
    """One type."""

    model, permission = DocumentType, VIEW_TYPE

    def get_queryset(self) -> QuerySet[DocumentType]:
        return DocumentType.objects.select_related("retention_class")

    def page_title(self) -> str:
        return str(self.record.name)

    def facts(self) -> Sequence[Fact]:
        one = self.record
        return [
            Fact(_("Kind"), one.get_kind_display()),
            Fact(_("Numbering scheme"), one.scheme),
            Fact(_("Review"), one.get_review_mode_display()),
            Fact(_("Reviewers needed"), one.reviewers_needed),
            Fact(_("Months between periodic reviews"), one.review_months or _("none")),
            Fact(_("Hours that a controlled copy is valid"), one.copy_hours or _("until it is replaced")),
            Fact(_("Retention class"), one.retention_class or "–"),
            Fact(_("In use"), _("Yes") if one.is_active else _("No")),
        ]

    def actions(self) -> Sequence[Action]:
        url = reverse("qms_documents:documenttype_change", args=[self.record.pk])
        return [Action(_("Change"), url, "pencil", CHANGE_TYPE)]


class TypeCreate(FormPage):
    """A new type."""

    model, permission, form_class = DocumentType, CHANGE_TYPE, TypeCreateForm

    def deed(self, form: Any) -> DocumentType:
        return types.create_document_type(**form.cleaned_data, actor=self.request.user)


class TypeChange(FormPage):
    """Change a type."""

    model, permission, form_class = DocumentType, CHANGE_TYPE, TypeChangeForm

    def get_initial(self) -> dict[str, Any]:
        return TypeChangeForm.values_of(self.record)

    def deed(self, form: Any) -> DocumentType:
        return types.change_document_type(document_type=self.record, **form.cleaned_data, actor=self.request.user)


class RetentionList(ListPage):
    """How long documents are kept."""

    model, permission = RetentionClass, VIEW_TYPE
    table_class = RetentionTable
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name, create_permission = "qms_documents:retentionclass_create", CHANGE_TYPE
    empty_title = gettext_lazy("No retention classes yet")
    empty_text = gettext_lazy("Say how long documents are kept, then name the class in their type.")
    empty_icon = "archive"


class RetentionDetail(DetailPage):
    """One retention class."""

    model, permission = RetentionClass, VIEW_TYPE

    def page_title(self) -> str:
        return str(self.record.name)

    def facts(self) -> Sequence[Fact]:
        one = self.record
        return [
            Fact(_("Years after it became obsolete"), one.years or _("for ever")),
            Fact(_("Basis"), one.basis, wide=True),
        ]

    def actions(self) -> Sequence[Action]:
        url = reverse("qms_documents:retentionclass_change", args=[self.record.pk])
        return [Action(_("Change"), url, "pencil", CHANGE_TYPE)]


class RetentionCreate(FormPage):
    """A new class."""

    model, permission, form_class = RetentionClass, CHANGE_TYPE, RetentionCreateForm

    def deed(self, form: Any) -> RetentionClass:
        return types.create_retention_class(**form.cleaned_data, actor=self.request.user)


class RetentionChange(FormPage):
    """Change a class."""

    model, permission, form_class = RetentionClass, CHANGE_TYPE, RetentionForm

    def get_initial(self) -> dict[str, Any]:
        one = self.record
        return {"name": one.name, "years": one.years, "basis": one.basis}

    def deed(self, form: Any) -> RetentionClass:
        return types.change_retention_class(retention_class=self.record, **form.cleaned_data, actor=self.request.user)


class HoldList(ListPage):
    """Every legal hold."""

    model, permission = LegalHold, VIEW_HOLD
    table_class = HoldTable
    search_fields = ("document__number", "document__title", "reason")
    order = ("-id",)
    empty_title = gettext_lazy("No legal holds")
    empty_text = gettext_lazy("A hold is placed from the page of a document.")
    empty_offers = ((gettext_lazy("See the documents"), "qms_documents:document_list"),)
    empty_icon = "lock"

    def get_queryset(self) -> QuerySet[LegalHold]:
        return LegalHold.objects.select_related("document__site", "placed_by", "released_by")


class HoldDetail(DetailPage):
    """One legal hold."""

    model, permission = LegalHold, VIEW_HOLD

    def get_queryset(self) -> QuerySet[LegalHold]:
        return LegalHold.objects.select_related("document__site", "placed_by", "released_by")

    def page_title(self) -> str:
        return _("Legal hold on %(document)s") % {"document": self.record.document}

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        if self.record.released_at is None:
            return [(_("Held"), "warn", "lock")]
        return [(_("Released"), "neutral", "check")]

    def facts(self) -> Sequence[Fact]:
        hold, zone = self.record, zone_of(self.request)
        facts = [
            Fact(_("Document"), hold.document, hold.document.get_absolute_url()),
            Fact(_("Placed by"), hold.placed_by),
            Fact(_("Placed at"), site_time(hold.placed_at, zone)),
            Fact(_("Reason"), hold.reason, wide=True),
        ]
        if hold.released_at is not None:
            facts[3:3] = [
                Fact(_("Released by"), hold.released_by),
                Fact(_("Released at"), site_time(hold.released_at, zone)),
            ]
        return facts

    def actions(self) -> Sequence[Action]:
        pk = self.record.pk
        found = [Action(_("Sealed PDF"), reverse("qms_documents:legalhold_seal", args=[pk]), "lock")]
        if self.record.released_at is None:
            url = reverse("qms_documents:legalhold_release", args=[pk])
            return [*found, Action(_("Release"), url, "check", CHANGE_HOLD)]
        return found


class HoldPlace(FormPage):
    """Place a legal hold on a document."""

    model, permission, form_class = Document, CHANGE_HOLD, HoldForm
    title = gettext_lazy("Place a legal hold")
    submit_label = gettext_lazy("Hold it")
    lead = gettext_lazy("Nothing that tells of the document is disposed of until the hold is released.")
    changes_record = False

    def deed(self, form: Any) -> LegalHold:
        return keeping.place_legal_hold(document=self.record, **form.cleaned_data, actor=self.request.user)


class HoldRelease(FormPage):
    """Release a legal hold."""

    model, permission, form_class = LegalHold, CHANGE_HOLD, HoldForm
    title = gettext_lazy("Release the hold")
    submit_label = gettext_lazy("Release")

    def get_queryset(self) -> QuerySet[LegalHold]:
        return LegalHold.objects.select_related("document__site")

    def deed(self, form: Any) -> LegalHold:
        return keeping.release_legal_hold(legal_hold=self.record, **form.cleaned_data, actor=self.request.user)


class ReaderAdd(FormPage):
    """Put somebody on the read list of a document."""

    model, permission, form_class = Document, keeping.READERS, ReaderForm
    title = gettext_lazy("Who has to read it")
    submit_label = gettext_lazy("Put on the list")
    lead = gettext_lazy(
        "A person, or whoever holds a role. That they read and understood it is part of their training."
    )
    change_needs_reason = changes_record = False

    def get_form_kwargs(self) -> dict[str, Any]:
        people = people_who_may(["qms_documents.view_documentrevision"], self.record.site)
        return {**super().get_form_kwargs(), "people": people}

    def deed(self, form: Any) -> Reader:
        return keeping.add_reader(document=self.record, **form.cleaned_data, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return str(self.record.get_absolute_url())


class ReaderRemove(FormPage):
    """Take an entry off a read list."""

    model, permission, form_class = Reader, keeping.READERS, NothingForm
    title = gettext_lazy("Take off the read list")
    submit_label = gettext_lazy("Take off")

    def get_queryset(self) -> QuerySet[Reader]:
        return Reader.objects.select_related("document__site", "user", "role")

    def deed(self, form: Any) -> Document:
        return keeping.remove_reader(reader=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())
