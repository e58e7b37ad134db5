"""The list of calibrations, the page of one, and every deed on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.files.queries import attachments_of
from core.lifecycle.queries import check
from core.printing.models import PrintedRecord
from core.printing.queries import prints_of
from core.web.access import may
from core.web.markup import Text
from core.web.views import Action, DetailPage, Fact, ListPage, MovePage, Related
from core.web.views.detail import MoveButton
from qms.calibration import services
from qms.calibration.filters import CalibrationRecordFilters
from qms.calibration.forms import (
    CertificateForm,
    DescribeForm,
    FinishForm,
    ImpactForm,
    ReadingsForm,
    StandardForm,
)
from qms.calibration.lifecycle import PERFORM, VIEW
from qms.calibration.models import CalibrationRecord
from qms.calibration.queries import newest_readings, points_of, records, site_of
from qms.calibration.tables import CalibrationRecordTable
from qms.calibration.views.gauges import day

RESULT = {True: (_("in tolerance"), "good"), False: (_("out of tolerance"), "bad"), None: ("–", "")}


class CalibrationRecordList(ListPage):
    """Calibrations: what is due, in progress, to be verified, in question, closed."""

    model, permission = CalibrationRecord, VIEW
    table_class, filterset_class = CalibrationRecordTable, CalibrationRecordFilters
    search_fields = ("number", "plan__equipment__code", "plan__equipment__name")
    order = ("-pk",)
    empty_title = _("No calibrations yet")
    empty_text = _("They are asked for by themselves before they fall due; or choose “Calibrate” at a gauge.")
    empty_offers = ((_("See the gauges"), "qms_calibration:calibrationplan_list"),)
    empty_icon = "gauge"

    def get_queryset(self) -> QuerySet[CalibrationRecord]:
        return records()


class CalibrationRecordDetail(DetailPage):
    """One calibration: readings with their judgement, standards, circumstances, result, and the next step."""

    model, permission = CalibrationRecord, VIEW
    template_name = "qms/calibration/calibrationrecord_detail.html"
    timeline_later = signatures_later = True
    settled_on_its_page = ("impact",)

    def get_queryset(self) -> QuerySet[CalibrationRecord]:
        return records().select_related("procedure__document")

    @property
    def stepper_path(self) -> tuple[str, ...]:  # type: ignore[override]
        """The way of a failure is another one, once it has failed."""
        has_failed = self.record.status not in ("due", "in_progress") and self.record.found_in_tolerance is False
        between = ("failed", "oot_impact") if has_failed else ("passed",)
        return "due", "in_progress", *between, "closed"

    def due_at(self) -> Any:
        """The gauge's day is no date for what follows once it was calibrated."""
        return self.record.due_at if self.record.status in ("due", "in_progress") else None

    def page_title(self) -> Text:
        return str(self.record.plan.equipment.name)

    def site(self) -> Any:
        return site_of(self.record.plan)

    @cached_property
    def prints(self) -> list[PrintedRecord]:
        """The sealed certificate."""
        return prints_of(self.record) if self.record.status == "closed" else []

    def may_enter(self) -> bool:
        """Whether the visitor may enter something now."""
        return self.record.status == "in_progress" and may(self.request.user, PERFORM, self.record)

    def moves(self) -> list[MoveButton]:
        """The moves; while it is in progress the next step is to sign what was done, whatever comes out."""
        found = super().moves()
        if self.may_enter():
            gates = check(self.record, "pass", self.request.user)
            wanted = [b for result in gates for b in result.blockers if b.code != "out_of_tolerance"]
            url = reverse("qms_calibration:calibrationrecord_finish", args=[self.record.pk])
            found.insert(0, MoveButton(Finish.label, url, True, False, wanted))
        return found

    def facts(self) -> Sequence[Fact]:
        record = self.record
        found, left = RESULT[record.found_in_tolerance], RESULT[record.left_in_tolerance]
        facts = [
            Fact(_("Gauge"), record.plan, record.plan.get_absolute_url()),
            Fact(_("Found"), found[0], tone=found[1]),
            Fact(_("Left"), left[0], tone=left[1]),
            Fact(_("Performed on"), day(record.performed_on)),
            Fact(_("Performed by"), record.performed_by or "–"),
            Fact(_("Good until"), day(record.valid_until)),
            Fact(_("Procedure"), record.procedure or "–"),
        ]
        more = (
            (_("Laboratory"), record.laboratory),
            (_("Certificate"), record.certificate_number),
            (_("Temperature, °C"), record.temperature),
            (_("Humidity, %"), record.humidity),
        )
        facts += [Fact(label, value) for label, value in more if value not in ("", None)]
        if record.note:
            facts.append(Fact(_("Remarks"), record.note, wide=True))
        if record.impact:
            facts.append(Fact(_("Impact"), record.get_impact_display()))
            facts.append(Fact(_("Values in question"), record.affected_values))
            facts.append(Fact(_("How the impact was judged"), record.impact_note, wide=True))
        return facts

    def actions(self) -> Sequence[Action]:
        record = self.record

        def to(name: str) -> str:
            return reverse(f"qms_calibration:calibrationrecord_{name}", args=[record.pk])

        if record.status == "in_progress":
            return [
                Action(_("Enter readings"), to("readings"), "pencil", PERFORM),
                Action(_("Scan a standard"), to("standard"), "barcode", PERFORM),
                Action(_("Circumstances"), to("describe"), "note", PERFORM),
                Action(_("Attach a file"), to("attach"), "attachment", PERFORM),
            ]
        found = []
        if record.found_in_tolerance is False:
            found.append(Action(_("Values in question"), to("look_back"), "search", VIEW))
            asked = {
                "source_kind": "calibration", "source_number": record.number, "title": record.plan.equipment.name,
                "site": site_of(record.plan).pk,
            }  # fmt: skip
            raises = f"{reverse('qms_capa:capa_create')}?{urlencode(asked)}"
            found.append(Action(_("Raise a CAPA"), raises, "shield", permission="qms_capa.raise_capa", rare=True))
        if self.prints:
            found.append(Action(_("Certificate"), self.prints[0].get_absolute_url(), "lock"))
        elif record.status == "closed":
            found.append(Action(_("Seal the certificate"), to("certificate"), "printer", VIEW))
        return found

    def related(self) -> Sequence[Related]:
        return [Related(str(one), one.get_absolute_url(), _("Sealed PDF")) for one in self.prints]

    def context(self, **more: Any) -> dict[str, Any]:
        record = self.record
        return super().context(
            points=points_of(record),
            standards=record.standards.select_related("standard__equipment", "calibration"),
            planned=record.plan.standards.select_related("standard__equipment")
            if record.status == "in_progress"
            else (),
            attachments=attachments_of(record),
            may_enter=self.may_enter(),
            **more,
        )


