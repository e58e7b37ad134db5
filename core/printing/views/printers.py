"""Pages of printers, of what is sent to them, and of what waits."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.files import blobs
from core.files.views import damaged, harden
from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.organization.queries import sites_of
from core.printing import forms
from core.printing.filters import PrintJobFilters
from core.printing.models import Printer, PrinterDefault, PrintJob
from core.printing.queries import may_fetch_document
from core.printing.services import printers as services
from core.printing.services.queue import HAND_OUT, hand_out
from core.printing.tables import PrinterTable, PrintJobTable
from core.web.markup import site_time
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from core.web.views.record import RecordPage, zone_of

SEE, SET_UP = "core_printing.view_printer", "core_printing.change_printer"
SEE_JOB = "core_printing.view_printjob"
JOBS_SHOWN = 10


class PrinterList(ListPage):
    """Label printers."""

    model, permission = Printer, SEE
    table_class = PrinterTable
    search_fields = ("code", "name", "address")
    order = ("code",)
    create_url_name, create_permission = "core_printing:printer_create", SET_UP
    create_label = gettext_lazy("Set up a printer")
    empty_title = gettext_lazy("No printers yet")
    empty_text = gettext_lazy("Set up a label printer by its address. Until then labels are printed as PDF.")
    empty_icon = "printer"

    def get_queryset(self) -> QuerySet[Printer]:
        return Printer.objects.select_related("site")


class PrinterDetail(DetailPage):
    """One printer: where it is, who prints to it, what it printed last."""

    model, permission = Printer, SEE
    template_name = "core/printing/printer_detail.html"
    timeline_later = True

    def get_queryset(self) -> QuerySet[Printer]:
        return Printer.objects.select_related("site")

    def number(self) -> str:
        return str(self.record.code)

    def page_title(self) -> str:
        return str(self.record.name)

    def facts(self) -> list[Fact]:
        printer = self.record
        return [
            Fact(_("Site"), printer.site),
            Fact(_("Address"), f"{printer.address}:{printer.port}"),
            Fact(_("Dots in a millimetre"), printer.dpmm),
            Fact(_("Takes"), "ZPL II"),
            Fact(_("In use"), _("yes") if printer.is_active else _("no")),
        ]

    def actions(self) -> list[Action]:
        def to(name: str) -> str:
            return reverse(f"core_printing:{name}", args=[self.record.pk])

        return [
            Action(_("Print a test label"), to("printer_test"), "printer", SET_UP),
            Action(_("Let a place print here"), to("printer_use"), "plus", SET_UP),
            Action(_("Change"), to("printer_change"), "edit", SET_UP),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        uses = self.record.default_of.select_related("site", "work_center", "terminal").order_by("pk")
        jobs = self.record.jobs.select_related("asked_by").order_by("-pk")[:JOBS_SHOWN]
        return super().context(uses=uses, jobs=jobs, may_set_up=self.may_set_up, **more)

    @cached_property
    def may_set_up(self) -> bool:
        """Whether the visitor may end a use."""
        return self.is_permitted(Action("", "", "", SET_UP))


class PrinterCreate(FormPage):
    """A new printer."""

    model, permission, form_class = Printer, SET_UP, forms.PrinterForm
    title = gettext_lazy("Set up a printer")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, self.permission)}

    def deed(self, form: Any) -> Printer:
        return services.create_printer(**form.cleaned_data, actor=self.request.user)


class PrinterChange(FormPage):
    """What may change about a printer."""

    model, permission, view_permission = Printer, SET_UP, SEE
    form_class = forms.PrinterChangeForm

    def get_queryset(self) -> QuerySet[Printer]:
        return Printer.objects.select_related("site")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in ("name", "address", "port", "dpmm", "is_active")}

    def deed(self, form: Any) -> Printer:
        return services.change_printer(printer=self.record, **form.cleaned_data, actor=self.request.user)


class PrinterUse(FormPage):
    """A terminal, a work center or the whole site prints here from now on."""

    model, permission, view_permission = Printer, SET_UP, SEE
    form_class = forms.PrinterUseForm
    title = gettext_lazy("Let a place print here")
    lead = gettext_lazy("A terminal's own printer comes before that of its work center, that before the site's.")
    change_needs_reason = changes_record = False

    def get_queryset(self) -> QuerySet[Printer]:
        return Printer.objects.select_related("site")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": self.record.site}

    def deed(self, form: Any) -> PrinterDefault:
        return services.use_printer(printer=self.record, **form.cleaned_data, actor=self.request.user)


class PrinterUseEnd(MovePage):
    """A place has no printer of its own any more."""

    model, permission, deed_permission = PrinterDefault, SEE, SET_UP
    label = gettext_lazy("End this use")
    explanation = gettext_lazy("Labels printed there go to the next printer: the work center's, the site's, or a PDF.")

    def get_queryset(self) -> QuerySet[PrinterDefault]:
        return PrinterDefault.objects.select_related("printer", "site", "work_center", "terminal")

    def crumbs(self) -> list[tuple[Any, str]]:
        printer = self.record.printer
        listed = (_("Printers"), reverse("core_printing:printer_list"))
        return [listed, (printer.code, printer.get_absolute_url()), (self.page_title(), "")]

    def deed(self, form: Any) -> Printer:
        return services.end_printer_use(use=self.record, actor=self.request.user)


class PrinterTest(MovePage):
    """A test label."""

    model, permission, deed_permission = Printer, SEE, SET_UP
    label = gettext_lazy("Print a test label")
    explanation = gettext_lazy("A label of 50 × 40 mm with the printer's name and the three symbols is sent to it.")

    def get_queryset(self) -> QuerySet[Printer]:
        return Printer.objects.select_related("site")

    def deed(self, form: Any) -> PrintJob:
        return services.print_test_label(printer=self.record, actor=self.request.user)


class PrintJobList(ListPage):
    """The print queue: what waits, failed, was sent."""

    model, permission = PrintJob, SEE_JOB
    title = gettext_lazy("Print queue")
    table_class = PrintJobTable
    filterset_class = PrintJobFilters
    search_fields = ("title", "subject_label")
    order = ("-id",)
    empty_title = gettext_lazy("Nothing was printed yet")
    empty_text = gettext_lazy("Labels of lots and units appear here, with what became of them.")
    empty_icon = "printer"

    def get_queryset(self) -> QuerySet[PrintJob]:
        return PrintJob.objects.select_related("printer", "site", "asked_by")


class PrintJobDetail(DetailPage):
    """One print: where it went, what became of it, and what can be done."""

    model, permission = PrintJob, SEE_JOB
    list_url_name = "core_printing:printjob_list"
    timeline_later = True
    stepper_path = ("queued", "sent", "confirmed")
    template_name = "core/printing/printjob_detail.html"

    def get_queryset(self) -> QuerySet[PrintJob]:
        return PrintJob.objects.select_related("printer__site", "site", "asked_by")

    def facts(self) -> list[Fact]:
        job = self.record
        printer = job.printer
        facts = [
            Fact(_("Printer"), printer or _("PDF"), printer.get_absolute_url() if printer else ""),
            Fact(_("Labels"), job.labels),
            Fact(_("Asked for by"), job.asked_by),
            Fact(_("Asked for"), site_time(job.asked_at, zone_of(self.request))),
            Fact(_("File"), f"{job.media_type} · {filesizeformat(job.size)}"),
            Fact(_("SHA-256 of the file"), job.sha256, wide=True),
        ]
        if job.problem:
            facts.insert(0, Fact(_("What went wrong"), job.problem, tone="bad", wide=True))
        return facts

    def actions(self) -> list[Action]:
        if not may_fetch_document(self.record, self.request.user, now() - HAND_OUT):
            return []
        address = reverse("core_printing:printjob_document", args=[self.record.pk])
        return [Action(_("Open the PDF"), address, "download", SEE_JOB, primary=True, new_window=True)]

    def related(self) -> list[Related]:
        subject = self.record.subject
        url = subject.get_absolute_url() if subject is not None and hasattr(subject, "get_absolute_url") else ""
        return [Related(self.record.subject_label, url, _("printed"))]


class PrintJobMove(MovePage):
    """Confirm, report a failure, send again, cancel."""

    model, permission = PrintJob, SEE_JOB
    list_url_name = "core_printing:printjob_list"

    def get_queryset(self) -> QuerySet[PrintJob]:
        return PrintJob.objects.select_related("printer__site", "site", "asked_by")

    def covered(self) -> list[Fact]:
        job = self.record
        facts = [Fact(_("Printer"), job.printer or _("PDF")), Fact(_("Labels"), job.labels)]
        if job.may_have_printed:
            facts.append(Fact(_("Already printed"), _("some of it may have come out"), tone="warn"))
        return facts


class PrintJobDocument(RecordPage):
    """The PDF, for who asked for it. The first time counts as printed."""

    model, permission = PrintJob, SEE_JOB
    http_method_names: ClassVar[list[str]] = ["get"]  # type: ignore[misc]

    def get_queryset(self) -> QuerySet[PrintJob]:
        return PrintJob.objects.select_related("site")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return self.handed_out(request)
        except Blocked as refused:
            for blocker in refused.blockers:
                messages.error(request, f"{blocker.message} {blocker.remedy}")
            return redirect(self.record.get_absolute_url())

    def handed_out(self, request: HttpRequest) -> HttpResponseBase:
        """The file. Raises `Blocked` where it is not handed out, or not any more."""
        job = hand_out(job=self.record, actor=request.user)
        try:
            file = blobs.open_checked(job.sha256)
        except (blobs.BlobMissing, blobs.BlobDamaged):
            return damaged(request, job.sha256)
        response = FileResponse(file, filename=f"labels-{job.pk}.pdf", content_type=job.media_type)
        return harden(response)
