"""The API of orders and the floor. What only a terminal's pages offer has page-like classes here.

A program is at no terminal: its bookings name none, but the request and the token that they came by.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.printing.models import PrintJob
from core.web.api import deed, moves, reading, records
from core.web.forms import MOST, Form, ReasonField
from core.web.views import MovePage
from mes.execution import services
from mes.execution.api.centers import Dispatch, LeaveNote, OrderOperations, Staff
from mes.execution.lifecycle import VIEW
from mes.execution.models import (
    Andon,
    Consumption,
    DataRecord,
    FloorNote,
    OperationRun,
    OrderOperation,
    Output,
    ProductionOrder,
    StepRecord,
)
from mes.execution.queries import (
    GateContext,
    booking,
    scanned_gauge,
    signature_needs,
    steps_at,
)
from mes.execution.views import desk, floor_forms, training
from mes.instructions.models import DataPoint, InstructionStep
from qms.nonconformance.models import NonConformance, PlannedDeviation
from qms.training.models import TrainingAssignment


class FloorDeed(MovePage):
    """A deed at an operation. Who may do it there is asked by its guards."""

    model, permission = OrderOperation, VIEW
    takes_reason = False

    def get_queryset(self) -> Any:
        return desk.OrderOperationDetail.get_queryset(self)  # type: ignore[arg-type]

    @cached_property
    def form(self) -> Any:
        form = super().form
        if not self.takes_reason:
            form.fields.pop("reason", None)
        return form

    @property
    def common(self) -> dict[str, Any]:
        """What every service of the floor is told."""
        return {"order_operation": self.record, "actor": self.request.user}


class Start(FloorDeed):
    """Clock on to an operation, and start it unless a colleague has."""

    def deed(self, form: Any) -> OperationRun:
        return services.start_operation(**self.common).record


class PauseForm(Form):
    """Why one pauses or leaves, where one wants to say it."""

    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class Pause(FloorDeed):
    """Pause one's work."""

    form_class = PauseForm

    def deed(self, form: Any) -> OperationRun:
        return services.pause_operation(note=form.cleaned_data["note"], **self.common).record


class Resume(FloorDeed):
    """Go on with paused work."""

    def deed(self, form: Any) -> OperationRun:
        return services.resume_operation(**self.common).record


class Leave(FloorDeed):
    """Clock off; others may go on."""

    def deed(self, form: Any) -> OperationRun:
        return services.leave_operation(**self.common).record


class Call(FloorDeed):
    """Call the lead."""

    def deed(self, form: Any) -> Andon:
        return services.call_lead(**self.common).record


class PrintLabel(FloorDeed):
    """Print the label of what is being made, at the printer of the work center."""

    def deed(self, form: Any) -> PrintJob:
        return services.print_label(**self.common).record


class _AtOperation(Form):
    """Base of forms about a part of the operation's instruction."""

    def __init__(self, *args: Any, operation: OrderOperation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.operation = operation
        steps = steps_at(operation) if {"step", "data_point"} & set(self.fields) else []
        fields: Any = self.fields
        if "step" in fields:
            fields["step"].queryset = InstructionStep.objects.filter(pk__in=[step.step.pk for step in steps])
        if "data_point" in fields:
            points = [entry.point.pk for step in steps for entry in step.entries]
            fields["data_point"].queryset = DataPoint.objects.filter(pk__in=points)


class StepForm(_AtOperation):
    """Which step, done or open again."""

    step = forms.ModelChoiceField(label=_("Step"), queryset=InstructionStep.objects.none())
    done = forms.BooleanField(label=_("Done"), required=False)


class ValueForm(_AtOperation):
    """Which value, and why it is recorded again."""

    data_point = forms.ModelChoiceField(label=_("Value of"), queryset=DataPoint.objects.none())
    value = forms.CharField(label=_("Value"), max_length=floor_forms.LONGEST, strip=False)
    gauge = forms.CharField(
        label=_("Gauge"), max_length=40, required=False, help_text=_("The code of the gauge it was measured with.")
    )
    deviation = forms.ModelChoiceField(
        label=_("Planned deviation"),
        queryset=PlannedDeviation.objects.none(),
        required=False,
        help_text=_("Under which the value may leave its limits."),
    )
    reason = ReasonField(required=False)

    def __init__(self, *args: Any, operation: OrderOperation, **kwargs: Any) -> None:
        super().__init__(*args, operation=operation, **kwargs)
        self.fields["deviation"].queryset = floor_forms.planned_deviations(operation)  # type: ignore[attr-defined]


class _InstructionDeed(FloorDeed):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "operation": self.record}


