"""What the routing builder shows: operations with their small forms, the BOM, and which part is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.web.forms import Form
from mes.instructions.queries import limits_text
from mes.routing.forms import (
    AssignLineForm,
    CopyForm,
    DataPointForm,
    MaterialForm,
    NewOperationForm,
    OmitLineForm,
    OperationForm,
    QuantityForm,
    RequirementForm,
    SummaryForm,
    requirement_choices,
)
from mes.routing.models import Operation, OperationMaterial, OperationRequirement, RoutingRevision
from mes.routing.queries import (
    BomState,
    InstructionView,
    LineState,
    bom_state,
    finishes_units,
    instructions_of,
    operations_of,
    parts_seen,
    requirement_text,
)
from traceability.models import UnitOfMeasure

Data = QueryDict | None


@dataclass(frozen=True)
class MaterialRow:
    """One material of an operation with its quantity form; `is_odd` marks a quantity that does not fit the BOM."""

    row: OperationMaterial
    form: Form
    is_odd: bool
    is_stale: bool


@dataclass(frozen=True)
class WhyNoPoint:
    """Why nothing to record can be added at an operation, and the page where that changes."""

    why: str
    label: str
    url: str

    @classmethod
    def of(cls, view: InstructionView | None) -> WhyNoPoint | None:
        """Values are recorded by the steps of an instruction; they are added while it is a draft."""
        if view is None:
            return cls(
                _("It names no instruction. Values are recorded in the steps of one."),
                _("Write an instruction"),
                reverse("qms_documents:document_create"),
            )
        if view.is_editable:
            return None
        if view.in_work is not None:
            return cls(
                _("Revision %(revision)s of its instruction is “%(state)s”: values are added while it is a draft.")
                % {"revision": view.in_work.revision, "state": view.in_work.get_status_display()},
                _("Open the revision"),
                view.in_work.get_absolute_url(),
            )
        return cls(
            _("Its instruction has no draft: values are added in its next revision."),
            _("Begin a new revision"),
            reverse("qms_documents:documentrevision_create", args=[view.document.pk]),
        )


@dataclass(frozen=True)
class OperationCard:
    """One operation as the builder shows it."""

    operation: Operation
    position: int
    is_first: bool
    is_last: bool
    is_edited: bool
    form: Form | None
    parts: str
    materials: list[MaterialRow]
    material_form: Form
    requirements: list[tuple[OperationRequirement, str]]
    requirement_form: Form
    instruction: InstructionView | None
    points: list[tuple[Any, str]]
    for_units: bool
    """Whether units are completed here, each with its values."""
    point_form: Form | None
    why_no_point: WhyNoPoint | None
    opened: str


@dataclass(frozen=True)
class LineRow:
    """One BOM line in the panel beside the operations."""

    state: LineState
    assign_form: Form
    omit_form: Form
    is_opened: bool


class Board:
    """Everything on the builder, read once. A form that was refused is shown again in its own part."""

    def __init__(
        self, revision: RoutingRevision, *, edited: int = 0, focus: str = "", refused: tuple[str, Form] | None = None
    ) -> None:
        self.revision = revision
        self.edited = edited
        self.focus = refused[0] if refused else focus
        self.refused = refused

    @cached_property
    def operations(self) -> list[Operation]:
        return operations_of(self.revision)

    @property
    def order(self) -> str:
        """The order of the operations as it is shown, by their ids."""
        return " ".join(str(operation.pk) for operation in self.operations)

    @cached_property
    def bom(self) -> BomState:
        return bom_state(self.revision, operations=self.operations)

    @cached_property
    def _instructions(self) -> Mapping[int, InstructionView]:
        return instructions_of([o.document for o in self.operations if o.document is not None])

    @cached_property
    def _requirement_choices(self) -> list[tuple[Any, Any]]:
        return requirement_choices()

    @cached_property
    def _units(self) -> list[tuple[Any, Any]]:
        return [("", "–"), *((unit.pk, f"{unit} · {unit.name}") for unit in UnitOfMeasure.objects.all())]

    def form(self, part: str, made: type[Form], data: Data = None, **kwargs: Any) -> Form:
        """The form of a part: the refused one with its errors, else a fresh one whose fields have stable ids."""
        if self.refused is not None and self.refused[0] == part:
            return self.refused[1]
        form = made(data, auto_id=f"{part}-%s", **kwargs)
        if self.focus == part and form.fields:
            next(iter(form.fields.values())).widget.attrs["data-focus"] = ""
        return form

    @cached_property
    def summary_form(self) -> Form:
        shown = {"summary": self.revision.change_summary, "version": self.revision.row_version}
        return self.form("summary", SummaryForm, initial=shown)

    @cached_property
    def new_form(self) -> Form:
        return self.form("new", NewOperationForm, revision=self.revision)

    @cached_property
    def copy_form(self) -> Form:
        return self.form("copy", CopyForm, revision=self.revision)

    def operation_form(self, operation: Operation, data: Data = None) -> Form:
        initial = OperationForm.values_of(operation)
        return self.form(f"operation-{operation.pk}", OperationForm, data, revision=self.revision, initial=initial)

    def requirement_form(self, operation: Operation, data: Data = None) -> Form:
        part = f"requirement-{operation.pk}"
        return self.form(part, RequirementForm, data, choices=self._requirement_choices)

    def point_form(self, operation: Operation, data: Data = None) -> Form | None:
        """The quick form of a data point; None while the instruction is no draft."""
        view = self._instructions.get(operation.document_id or 0)
        if view is None or not view.is_editable:
            return None
        steps = [(str(step.pk), str(step)) for step in view.steps]
        form = self.form(f"point-{operation.pk}", DataPointForm, data, steps=steps)
        form.fields["unit"].choices = self._units  # type: ignore[attr-defined]
        return form

    def material_form(self, operation: Operation, data: Data = None) -> Form:
        return self.form(f"material-{operation.pk}", MaterialForm, data)

    def quantity_form(self, row: OperationMaterial, data: Data = None) -> Form:
        shown = {"quantity": f"{row.quantity.normalize():f}", "version": row.row_version}
        return self.form(f"row-{row.pk}", QuantityForm, data, initial=shown)

    def assign_form(self, state: LineState, data: Data = None) -> Form:
        form = self.form(f"line-{state.line.pk}", AssignLineForm, data, revision=self.revision)
        if data is None and not form.is_bound:
            form.fields["quantity"].initial = f"{state.missing.normalize():f}" if state.missing > 0 else None
            form.fields["operation"].choices = [(o.pk, str(o)) for o in self.operations]  # type: ignore[attr-defined]
        return form

    def omit_form(self, line_id: int, data: Data = None) -> Form:
        return self.form(f"omit-{line_id}", OmitLineForm, data)

    @cached_property
    def lines(self) -> list[LineRow]:
        """The lines of the BOM, what is still open first."""
        rows = [
            LineRow(
                state,
                self.assign_form(state),
                self.omit_form(state.line.pk),
                self.focus in (f"line-{state.line.pk}", f"omit-{state.line.pk}"),
            )
            for state in self.bom.lines
        ]
        return sorted(rows, key=lambda row: row.state.is_settled)

    @property
    def settled(self) -> int:
        """How many BOM lines have their place."""
        return sum(1 for state in self.bom.lines if state.is_settled)

    @cached_property
    def cards(self) -> list[OperationCard]:
        """The operations in order."""
        last = len(self.operations) - 1
        return [self._card(operation, index, last) for index, operation in enumerate(self.operations)]

    def _card(self, operation: Operation, index: int, last: int) -> OperationCard:
        view = self._instructions.get(operation.document_id or 0)
        is_edited = operation.pk == self.edited or self.focus == f"operation-{operation.pk}" and bool(self.refused)
        stale = {place.pk for place in self.bom.stale}
        odd = {state.line.pk for state in self.bom.excess_lines}
        return OperationCard(
            operation=operation,
            position=index,
            is_first=index == 0,
            is_last=index == last,
            is_edited=is_edited,
            form=self.operation_form(operation) if is_edited else None,
            materials=[
                MaterialRow(row, self.quantity_form(row), row.bom_line_id in odd, row.pk in stale)
                for row in operation.materials.all()
            ],
            parts=parts_seen(operation),
            material_form=self.material_form(operation),
            requirements=[(row, requirement_text(row)) for row in operation.requirements.all()],
            requirement_form=self.requirement_form(operation),
            instruction=view,
            points=[(point, limits_text(point)) for point in view.data_points] if view else [],
            for_units=finishes_units(operation, self.revision),
            point_form=self.point_form(operation),
            why_no_point=WhyNoPoint.of(view),
            opened=self.focus.partition("-")[0] if self.focus.endswith(f"-{operation.pk}") else "",
        )


def revisions_to_build() -> QuerySet[RoutingRevision]:
    """Revisions with what the head of the builder shows."""
    return RoutingRevision.objects.select_related("routing__site", "routing__material", "author")
