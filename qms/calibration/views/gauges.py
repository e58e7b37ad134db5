"""The list of gauges, the page of one, and its plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Equipment
from core.organization.queries import people_who_may, scoped
from core.web.access import may
from core.web.markup import Text
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage
from qms.calibration import services
from qms.calibration.filters import CalibrationPlanFilters
from qms.calibration.forms import PlanCreateForm, PlanForm, PointForm, StandardForm
from qms.calibration.lifecycle import CHANGE, PERFORM, VIEW
from qms.calibration.models import CalibrationPlan, CalibrationPoint, PlannedStandard
from qms.calibration.queries import calibration_in_force, gauges, open_calibration, site_of, standing, today_at
from qms.calibration.tables import CalibrationPlanTable
from qms.documents.queries import documents_for

RECORDS_SHOWN = 50


def day(value: Any) -> str:
    """A day as people write it, or a dash."""
    return date_format(value, "SHORT_DATE_FORMAT") if value is not None else "–"


class CalibrationPlanList(ListPage):
    """Every gauge that the visitor may see."""

    model, permission = CalibrationPlan, VIEW
    table_class, filterset_class = CalibrationPlanTable, CalibrationPlanFilters
    search_fields = ("equipment__code", "equipment__name")
    order = ("equipment__code",)
    create_url_name, create_permission = "qms_calibration:calibrationplan_create", CHANGE
    create_label = _("New gauge")
    empty_title = _("No gauges yet")
    empty_text = _("Say of which equipment you keep a calibration, or import the list that you have.")
    empty_icon = "gauge"

    def get_queryset(self) -> QuerySet[CalibrationPlan]:
        return gauges().select_related("responsible")


class CalibrationPlanDetail(DetailPage):
    """One gauge: may it be used, until when, at which points it is compared, and what was found."""

    model, permission = CalibrationPlan, VIEW
    template_name = "qms/calibration/calibrationplan_detail.html"
    timeline_later = signatures_later = True

    def get_queryset(self) -> QuerySet[CalibrationPlan]:
        return gauges().select_related("responsible", "procedure")

    def page_title(self) -> Text:
        return str(self.record.equipment.name)

    def site(self) -> Any:
        return site_of(self.record)

    @cached_property
    def open(self) -> Any:
        """The calibration that is not finished."""
        return open_calibration(self.record)

    def badges(self) -> Sequence[tuple[Text, str, str]]:
        found = standing(self.record, today_at(self.site()))
        return () if found.code == self.record.status else [(found.label, found.tone, found.icon)]

    def facts(self) -> Sequence[Fact]:
        plan = self.record
        facts = [
            Fact(_("Class"), plan.equipment.equipment_class or "–"),
            Fact(_("Work center"), plan.equipment.work_center, plan.equipment.work_center.get_absolute_url()),
            Fact(_("Due on"), day(plan.due_on)),
            Fact(_("Interval, months"), plan.interval_months),
            Fact(_("Procedure"), plan.procedure or "–", plan.procedure.get_absolute_url() if plan.procedure else ""),
            Fact(_("Responsible"), plan.responsible or _("whoever may calibrate")),
            Fact(_("Reference standard"), _("Yes") if plan.is_standard else _("No")),
        ]
        for label, record in ((_("Calibration in force"), calibration_in_force(plan)), (_("Failed"), plan.failed)):
            if record is not None:
                facts.append(Fact(label, record.number, record.get_absolute_url()))
        return facts

    def actions(self) -> Sequence[Action]:
        def to(name: str) -> str:
            return reverse(f"qms_calibration:{name}", args=[self.record.pk])

        found = [Action(_("Measured with it"), to("calibrationplan_values"), "list", VIEW)]
        if self.record.status == "retired":
            return found
        if self.open is not None:
            found.insert(0, Action(str(self.open), self.open.get_absolute_url(), "gauge", VIEW, primary=True))
        else:
            found.insert(0, Action(_("Calibrate"), to("calibrationrecord_create"), "gauge", PERFORM, primary=True))
        return [
            *found,
            Action(_("Change the plan"), to("calibrationplan_change"), "pencil", CHANGE),
            Action(_("Add a point"), to("calibrationpoint_create"), "plus", CHANGE),
            Action(_("Name a standard"), to("plannedstandard_create"), "link", CHANGE),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        plan = self.record
        return super().context(
            points=plan.points.filter(is_active=True).select_related("uom"),
            standards=plan.standards.select_related("standard__equipment"),
            calibrations=plan.records.select_related("performed_by").order_by("-pk")[:RECORDS_SHOWN],
            may_change=may(self.request.user, CHANGE, plan) and plan.status != "retired",
            **more,
        )


class _PlanPage(FormPage):
    """A form about a plan."""

    model, permission = CalibrationPlan, CHANGE
    list_url_name = "qms_calibration:calibrationplan_list"

    def get_queryset(self) -> QuerySet[Any]:
        return gauges()

    def offered(self, place: Any = None) -> dict[str, Any]:
        """People and documents to choose from."""
        people = people_who_may([PERFORM], place)
        documents = documents_for(self.request.user).filter(revisions__status="effective").distinct()
        return {"people": people, "documents": documents.order_by("number")}


class CalibrationPlanCreate(_PlanPage):
    """Make equipment a gauge."""

    form_class = PlanCreateForm
    title = _("New gauge")
    lead = _("From then on it is used only while its calibration is in force.")

    def get_form_kwargs(self) -> dict[str, Any]:
        free = Equipment.objects.filter(calibration_plan__isnull=True, is_active=True)
        equipment = scoped(free.select_related("work_center"), self.request.user, CHANGE).order_by("code")
        return {**super().get_form_kwargs(), **self.offered(), "equipment": equipment}

    def deed(self, form: Any) -> CalibrationPlan:
        return services.create_plan(**form.cleaned_data, actor=self.request.user)


class CalibrationPlanChange(_PlanPage):
    """Change a plan, with a reason."""

    form_class = PlanForm

    def get_initial(self) -> dict[str, Any]:
        return PlanForm.values_of(self.record)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), **self.offered(self.record.equipment.work_center)}

    def deed(self, form: Any) -> CalibrationPlan:
        return services.change_plan(plan=self.record, **form.cleaned_data, actor=self.request.user)


class CalibrationPlanMove(MovePage):
    """In and out of service, lost, retired."""

    model, permission = CalibrationPlan, VIEW

    def get_queryset(self) -> QuerySet[CalibrationPlan]:
        return gauges()

    def covered(self) -> Sequence[Fact]:
        found = standing(self.record, today_at(site_of(self.record)))
        return [
            Fact(_("Gauge"), self.record),
            Fact(_("Standing"), found.label),
            Fact(_("Due on"), day(self.record.due_on)),
        ]


class CalibrationRequest(MovePage):
    """Calibrate a gauge now, though it may not be due."""

    model, permission, deed_permission = CalibrationPlan, VIEW, PERFORM
    label = _("Calibrate")
    explanation = _("A calibration is opened; readings and standards are entered on its page.")

    def get_queryset(self) -> QuerySet[CalibrationPlan]:
        return gauges().select_related("responsible")

    def deed(self, form: Any) -> Any:
        return services.request_calibration(plan=self.record, actor=self.request.user)


class PointCreate(_PlanPage):
    """A further point."""

    form_class = PointForm
    change_needs_reason = changes_record = False
    title = _("Add a point")

    def deed(self, form: Any) -> CalibrationPoint:
        return services.add_point(plan=self.record, **form.cleaned_data, actor=self.request.user)


class PointChange(FormPage):
    """Change a point; what was read keeps what it was judged by."""

    model, permission, form_class = CalibrationPoint, CHANGE, PointForm
    list_url_name = "qms_calibration:calibrationplan_list"

    def get_queryset(self) -> QuerySet[CalibrationPoint]:
        return CalibrationPoint.objects.select_related("plan__equipment__work_center", "uom")

    def get_initial(self) -> dict[str, Any]:
        return PointForm.values_of(self.record)

    def deed(self, form: Any) -> CalibrationPoint:
        return services.change_point(point=self.record, **form.cleaned_data, actor=self.request.user)


class PointRemove(MovePage):
    """Calibrate at a point no more."""

    model, permission, deed_permission = CalibrationPoint, VIEW, CHANGE
    label = _("Remove the point")
    explanation = _("It is calibrated at this point no more; what was read at it stays.")
    asks_reason = True
    list_url_name = "qms_calibration:calibrationplan_list"

    def get_queryset(self) -> QuerySet[CalibrationPoint]:
        return CalibrationPoint.objects.select_related("plan__equipment__work_center")

    def deed(self, form: Any) -> CalibrationPlan:
        return services.remove_point(point=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)


class PlannedStandardCreate(MovePage):
    """Say against which reference standard it is calibrated."""

    model, permission, deed_permission, form_class = CalibrationPlan, VIEW, CHANGE, StandardForm
    label = _("Name the standard")

    def get_queryset(self) -> QuerySet[CalibrationPlan]:
        return gauges()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": site_of(self.record)}

    def deed(self, form: Any) -> PlannedStandard:
        return services.add_standard(plan=self.record, standard=form.cleaned_data["standard"], actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return self.record_url()


class PlannedStandardRemove(MovePage):
    """A standard is no longer to be used."""

    model, permission, deed_permission = PlannedStandard, VIEW, CHANGE
    label = _("Remove the standard")
    explanation = _("It is no longer asked for; where it was used stays.")
    asks_reason = True
    list_url_name = "qms_calibration:calibrationplan_list"

    def get_queryset(self) -> QuerySet[PlannedStandard]:
        return PlannedStandard.objects.select_related("plan__equipment__work_center", "standard__equipment")

    def record_url(self) -> str:
        return str(self.record.plan.get_absolute_url())

    def page_title(self) -> Text:
        return _t("Remove the standard %(standard)s") % {"standard": self.record}

    def deed(self, form: Any) -> CalibrationPlan:
        return services.remove_standard(
            planned=self.record, reason=form.cleaned_data["reason"], actor=self.request.user
        )