class ConfirmStep(_InstructionDeed):
    """Confirm a step, or open it again."""

    form_class = StepForm

    def deed(self, form: Any) -> StepRecord:
        values = form.cleaned_data
        return services.complete_step(step=values["step"], done=values["done"], **self.common).record


class RecordValue(_InstructionDeed):
    """Record a value, judged against the limits of the pinned instruction."""

    form_class, takes_reason = ValueForm, True

    def deed(self, form: Any) -> DataRecord:
        values = {**form.cleaned_data, "gauge": scanned_gauge(self.record, form.cleaned_data["gauge"])}
        return services.record_value(**values, **self.common).record


class UndoForm(_AtOperation):
    """Which booking is taken back."""

    kind = forms.CharField(label=_("Kind"), max_length=20)
    booking = forms.IntegerField(label=_("Booking"), min_value=1, max_value=MOST)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "kind" in values and "booking" in values:
            values["fact"] = booking(self.operation, values["kind"], values["booking"])
            if values["fact"] is None:
                raise forms.ValidationError(_("There is no such booking at this operation."), code="unknown")
        return values


class Undo(_InstructionDeed):
    """Take a booking back by a reversing entry."""

    form_class, takes_reason = UndoForm, True

    def deed(self, form: Any) -> OrderOperation:
        values, actor = form.cleaned_data, self.request.user
        services.undo_booking(fact=values["fact"], reason=values["reason"], actor=actor)
        operation: OrderOperation = self.record
        return operation


class DialogDeed(FloorDeed):
    """A dialog of the terminal, without a terminal."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {name: kwargs[name] for name in ("data", "files")} | {"operation": self.record, "request": self.request}

    def deed(self, form: Any) -> Any:
        return form.deed(actor=self.request.user, terminal=None, client_id=None).record


class Consume(DialogDeed):
    """Book a component out of its lot, or build a unit in."""

    form_class = floor_forms.ConsumeDialog


class ReportOutput(DialogDeed):
    """Report good and scrap."""

    form_class = floor_forms.OutputDialog


class FinishUnit(DialogDeed):
    """Finish one serialized unit: its number, what goes in (one code a line), its values as `value-<data point>`."""

    form_class, more_fields = floor_forms.UnitDialog, True


class ReportDefect(DialogDeed):
    """Report a defect: a nonconformance is raised, and what it is about is held."""

    form_class = floor_forms.DefectDialog


class CompleteForm(Form):
    """Why there are fewer pieces than ordered, and why components are missing in those that were made."""

    explanation = forms.CharField(label=_("Why fewer pieces?"), required=False, max_length=500)
    material_explanation = forms.CharField(label=_("Why are components missing?"), required=False, max_length=500)


class Complete(FloorDeed):
    """Complete the operation, signed where its routing asks for the performer's signature."""

    form_class, may_be_signed = CompleteForm, True

    @cached_property
    def asked_meaning(self) -> str:
        """The meaning of the performer's open signature."""
        needs = signature_needs(self.record, GateContext(self.record, None).requirements)
        return next((need.meaning for need in needs if need.given is None and not need.witness), "")

    def deed_meaning(self) -> str:
        return self.asked_meaning

    def deed(self, form: Any) -> OrderOperation:
        done = services.complete_operation(
            explanation=form.cleaned_data["explanation"],
            material_explanation=form.cleaned_data["material_explanation"],
            signature=self.proof(),
            **self.common,
        )
        operation: OrderOperation = done.record
        return operation


