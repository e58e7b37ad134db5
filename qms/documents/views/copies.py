"""Pages of controlled copies: the register, one copy, printing, accounting; and the public page behind the QR code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.files import blobs
from core.files.views import damaged, harden
from core.jobs.models import BackgroundJob
from core.web.access import Access
from core.web.markup import site_time
from core.web.views import Action, DetailPage, Fact, ListPage, MovePage, RecordPage
from core.web.views.record import Page, zone_of
from qms.documents.filters import CopyFilters
from qms.documents.forms.registers import CopyForm, NothingForm
from qms.documents.models import ControlledCopy, DocumentRevision
from qms.documents.queries.copies import copy_status
from qms.documents.services import copies
from qms.documents.tables import CopyTable
from qms.documents.views.revisions import ISSUE, RevisionPage, WithoutReason

VIEW_COPY = "qms_documents.view_controlledcopy"
READ = ("revision__document__site", "issued_by")


class CopyList(ListPage):
    """The register of controlled copies."""

    model, permission = ControlledCopy, VIEW_COPY
    table_class, filterset_class = CopyTable, CopyFilters
    search_fields = ("revision__document__number", "holder")
    order = ("-id",)
    empty_title = gettext_lazy("No controlled copies yet")
    empty_text = gettext_lazy("They are printed from the page of an effective revision.")
    empty_offers = ((gettext_lazy("See the documents"), "qms_documents:document_list"),)
    empty_icon = "printer"

    def get_queryset(self) -> QuerySet[ControlledCopy]:
        return ControlledCopy.objects.select_related(*READ)


class CopyDetail(DetailPage):
    """One copy: who has it, until when, whether it may still be used."""

    model, permission = ControlledCopy, VIEW_COPY
    template_name = "qms/documents/controlledcopy_detail.html"
    stepper_path = ("issued", "returned", "destroyed")
    timeline_later = True

    def get_queryset(self) -> QuerySet[ControlledCopy]:
        return ControlledCopy.objects.select_related(*READ)

    def page_title(self) -> str:
        return str(self.record)

    def site(self) -> Any:
        return self.record.revision.document.site

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        found = copy_status(self.record)
        return [(found.word, found.tone, found.icon)]

    def facts(self) -> Sequence[Fact]:
        copy, zone = self.record, zone_of(self.request)
        return [
            Fact(_("Revision"), copy.revision, copy.revision.get_absolute_url()),
            Fact(_("For"), copy.holder),
            Fact(_("Printed"), site_time(copy.issued_at, zone)),
            Fact(_("Printed by"), copy.issued_by),
            Fact(_("Valid until"), site_time(copy.valid_until, zone) if copy.valid_until else _("it is replaced")),
            Fact(_("Status page"), copy.get_status_page_url(), copy.get_status_page_url()),
        ]

    def actions(self) -> Sequence[Action]:
        pk = self.record.pk
        found = [Action(_("Sealed PDF"), reverse("qms_documents:controlledcopy_seal", args=[pk]), "lock")]
        if self.record.sha256:
            url = reverse("qms_documents:controlledcopy_download", args=[pk])
            return [*found, Action(_("Download"), url, "download", ISSUE)]
        return [
            *found,
            Action(_("Stamp it"), reverse("qms_documents:controlledcopy_stamp", args=[pk]), "printer", ISSUE),
        ]


class CopyIssue(RevisionPage, WithoutReason):
    """Print controlled copies of a revision."""

    model, permission, form_class = DocumentRevision, ISSUE, CopyForm
    title = gettext_lazy("Print controlled copies")
    submit_label = gettext_lazy("Print")
    changes_record = False
    lead = gettext_lazy("Each copy gets a number and a QR code that says whether it may still be used.")

    def deed(self, form: CopyForm) -> ControlledCopy:
        return copies.issue_copies(revision=self.record, **form.cleaned_data, actor=self.request.user)[0]

    def success_url(self, result: Any) -> str:
        if isinstance(result, ControlledCopy) and self.form.cleaned_data["count"] == 1:
            return result.get_absolute_url()
        number = result.revision.document.number
        return f"{reverse('qms_documents:controlledcopy_list')}?q={number}"


class CopyStamp(WithoutReason):
    """Have the file of a copy made again where that failed."""

    model, permission, form_class = ControlledCopy, ISSUE, NothingForm
    title = gettext_lazy("Stamp it again")
    submit_label = gettext_lazy("Stamp it")
    changes_record = False

    def get_queryset(self) -> QuerySet[ControlledCopy]:
        return ControlledCopy.objects.select_related(*READ)

    def deed(self, form: Any) -> BackgroundJob:
        return copies.stamp_again(copy=self.record, actor=self.request.user)


class CopyMove(MovePage):
    """Account for a copy: returned, destroyed, missing."""

    model, permission = ControlledCopy, VIEW_COPY

    def get_queryset(self) -> QuerySet[ControlledCopy]:
        return ControlledCopy.objects.select_related(*READ)

    def number(self) -> str:
        return str(self.record)


class CopyDownload(RecordPage):
    """The stamped file; that it was handed out is noted in the copy's trail."""

    model, permission = ControlledCopy, ISSUE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        copy: ControlledCopy = self.record
        if not copy.sha256:
            raise Http404(_("The file of this copy is not made yet."))
        try:
            file = blobs.open_checked(copy.sha256)
        except (blobs.BlobMissing, blobs.BlobDamaged):
            return damaged(request, copy.sha256)
        copies.note_copy_download(copy=copy, actor=request.user)
        name = f"{copy}.pdf".replace("/", "-").replace(" ", "_")
        return harden(FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf"))


class CopyStatusPage(Page):
    """Public: whether the copy with this QR code may be used. It tells number, revision and state, nothing it says."""

    access: ClassVar[Access] = Access.PUBLIC
    template_name = "qms/documents/copy_status.html"

    @cached_property
    def copy(self) -> ControlledCopy:
        """The copy of the token, or 404."""
        rows = ControlledCopy.objects.select_related("revision__document__site")
        found = rows.filter(token=self.kwargs["token"].lower()).first()
        if found is None:
            raise Http404(_("No controlled copy has this address."))
        return found

    def page_title(self) -> str:
        return str(self.copy)

    def context(self, **more: Any) -> dict[str, Any]:
        site = self.copy.revision.document.site
        return super().context(
            copy=self.copy, found=copy_status(self.copy), zone=site.time_zone if site else "UTC", **more
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.render()
