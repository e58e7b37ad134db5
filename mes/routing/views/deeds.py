"""What the routing builder does: one class and one service call for each change of a draft."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.web.forms import Form, row_id
from core.web.views import found_in
from mes.instructions.models import DataPoint, InstructionStep
from mes.routing import services
from mes.routing.forms import (
    AssignLineForm,
    CopyForm,
    DataPointForm,
    MaterialForm,
    NewOperationForm,
    OmitLineForm,
    OperationForm,
    PositionForm,
    QuantityForm,
    RequirementForm,
    SummaryForm,
)
from mes.routing.models import OmittedMaterial, Operation, OperationMaterial, OperationRequirement, RoutingRevision
from mes.routing.views.board import Board
from mes.routing.views.builder import BuilderDeed
from traceability.models import BillOfMaterialLine


class ChangeSummary(BuilderDeed):
    """Say what changed and why."""

    address, name, form_part, form_class = "summary", "summary", "summary", SummaryForm
    changes_record = True

    def make_form(self, board: Board) -> Form:
        return board.form("summary", SummaryForm, self.request.POST)

    def overwritten(self) -> RoutingRevision:
        revision: RoutingRevision = self.record
        return revision

    def deed(self, values: dict[str, Any]) -> RoutingRevision:
        return services.change_summary(revision=self.record, summary=values["summary"], actor=self.request.user)


class AddOperation(BuilderDeed):
    """Add an operation at the end."""

    address, name, form_part, form_class = "operations", "add", "new", NewOperationForm
    makes = Operation

    def make_form(self, board: Board) -> Form:
        return board.form("new", NewOperationForm, self.request.POST, revision=self.record)

    def deed(self, values: dict[str, Any]) -> Operation:
        self.focus = "new"
        return services.add_operation(revision=self.record, **values, actor=self.request.user)


class CopyOperations(BuilderDeed):
    """Copy the operations of another routing to the end."""

    address, name, form_part, form_class = "copy", "copy", "copy", CopyForm

    def make_form(self, board: Board) -> Form:
        return board.form("copy", CopyForm, self.request.POST, revision=self.record)

    def deed(self, values: dict[str, Any]) -> RoutingRevision:
        revisions = values["source"].revisions.order_by("-id")
        source = revisions.filter(status="effective").first() or revisions.first()
        services.copy_operations(source=source, revision=self.record, actor=self.request.user)
        self.focus = "new"
        revision: RoutingRevision = self.record
        return revision


class OperationDeed(BuilderDeed):
    """A deed about one operation."""

    about = "operation"
    makes: ClassVar[type[Model]] = Operation


class ChangeOperation(OperationDeed):
    """Change an operation."""

    address, name, form_part, form_class = "change", "change", "operation", OperationForm
    changes_record = True

    def make_form(self, board: Board) -> Form:
        return board.operation_form(self.operation, self.request.POST)

    def overwritten(self) -> Operation:
        return self.operation

    def deed(self, values: dict[str, Any]) -> Operation:
        self.focus = f"edit-{self.operation.pk}"
        return services.change_operation(operation=self.operation, **values, actor=self.request.user)


class MoveOperation(OperationDeed):
    """Put an operation at another place; all are numbered 10, 20, 30 … again."""

    address, name, form_class = "move", "move", PositionForm

    def pressed(self) -> Operation:
        return self.operation

    def deed(self, values: dict[str, Any]) -> Operation:
        order = self.request.POST.get("order")
        seen = None if order is None else [pk for pk in map(row_id, order.split()) if pk]
        services.move_operation(
            operation=self.operation, position=values["position"], seen=seen, actor=self.request.user
        )
        return self.operation


class RemoveOperation(OperationDeed):
    """Remove an operation from the draft."""

    address, name, makes = "remove", "remove", RoutingRevision

    def pressed(self) -> Operation:
        return self.operation

    def deed(self, values: dict[str, Any]) -> RoutingRevision:
        seen = self.request.POST.get("parts")
        services.remove_operation(operation=self.operation, seen=seen, actor=self.request.user)
        self.focus = "operations"
        revision: RoutingRevision = self.record
        return revision


class AssignOpenLines(OperationDeed):
    """Assign every line of the bill of material that is still open to this operation."""

    address, name = "assign", "assign"

    def deed(self, values: dict[str, Any]) -> Operation:
        services.assign_open_lines(operation=self.operation, actor=self.request.user)
        self.focus = f"edit-{self.operation.pk}"
        return self.operation


class AssignMaterial(OperationDeed):
    """Let an operation consume a material that the bill of material does not list."""

    address, name, form_part, form_class = "materials", "material", "material", MaterialForm
    makes = OperationMaterial

    def make_form(self, board: Board) -> Form:
        return board.material_form(self.operation, self.request.POST)

    def deed(self, values: dict[str, Any]) -> OperationMaterial:
        self.focus = self.part
        return services.assign_material(operation=self.operation, **values, actor=self.request.user)


class AddRequirement(OperationDeed):
    """Require a qualification, a signature or equipment (`curriculum:3`, `signature:performed`, `equipment:5`)."""

    address, name, form_part, form_class = "requirements", "require", "requirement", RequirementForm
    makes = OperationRequirement

    def make_form(self, board: Board) -> Form:
        return board.requirement_form(self.operation, self.request.POST)

    def deed(self, values: dict[str, Any]) -> OperationRequirement:
        self.focus = self.part
        return services.add_requirement(operation=self.operation, **values["arguments"], actor=self.request.user)


class AddDataPoint(OperationDeed):
    """Record a value at an operation: added to the draft of its instruction."""

    address, name, form_part, form_class = "records", "record", "point", DataPointForm
    makes = DataPoint

    def make_form(self, board: Board) -> Form | None:
        return board.point_form(self.operation, self.request.POST)

    @cached_property
    def form(self) -> Form:
        return self.make_form(Board(self.record)) or DataPointForm(self.request.POST, steps=[])

    def deed(self, values: dict[str, Any]) -> DataPoint:
        steps = InstructionStep.objects.filter(pk=values.pop("step", None) or 0).select_related("work_instruction")
        # Without a draft instruction the board has no form; the service then says what to do.
        values = values or {"code": "", "label": ""}
        self.focus = self.part
        return services.record_at_operation(
            operation=self.operation, step=steps.first(), **values, actor=self.request.user
        )


class RowDeed(BuilderDeed):
    """A deed about one material of an operation."""

    about = "material"

    @cached_property
    def row(self) -> OperationMaterial:
        """The material of an operation that the address names."""
        found: OperationMaterial = self.one(OperationMaterial, "operation__routing_revision")
        return found


class ChangeQuantity(RowDeed):
    """Change how much an operation consumes per piece."""

    address, name, form_part, form_class = "quantity", "quantity", "row", QuantityForm
    makes, changes_record = OperationMaterial, True

    def make_form(self, board: Board) -> Form:
        return board.form(self.part, QuantityForm, self.request.POST)

    def overwritten(self) -> OperationMaterial:
        return self.row

    def deed(self, values: dict[str, Any]) -> OperationMaterial:
        return services.change_quantity(row=self.row, **values, actor=self.request.user)


class RemoveMaterial(RowDeed):
    """Let an operation no longer consume a material."""

    address, name, makes = "remove", "remove", Operation

    def pressed(self) -> OperationMaterial:
        return self.row

    def deed(self, values: dict[str, Any]) -> Operation:
        operation = self.row.operation
        services.remove_material(row=self.row, actor=self.request.user)
        self.focus = f"edit-{operation.pk}"
        return operation


class RemoveRequirement(BuilderDeed):
    """Take a requirement off an operation."""

    about, address, name, makes = "requirement", "remove", "remove", Operation

    @cached_property
    def requirement(self) -> OperationRequirement:
        """The requirement that the address names."""
        found: OperationRequirement = self.one(OperationRequirement, "operation__routing_revision")
        return found

    def pressed(self) -> OperationRequirement:
        return self.requirement

    def deed(self, values: dict[str, Any]) -> Operation:
        operation = self.requirement.operation
        services.remove_requirement(requirement=self.requirement, actor=self.request.user)
        self.focus = f"edit-{operation.pk}"
        return operation


class LineDeed(BuilderDeed):
    """A deed about one line of the routing's bill of material."""

    about = "line"

    @cached_property
    def line(self) -> BillOfMaterialLine:
        lines = BillOfMaterialLine.objects.filter(bom__material=self.record.routing.material_id)
        return found_in(lines, self.kwargs["part"], _("That line is not in the bill of material of this routing."))


