"""Sealed records on screen: the list, one record, its file, and the public page that judges a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.files import blobs
from core.files.views import damaged, harden
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.printing.barcodes import qr
from core.printing.filters import PrintedRecordFilters
from core.printing.forms import VerifyForm
from core.printing.models import PrintedRecord
from core.printing.queries import VIEW, is_latest, is_page_of_ours, judge_file, may_see, public_address
from core.printing.seal import seal_key
from core.printing.services import list_file_name, list_pdf, note_download
from core.printing.tables import PrintedRecordTable
from core.web.access import Access, PageMixin, held
from core.web.context import SITE_KEY
from core.web.markup import site_time
from core.web.views import DetailPage, Fact, ListPage, found_in
from core.web.views.record import Page, zone_of


class PrintedRecordList(ListPage):
    """Every sealed record of the visitor's sites."""

    model = PrintedRecord
    permission = VIEW
    title = gettext_lazy("Sealed records")
    table_class = PrintedRecordTable
    filterset_class = PrintedRecordFilters
    search_fields = ("number", "title", "sha256")
    order = ("-id",)
    empty_title = gettext_lazy("No record was sealed yet")
    empty_text = gettext_lazy("A production record is sealed when its lot is released.")
    empty_icon = "certificate"

    def get_queryset(self) -> QuerySet[PrintedRecord]:
        return PrintedRecord.objects.select_related("site")


class VisiblePrint(PageMixin):
    """Base: the sealed record of the address, for whoever may see it or its subject; 404 otherwise."""

    access: ClassVar[Access] = Access.SIGNED_IN

    @classmethod
    def is_open_to(cls, request: HttpRequest, pk: int | None) -> bool:
        if VIEW in held(request):
            return True
        found = None if pk is None else PrintedRecord.objects.filter(pk=pk).first()
        return found is not None and may_see(request.user, found)

    @cached_property
    def record(self) -> PrintedRecord:
        """The sealed record, or 404."""
        rows = PrintedRecord.objects.select_related("site", "actor")
        return found_in(rows, self.kwargs["pk"], allowed=lambda found: may_see(self.request.user, found))


class PrintedRecordDetail(VisiblePrint, DetailPage):
    """What was sealed, when and with what; the file; how others verify it."""

    model = PrintedRecord
    template_name = "core/printing/printedrecord_detail.html"
    show_timeline = False

    def page_title(self) -> str:
        return f"{self.record.kind_label} {self.record.number}"

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Sealed records"), self.list_url()), (self.record.number, "")]

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        if is_latest(self.record):
            return [(_("Sealed"), "good", "lock")]
        return [(_("Sealed"), "good", "lock"), (_("A later edition exists"), "warn", "alert")]

    def facts(self) -> Sequence[Fact]:
        printed, subject = self.record, self.record.subject
        url = subject.get_absolute_url() if subject is not None and hasattr(subject, "get_absolute_url") else ""
        return [
            Fact(_("Record"), printed.subject_label, url),
            Fact(_("Edition"), printed.edition),
            Fact(_("State when printed"), printed.state or "–"),
            Fact(_("Sealed"), site_time(printed.sealed_at, zone_of(self.request), seconds=True)),
            Fact(_("Printed by"), printed.actor),
            Fact(_("Size"), f"{printed.pages} {_('pages')} · {filesizeformat(printed.size)}"),
            Fact(_("SHA-256 of the file"), printed.sha256, wide=True),
            Fact(_("SHA-256 of the attached data"), printed.content_sha256, wide=True),
            Fact(_("Certificate of the seal (SHA-256)"), printed.certificate_fingerprint, wide=True),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        address = public_address(self.record.token)
        return super().context(verify_address=address, verify_qr=qr(address).svg(module_mm=0.7), **more)


class PrintedRecordDownload(VisiblePrint):
    """The sealed file; that it was handed out is noted in the record's trail."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        printed = self.record
        try:
            file = blobs.open_checked(printed.sha256)
        except (blobs.BlobMissing, blobs.BlobDamaged):
            return damaged(request, printed.sha256)
        note_download(printed=printed, actor=request.user)
        response = FileResponse(file, as_attachment=True, filename=printed.file_name, content_type="application/pdf")
        response["ETag"] = f'"{printed.sha256}"'
        return harden(response)


class Certificate(PageMixin):
    """The certificates that verify our seals, as PEM: public by nature."""

    access: ClassVar[Access] = Access.PUBLIC

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = seal_key(Path(settings.TRUELINE_KEY_DIR), at=now(), organization=settings.TRUELINE_ORGANIZATION)
        response = HttpResponse(key.chain.pem(), content_type="application/x-pem-file")
        response["Content-Disposition"] = 'attachment; filename="trueline-seal.pem"'
        return response


class VerifyPage(Page):
    """Public: what the record behind a printed QR code is, and whether a file is exactly that record.

    It tells number, kind, edition, site and hash, nothing of the content. Without a token it judges any file.
    """

    access: ClassVar[Access] = Access.PUBLIC
    template_name = "core/printing/verify.html"

    @cached_property
    def printed(self) -> PrintedRecord | None:
        """The record of the token; None on the page without one, 404 for an unknown token."""
        token = self.kwargs.get("token", "")
        if not token:
            return None
        found = PrintedRecord.objects.filter(token=token.lower()).select_related("site").first()
        if found is None:
            raise Http404(_("No sealed record has this address."))
        return found

    def page_title(self) -> str:
        if self.printed is None:
            return _("Verify a sealed record")
        return f"{self.printed.kind_label} {self.printed.number}"

    def context(self, **more: Any) -> dict[str, Any]:
        printed = self.printed
        zone = (printed.site.time_zone if printed.site else "UTC") if printed else "UTC"
        return super().context(
            printed=printed,
            zone=zone,
            is_latest=printed is not None and is_latest(printed),
            certificate_url=reverse("core_printing:certificate"),
            **{"form": VerifyForm(), "verdict": None, **more},
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.render()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = VerifyForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render(form=form, status=422)
        verdict = judge_file(form.cleaned_data["file"].read(), expected=self.printed)
        return self.render(verdict=verdict)


class AddressQr(PageMixin):
    """The QR code of a page of ours, for the menu beside its title; scanned anywhere, it opens that page."""

    access: ClassVar[Access] = Access.SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        path = request.GET.get("to", "")[:300]
        if not is_page_of_ours(path):
            raise Http404(_("There is no such page."))
        svg = qr(f"{settings.TRUELINE_PUBLIC_URL.rstrip('/')}{path}").svg(module_mm=0.9)
        picture = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        return HttpResponse(picture, content_type="image/svg+xml")


AT_ONCE = 300
"""Rows of a list that are printed while the visitor waits: about two seconds."""


def print_list_page(page: ListPage, total: int) -> HttpResponseBase:
    """The rows of a list as PDF: the file while it is short, else the page of the work that makes it."""
    request = page.request
    if total <= AT_ONCE:
        response = HttpResponse(list_pdf(page), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{list_file_name(page)}"'
        return response
    job = enqueue(
        "core_printing.list",
        actor=request.user,
        title=_("Print the list: %(title)s") % {"title": page.page_title()},
        path=request.path,
        query=request.GET.urlencode(),
        site_id=request.session.get(SITE_KEY),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return redirect(job.get_absolute_url())