class SignForm(_AtOperation):
    """Which of the open signatures is given."""

    meaning = forms.CharField(label=_("Meaning"), max_length=24)

    def clean_meaning(self) -> str:
        meaning = str(self.cleaned_data["meaning"])
        needs = signature_needs(self.operation, GateContext(self.operation, None).requirements)
        if meaning not in {need.meaning for need in needs if need.given is None}:
            raise forms.ValidationError(_("No signature with this meaning is open here."), code="meaning")
        return meaning


class Sign(_InstructionDeed):
    """A further signature on the operation, such as a witness's. The signer is the person who asks."""

    form_class, may_be_signed = SignForm, True

    def deed_meaning(self) -> str:
        return str(self.form.cleaned_data["meaning"])

    def deed(self, form: Any) -> OrderOperation:
        meaning = self.deed_meaning()
        services.sign_operation(meaning=meaning, signature=self.proof(), **self.common)
        operation: OrderOperation = self.record
        return operation


AT = "order-operations/<int:pk>/"
urlpatterns = [
    *records(
        "production-orders",
        name="productionorder",
        list=desk.ProductionOrderList,
        create=desk.ProductionOrderCreate,
        detail=desk.ProductionOrderDetail,
    ),
    deed(
        "routing-revisions/<int:pk>/try/",
        desk.SandboxCreate,
        name="sandbox_create",
        returns=ProductionOrder,
        status=201,
    ),
    reading("production-orders/<int:pk>/operations/", OrderOperations, name="productionorder_operations"),
    *moves(
        "production-orders/<int:pk>/",
        desk.ProductionOrderMove,
        name="productionorder",
    ),
    reading("work-centers/<int:pk>/dispatch/", Dispatch, name="dispatch"),
    deed("work-centers/<int:pk>/note/", LeaveNote, name="note", returns=FloorNote, status=201),
    *records("order-operations", name="orderoperation", detail=desk.OrderOperationDetail),
    deed("order-operations/<int:pk>/reopen/", desk.OrderOperationReopen, name="orderoperation_reopen"),
    deed("order-operations/<int:pk>/adopt/", desk.OrderOperationAdopt, name="orderoperation_adopt"),
    reading(f"{AT}staff/", Staff, name="staff"),
    deed(f"{AT}train/", training.OrderOperationTrain, name="train", returns=TrainingAssignment),
    deed(f"{AT}override/", training.OrderOperationOverride, name="override"),
    deed(f"{AT}start/", Start, name="start", returns=OperationRun),
    deed(f"{AT}pause/", Pause, name="pause", returns=OperationRun),
    deed(f"{AT}resume/", Resume, name="resume", returns=OperationRun),
    deed(f"{AT}leave/", Leave, name="leave", returns=OperationRun),
    deed(f"{AT}call/", Call, name="call", returns=Andon),
    deed(f"{AT}print-label/", PrintLabel, name="label", returns=PrintJob),
    deed(f"{AT}confirm-step/", ConfirmStep, name="step", returns=StepRecord),
    deed(f"{AT}record-value/", RecordValue, name="value", returns=DataRecord),
    deed(f"{AT}consume/", Consume, name="consume", returns=Consumption),
    deed(f"{AT}report-output/", ReportOutput, name="output", returns=Output),
    deed(f"{AT}finish-unit/", FinishUnit, name="unit", returns=Output),
    deed(f"{AT}report-defect/", ReportDefect, name="defect", returns=NonConformance),
    deed(f"{AT}undo/", Undo, name="undo"),
    deed(f"{AT}sign/", Sign, name="sign"),
    deed(f"{AT}complete/", Complete, name="complete"),
    *records("andons", name="andon", list=desk.AndonList, detail=desk.AndonDetail),
    *moves("andons/<int:pk>/", desk.AndonMove, name="andon"),
]