class _DeedPage(MovePage):
    """A deed on a calibration."""

    model, permission, deed_permission = CalibrationRecord, VIEW, PERFORM

    def get_queryset(self) -> QuerySet[CalibrationRecord]:
        return records()

    def success_url(self, result: Any) -> str:
        return self.record_url()


class Readings(_DeedPage):
    """Enter what the gauge showed: as found, and as left where it was adjusted."""

    form_class = ReadingsForm
    template_name = "qms/calibration/calibrationrecord_readings.html"
    label = _("Save the readings")
    title = _("Enter readings")
    explanation = _("As found: before anything was adjusted. As left: empty where nothing was adjusted.")
    more_fields = True

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "points": points_of(self.record)}

    def deed(self, form: Any) -> Any:
        services.record_readings(
            record=self.record,
            readings=form.readings(),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
        )
        return self.record


class UseStandard(_DeedPage):
    """Scan a standard that is used."""

    form_class = StandardForm
    label = _("Use this standard")
    title = _("Scan a standard")
    explanation = _("The calibration of the standard that is in force now is kept with it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": site_of(self.record.plan)}

    def deed(self, form: Any) -> Any:
        standard = form.cleaned_data["standard"]
        return services.use_standard(record=self.record, standard=standard, actor=self.request.user)


class Describe(_DeedPage):
    """Under which circumstances, or by which laboratory."""

    form_class = DescribeForm
    label = _("Save")
    title = _("Circumstances")

    def get_initial(self) -> dict[str, Any]:
        return DescribeForm.values_of(self.record)

    def deed(self, form: Any) -> Any:
        return services.describe_calibration(record=self.record, **form.cleaned_data, actor=self.request.user)


class CertificateAttach(_DeedPage):
    """Attach a certificate or another file."""

    form_class = CertificateForm
    label = _("Attach")
    title = _("Attach a file")

    def deed(self, form: Any) -> Any:
        return services.attach_certificate(
            record=self.record,
            file=form.cleaned_data["file"],
            caption=form.cleaned_data["caption"],
            actor=self.request.user,
        )


class Finish(_DeedPage):
    """Sign what was done; whether it passed is computed."""

    form_class = FinishForm
    label = _("Finish and sign")
    meaning = "performed"
    explanation = _("You have calibrated it as recorded here. Whether it passed is computed from the readings.")

    def covered(self) -> Sequence[Fact]:
        readings = newest_readings(self.record)
        bad = [reading for reading in readings if not reading.found_in]
        return [
            Fact(_("Gauge"), self.record.plan),
            *(
                Fact(reading.label, f"{reading.as_found.normalize():f} → {reading.as_left.normalize():f} {reading.uom}",
                     tone="" if reading.found_in else "bad")
                for reading in readings
            ),
            Fact(_("Found"), RESULT[not bad][0] if readings else _("no reading"), tone="bad" if bad else ""),
        ]  # fmt: skip

    def deed(self, form: Any) -> Any:
        return services.finish_calibration(
            record=self.record,
            performed_on=form.cleaned_data["performed_on"],
            reason=form.cleaned_data["reason"],
            signature=self.proof(),
            actor=self.request.user,
        )


class CalibrationRecordMove(MovePage):
    """Start, return, verify, confirm, cancel."""

    model, permission = CalibrationRecord, VIEW

    def get_queryset(self) -> QuerySet[CalibrationRecord]:
        return records()

    def covered(self) -> Sequence[Fact]:
        record = self.record
        return [
            Fact(_("Gauge"), record.plan),
            Fact(_("Found"), RESULT[record.found_in_tolerance][0]),
            Fact(_("Left"), RESULT[record.left_in_tolerance][0]),
            *(
                Fact(reading.label, f"{reading.as_found.normalize():f} → {reading.as_left.normalize():f} {reading.uom}")
                for reading in newest_readings(record)
            ),
            Fact(_("Good until"), day(record.valid_until)),
        ]


class CalibrationRecordClose(CalibrationRecordMove):
    """Say what a failure means for what was measured, and close it."""

    move = "close"
    form_class = ImpactForm

    def blockers(self) -> Sequence[Any]:
        """What is answered on this page does not stand against it."""
        return [blocker for blocker in super().blockers() if blocker.code != "impact"]


class CertificateSeal(_DeedPage):
    """Have the certificate sealed, where that failed before."""

    deed_permission = VIEW
    label = _("Seal the certificate")

    def deed(self, form: Any) -> Any:
        return services.request_certificate(record=self.record, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())