class AssignLine(LineDeed):
    """Assign a line of the bill of material, or a part of it, to an operation."""

    address, name, form_part, form_class, makes = "assign", "assign", "line", AssignLineForm, OperationMaterial

    def make_form(self, board: Board) -> Form:
        state = next((state for state in board.bom.lines if state.line.pk == self.line.pk), None)
        if state is None:
            raise Http404(gettext("That line is not in force today."))
        return board.assign_form(state, self.request.POST)

    def deed(self, values: dict[str, Any]) -> OperationMaterial:
        self.focus = "bom"
        return services.assign_line(bom_line=self.line, **values, actor=self.request.user)


class OmitLine(LineDeed):
    """Say why a line of the bill of material is not used."""

    address, name, form_part, form_class, makes = "omit", "omit", "omit", OmitLineForm, OmittedMaterial

    def make_form(self, board: Board) -> Form:
        return board.form(self.part, OmitLineForm, self.request.POST)

    def deed(self, values: dict[str, Any]) -> OmittedMaterial:
        self.focus = "bom"
        return services.omit_line(revision=self.record, bom_line=self.line, why=values["why"], actor=self.request.user)


class UseLineAgain(BuilderDeed):
    """Use a line of the bill of material that was left out."""

    about, address, name = "omission", "remove", "remove"

    @cached_property
    def omission(self) -> OmittedMaterial:
        """The line not used that the address names."""
        found: OmittedMaterial = self.one(OmittedMaterial, "routing_revision")
        return found

    def pressed(self) -> OmittedMaterial:
        return self.omission

    def deed(self, values: dict[str, Any]) -> RoutingRevision:
        services.use_line_again(omission=self.omission, actor=self.request.user)
        self.focus = f"line-{self.omission.bom_line_id}"
        revision: RoutingRevision = self.record
        return revision


DEEDS: tuple[type[BuilderDeed], ...] = (
    ChangeSummary,
    AddOperation,
    CopyOperations,
    ChangeOperation,
    MoveOperation,
    RemoveOperation,
    AssignOpenLines,
    AssignMaterial,
    AddRequirement,
    AddDataPoint,
    ChangeQuantity,
    RemoveMaterial,
    RemoveRequirement,
    AssignLine,
    OmitLine,
    UseLineAgain,
)
"""Every deed of the builder; the addresses are made from it."""
