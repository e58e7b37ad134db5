"""Pages of reports to authorities and customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocker
from core.web.api.encoding import encoded
from core.web.markup import url_of
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from core.web.views.detail import MoveButton
from core.web.views.record import RecordPage
from qms.complaints import services
from qms.complaints.filters import ReportFilters
from qms.complaints.forms import AcknowledgeForm, ReportForm, SubmitForm, SupplementForm
from qms.complaints.models import RegulatoryReport
from qms.complaints.queries import FIELDS, end_of, known_fields
from qms.complaints.tables import ReportTable
from qms.complaints.views.common import as_offered, unasked

SEE = "qms_complaints.view_regulatoryreport"
CHANGE = "qms_complaints.change_regulatoryreport"


def _reports() -> QuerySet[RegulatoryReport]:
    return RegulatoryReport.objects.select_related(
        "complaint__site", "complaint__material", "complaint__lot", "complaint__unit",
        "decision__tree_version__tree", "supplement_to", "author",
    )  # fmt: skip


class ReportList(ListPage):
    """Every report, the latest first."""

    model = RegulatoryReport
    permission = SEE
    table_class = ReportTable
    filterset_class = ReportFilters
    search_fields = ("number", "title", "reference", "complaint__number")
    empty_title = _("No reports")
    empty_text = _("A report begins by itself when somebody signs that a complaint has to be reported.")
    empty_icon = "send"

    def get_queryset(self) -> QuerySet[Any]:
        return RegulatoryReport.objects.select_related("complaint")


class ReportDetail(DetailPage):
    """One report: what it says, until when it is due, how far it is."""

    model = RegulatoryReport
    permission = SEE
    template_name = "qms/complaints/regulatoryreport_detail.html"
    timeline_later = True
    stepper_path = ("draft", "reviewed", "submitted", "acknowledged")

    def get_queryset(self) -> QuerySet[Any]:
        return _reports()

    def site(self) -> Any:
        return self.record.complaint.site

    def due_at(self) -> Any:
        is_waiting = self.record.status in ("draft", "reviewed")
        return end_of(self.record.due_on, self.record.complaint.site) if is_waiting else None

    def moves(self) -> list[MoveButton]:
        urls: Mapping[str, str] = self.move_urls()
        return [as_offered(button, urls) for button in super().moves()]

    def actions(self) -> Sequence[Action]:
        found = []

        def offer(label: Any, name: str, icon: str, right: str) -> None:
            url = reverse(f"qms_complaints:regulatoryreport_{name}", args=[self.record.pk])
            found.append(Action(label, url, icon, permission=right))

        if self.record.status == "draft":
            offer(_("Write"), "change", "pencil", CHANGE)
        if self.record.status in ("submitted", "acknowledged"):
            offer(_("Supplement"), "supplement", "plus", CHANGE)
        offer(_("File (JSON)"), "export", "download", SEE)
        return found

    def facts(self) -> Sequence[Fact]:
        report = self.record
        decision = report.decision
        facts = [
            Fact(_("Complaint"), report.complaint, url_of(report.complaint)),
            Fact(_("Reported to"), report.authority),
            Fact(_("Form"), report.get_form_display()),
            Fact(_("Clause"), decision.result.get("clause", "")),
            Fact(_("Clock runs from"), decision.aware_on),
            Fact(_("Due on"), report.due_on),
        ]
        sent = [
            (_("Submitted on"), report.submitted_on),
            (_("Reference"), report.reference),
            (_("Acknowledged on"), report.acknowledged_on),
            (_("Acknowledgement"), report.acknowledgement),
        ]
        return [*facts, *(Fact(label, value) for label, value in sent if value)]

    def related(self) -> Sequence[Related]:
        report = self.record
        found = [Related(str(one), one.get_absolute_url(), _("Supplement")) for one in report.supplements.all()]
        if report.supplement_to is not None:
            found.append(Related(str(report.supplement_to), report.supplement_to.get_absolute_url(), _("Before it")))
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        report = self.record
        typed = [Fact(one.label, report.fields.get(name, ""), wide=one.is_long) for name, one in FIELDS.items()]
        known = [Fact(name, value) for name, value in known_fields(report).items() if value]
        return super().context(typed=[fact for fact in typed if fact.value], known=known, **more)


class ReportChange(FormPage):
    """Write the fields."""

    model = RegulatoryReport
    permission = CHANGE
    form_class = ReportForm
    title = _("Write the report")
    change_needs_reason = False

    def get_queryset(self) -> QuerySet[Any]:
        return _reports()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "report": self.record}

    def deed(self, form: Any) -> Any:
        return services.write_report(report=self.record, fields=form.cleaned_data, actor=self.request.user)


class ReportMove(MovePage):
    """A move of a report."""

    model = RegulatoryReport
    permission = SEE

    def get_queryset(self) -> QuerySet[Any]:
        return _reports()

    def blockers(self) -> Sequence[Blocker]:
        return unasked(self.transition.name if self.transition else "", super().blockers())

    def covered(self) -> Sequence[Fact]:
        report = self.record
        return [
            Fact(_("Complaint"), report.complaint),
            Fact(_("Due on"), report.due_on),
            *(Fact(one.label, report.fields[name]) for name, one in FIELDS.items() if report.fields.get(name)),
        ]


class ReportSubmit(ReportMove):
    """Sent, under this reference."""

    move = "submit"
    form_class = SubmitForm


class ReportAcknowledge(ReportMove):
    """Its receipt was confirmed."""

    move = "acknowledge"
    form_class = AcknowledgeForm


class ReportSupplement(ReportMove):
    """Begin a supplement."""

    deed_permission = CHANGE
    label = _("Begin the supplement")
    title = _("Supplement")
    explanation = _("It begins with the fields of this report. Change what is new.")
    form_class = SupplementForm

    def deed(self, form: Any) -> RegulatoryReport:
        return services.supplement_report(report=self.record, **form.cleaned_data, actor=self.request.user)


class ReportExport(RecordPage):
    """The report as the file that is handed to whoever submits it."""

    model = RegulatoryReport
    permission = SEE

    def get_queryset(self) -> QuerySet[Any]:
        return _reports()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """JSON, as an attachment; taking it out is noted."""
        made = services.export_report(report=self.record, actor=request.user)
        answer = HttpResponse(encoded(made), content_type="application/json")
        answer["Content-Disposition"] = f'attachment; filename="{self.record.number}.json"'
        return answer
