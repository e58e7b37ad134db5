"""Pages of filled forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage
from qms.documents.filters import FilledFormFilters
from qms.documents.forms.registers import BeginForm, FillForm
from qms.documents.models import DocumentRevision, FilledForm
from qms.documents.queries.filling import filled_lines
from qms.documents.services import filling
from qms.documents.tables import FilledFormTable
from qms.documents.views.revisions import FILL, RevisionPage, WithoutReason

VIEW = "qms_documents.view_filledform"
READ = ("revision__document", "site", "filled_by")


class FilledFormList(ListPage):
    """Every filled form."""

    model, permission = FilledForm, VIEW
    table_class, filterset_class = FilledFormTable, FilledFormFilters
    search_fields = ("number", "about", "revision__document__title")
    order = ("-id",)
    empty_title = gettext_lazy("No filled forms yet")
    empty_text = gettext_lazy("Open an effective form and fill it in.")
    empty_offers = ((gettext_lazy("See the documents"), "qms_documents:document_list"),)
    empty_icon = "file-check"

    def get_queryset(self) -> QuerySet[FilledForm]:
        return FilledForm.objects.select_related(*READ)


class FilledFormDetail(DetailPage):
    """One filled form: each field with what was written, and the revision that it follows."""

    model, permission = FilledForm, VIEW
    template_name = "qms/documents/filledform_detail.html"
    stepper_path = ("draft", "completed", "verified")
    timeline_later = True

    def get_queryset(self) -> QuerySet[FilledForm]:
        return FilledForm.objects.select_related(*READ)

    def page_title(self) -> str:
        return f"{self.record.revision.title} {self.record.about}".strip()

    def facts(self) -> Sequence[Fact]:
        form = self.record
        return [
            Fact(_("Form"), form.revision, form.revision.get_absolute_url()),
            Fact(_("About"), form.about or "–"),
            Fact(_("Filled in by"), form.filled_by),
            Fact(_("Site"), form.site),
        ]

    def actions(self) -> Sequence[Action]:
        pk = self.record.pk
        found = [Action(_("Sealed PDF"), reverse("qms_documents:filledform_seal", args=[pk]), "lock")]
        if self.record.status == "draft":
            return [*found, Action(_("Fill in"), reverse("qms_documents:filledform_change", args=[pk]), "pencil", FILL)]
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(lines=filled_lines(self.record), **more)


class FormBegin(RevisionPage, WithoutReason):
    """Begin to fill in a form."""

    model, permission, form_class = DocumentRevision, FILL, BeginForm
    view_permission = "qms_documents.view_documentrevision"
    title = gettext_lazy("Fill in")
    submit_label = gettext_lazy("Begin")
    changes_record = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, FILL)}

    def deed(self, form: BeginForm) -> FilledForm:
        return filling.begin_form(revision=self.record, **form.cleaned_data, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return reverse("qms_documents:filledform_change", args=[result.pk])


class FormFill(FormPage):
    """Write into a form that is being filled in."""

    model, permission, form_class = FilledForm, FILL, FillForm
    change_needs_reason = False

    def get_queryset(self) -> QuerySet[FilledForm]:
        return FilledForm.objects.select_related(*READ)

    def page_title(self) -> str:
        return f"{self.record.number} {self.record.revision.title}"

    def get_initial(self) -> dict[str, Any]:
        return dict(self.record.values)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "revision": self.record.revision}

    def deed(self, form: Any) -> FilledForm:
        return filling.fill_form(form=self.record, values=form.cleaned_data, actor=self.request.user)


class FilledFormMove(MovePage):
    """Complete, verify or void a filled form."""

    model, permission = FilledForm, VIEW

    def get_queryset(self) -> QuerySet[FilledForm]:
        return FilledForm.objects.select_related(*READ)

    def covered(self) -> Sequence[Fact]:
        written = [Fact(line.label, line.shown or "–") for line in filled_lines(self.record)]
        return [Fact(_("Form"), self.record.revision), *written]
