"""Pages of external documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import people_who_may, sites_of
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage
from qms.documents.filters import ExternalFilters
from qms.documents.forms.registers import EditionForm, ExternalChangeForm, ExternalCreateForm
from qms.documents.models import EditionCheck, ExternalDocument
from qms.documents.queries.external import checks_of
from qms.documents.services import external
from qms.documents.tables import ExternalTable

VIEW, CHANGE = "qms_documents.view_externaldocument", external.CHANGE


class ExternalList(ListPage):
    """The register of external documents."""

    model, permission = ExternalDocument, VIEW
    table_class, filterset_class = ExternalTable, ExternalFilters
    search_fields = ("number", "title", "publisher")
    order = ("number",)
    create_url_name, create_permission = "qms_documents:externaldocument_create", CHANGE
    empty_title = gettext_lazy("No external documents yet")
    empty_text = gettext_lazy("Add the standards and drawings of others that you work by.")
    empty_icon = "book"

    def get_queryset(self) -> QuerySet[ExternalDocument]:
        return ExternalDocument.objects.select_related("site", "owner")


class ExternalDetail(DetailPage):
    """One external document, with the checks of its edition."""

    model, permission = ExternalDocument, VIEW
    template_name = "qms/documents/externaldocument_detail.html"
    timeline_later = True

    def get_queryset(self) -> QuerySet[ExternalDocument]:
        return ExternalDocument.objects.select_related("site", "owner")

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        if not self.record.is_active:
            return [(_("Not in use"), "neutral", "archive")]
        return [(_("Check overdue"), "bad", "alert")] if self.record.is_overdue else []

    def facts(self) -> Sequence[Fact]:
        one = self.record
        return [
            Fact(_("Publisher"), one.publisher),
            Fact(_("Edition in use"), one.edition),
            Fact(_("Kept at"), one.place or "–"),
            Fact(_("Used at"), one.site or _("All sites")),
            Fact(_("Last checked"), one.last_checked_on or _("never")),
            Fact(_("Next check"), one.next_check_on),
        ]

    def actions(self) -> Sequence[Action]:
        pk = self.record.pk
        return [
            Action(_("Sealed PDF"), reverse("qms_documents:externaldocument_seal", args=[pk]), "lock"),
            Action(_("Change"), reverse("qms_documents:externaldocument_change", args=[pk]), "pencil", CHANGE),
            Action(
                _("Check the edition"),
                reverse("qms_documents:editioncheck_create", args=[pk]),
                "check",
                CHANGE,
                primary=True,
            ),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(checks=checks_of(self.record), **more)


class ExternalCreate(FormPage):
    """Add an external document."""

    model, permission, form_class = ExternalDocument, CHANGE, ExternalCreateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, CHANGE)}

    def deed(self, form: Any) -> ExternalDocument:
        return external.create_external_document(**form.cleaned_data, actor=self.request.user)


class ExternalChange(FormPage):
    """Change what the register says."""

    model, permission, form_class = ExternalDocument, CHANGE, ExternalChangeForm

    def get_queryset(self) -> QuerySet[ExternalDocument]:
        return ExternalDocument.objects.select_related("site", "owner")

    def get_initial(self) -> dict[str, Any]:
        return ExternalChangeForm.values_of(self.record)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_who_may([CHANGE], self.record.site)}

    def deed(self, form: Any) -> ExternalDocument:
        return external.change_external_document(
            external_document=self.record, **form.cleaned_data, actor=self.request.user
        )


class EditionCheckAdd(FormPage):
    """Record which edition is the latest."""

    model, permission, form_class = ExternalDocument, CHANGE, EditionForm
    title = gettext_lazy("Check the edition")
    submit_label = gettext_lazy("Record the check")
    change_needs_reason = changes_record = False

    def get_queryset(self) -> QuerySet[ExternalDocument]:
        return ExternalDocument.objects.select_related("site", "owner")

    def get_initial(self) -> dict[str, Any]:
        return {"latest_edition": self.record.edition}

    def deed(self, form: Any) -> EditionCheck:
        return external.check_edition(external_document=self.record, **form.cleaned_data, actor=self.request.user)
