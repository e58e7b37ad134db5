"""The routing builder: one page, every change in place, each deed one service call.

Without scripts the same forms work with full page loads.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel.records import TrailedModel
from core.kernel.stale import expecting, version_entered
from core.lifecycle.queries import check
from core.web.forms import Form
from core.web.markup import Text
from core.web.views import RecordPage
from mes.instructions.models import InstructionStep
from mes.routing import services
from mes.routing.forms import CopyForm, NewOperationForm, OmitLineForm, QuantityForm, SummaryForm
from mes.routing.models import OmittedMaterial, Operation, OperationMaterial, OperationRequirement, RoutingRevision
from mes.routing.views.addresses import address, sandbox_address
from mes.routing.views.board import Board, revisions_to_build
from traceability.models import BillOfMaterialLine

CHANGE = "mes_routing.change_routingrevision"


class BuilderPage(RecordPage):
    """The builder of a draft; any other revision is read on its own page."""

    model, permission = RoutingRevision, CHANGE
    template_name = "mes/routing/routingrevision_build.html"
    list_url_name = "mes_routing:routing_list"

    def get_queryset(self) -> QuerySet[RoutingRevision]:
        return revisions_to_build()

    def page_title(self) -> Text:
        return str(self.record.routing.name)

    def number(self) -> str:
        return str(self.record)

    def crumbs(self) -> list[tuple[Text, str]]:
        routing = self.record.routing
        revision = gettext("Revision %(revision)s") % {"revision": self.record.revision}
        return [
            (_("Routings"), self.list_url()),
            (routing.code, routing.get_absolute_url()),
            (revision, self.record.get_absolute_url()),
            (_("Build"), ""),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.record.status != "draft":
            return HttpResponseRedirect(self.record.get_absolute_url())
        edited = request.GET.get("edit", "")
        pk = int(edited) if edited.isdecimal() else 0
        return self.show(Board(self.record, edited=pk, focus=f"operation-{pk}" if pk else ""))

    def show(self, board: Board, *, status: int = 200) -> HttpResponseBase:
        """The whole page, or for a fragment request the builder alone."""
        if self.request.headers.get("HX-Request"):
            context = {"board": board, "revision": self.record}
            return render(self.request, "mes/routing/_builder.html", context, status=status)
        return self.render(
            board=board,
            revision=self.record,
            record=self.record,
            submit_url=address("routingrevision_move", self.record.pk, "submit"),
            sandbox_url=sandbox_address(self.record),
            status=status,
        )


class BuilderChecks(BuilderPage):
    """What stands against submitting the draft as it is now; read again after every change."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        results = check(self.record, "submit", request.user)
        failed = [
            {"title": result.title, "blockers": result.blockers, "more": len(result.blockers) - 1}
            for result in results
            if not result.passed
        ]
        context = {"open": failed, "passed": [result for result in results if result.passed]}
        return render(request, "mes/routing/_checks.html", context)


class BuilderDeed(BuilderPage):
    """One change of the draft: its form if it has one, its service, and where the cursor goes next.

    `about` names what the deed's `part` in the address is ("" = the revision itself).
    """

    http_method_names: ClassVar[list[str]] = ["post"]  # type: ignore[misc]
    about: ClassVar[str] = ""
    address: ClassVar[str] = ""
    name: ClassVar[str] = ""
    form_part: ClassVar[str] = ""
    """Prefix of the form's part on the board; the id of `part` follows."""

    def make_form(self, board: Board) -> Form | None:
        """The bound form, or None when the deed needs no input."""
        return None

    def deed(self, values: dict[str, Any]) -> str:
        """Call the one service; return the part that gets the focus."""
        raise NotImplementedError

    def overwritten(self) -> TrailedModel | None:
        """The record whose values the form showed and now overwrites, if it does; its version is compared."""
        return None

    def as_seen(self, form: Form | None) -> AbstractContextManager[None]:
        """Declare the version that the person saw. Raises `Blocked` when the form names none."""
        record = self.overwritten()
        if record is None or form is None:
            return nullcontext()
        anew = address("routingrevision_build", self.record.pk)
        version = version_entered(form.cleaned_data.pop("version", ""), record=record, remedy_url=anew)
        return expecting(record, version, remedy_url=anew)

    def one(self, model: type[Model], path: str) -> Any:
        """The record named by the address, if it belongs to this revision."""
        found = model._default_manager.filter(**{"pk": self.kwargs["part"], path: self.record}).first()
        if found is None:
            raise Http404(gettext("That part of the routing is no longer here."))
        return found

    @cached_property
    def operation(self) -> Operation:
        """The operation that the address names."""
        found: Operation = self.one(Operation, "routing_revision")
        return found

    @property
    def part(self) -> str:
        """The part of the board whose form this is."""
        return f"{self.form_part}-{self.kwargs['part']}" if self.about else self.form_part

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.make_form(Board(self.record))
        if form is None or form.is_valid():
            try:
                with self.as_seen(form):
                    focus = self.deed(form.cleaned_data if form is not None else {})
            except ValidationError as error:
                if form is None:
                    raise  # there is no form to show it at
                self.blame(form, error)
            else:
                if request.headers.get("HX-Request"):
                    return self.show(Board(revisions_to_build().get(pk=self.record.pk), focus=focus))
                return HttpResponseRedirect(address("routingrevision_build", self.record.pk))
        assert form is not None
        return self.show(Board(self.record, refused=(self.part, form)), status=422)

    @staticmethod
    def blame(form: Form, error: ValidationError) -> None:
        """Put a service's errors at the fields they name, the rest above the form."""
        for name, messages in getattr(error, "error_dict", {None: error.messages}).items():
            form.add_error(name if name in form.fields else None, messages)


class ChangeSummary(BuilderDeed):
    address, name, form_part = "summary", "summary", "summary"

    def make_form(self, board: Board) -> Form:
        return board.form("summary", SummaryForm, self.request.POST)

    def overwritten(self) -> RoutingRevision:
        revision: RoutingRevision = self.record
        return revision

    def deed(self, values: dict[str, Any]) -> str:
        services.change_summary(revision=self.record, summary=values["summary"], actor=self.request.user)
        return ""


class AddOperation(BuilderDeed):
    address, name, form_part = "operations", "add", "new"

    def make_form(self, board: Board) -> Form:
        return board.form("new", NewOperationForm, self.request.POST, revision=self.record)

    def deed(self, values: dict[str, Any]) -> str:
        services.add_operation(revision=self.record, **values, actor=self.request.user)
        return "new"


class CopyOperations(BuilderDeed):
    address, name, form_part = "copy", "copy", "copy"

    def make_form(self, board: Board) -> Form:
        return board.form("copy", CopyForm, self.request.POST, revision=self.record)

    def deed(self, values: dict[str, Any]) -> str:
        revisions = values["source"].revisions.order_by("-id")
        source = revisions.filter(status="effective").first() or revisions.first()
        services.copy_operations(source=source, revision=self.record, actor=self.request.user)
        return "new"


class ChangeOperation(BuilderDeed):
    about, address, name, form_part = "operation", "change", "change", "operation"

    def make_form(self, board: Board) -> Form:
        return board.operation_form(self.operation, self.request.POST)

    def overwritten(self) -> Operation:
        return self.operation

    def deed(self, values: dict[str, Any]) -> str:
        services.change_operation(operation=self.operation, **values, actor=self.request.user)
        return f"edit-{self.operation.pk}"


class MoveOperation(BuilderDeed):
    about, address, name = "operation", "move", "move"

    def deed(self, values: dict[str, Any]) -> str:
        position = self.request.POST.get("position", "")
        if not position.isdecimal():
            raise ValidationError(gettext("Say at which place the operation shall stand."))
        services.move_operation(operation=self.operation, position=int(position), actor=self.request.user)
        return ""


class RemoveOperation(BuilderDeed):
    about, address, name = "operation", "remove", "remove"

    def deed(self, values: dict[str, Any]) -> str:
        services.remove_operation(operation=self.operation, actor=self.request.user)
        return "operations"


class AssignOpenLines(BuilderDeed):
    about, address, name = "operation", "assign", "assign"

    def deed(self, values: dict[str, Any]) -> str:
        services.assign_open_lines(operation=self.operation, actor=self.request.user)
        return f"edit-{self.operation.pk}"


class AssignMaterial(BuilderDeed):
    about, address, name, form_part = "operation", "materials", "material", "material"

    def make_form(self, board: Board) -> Form:
        return board.material_form(self.operation, self.request.POST)

    def deed(self, values: dict[str, Any]) -> str:
        services.assign_material(operation=self.operation, **values, actor=self.request.user)
        return self.part


class AddRequirement(BuilderDeed):
    about, address, name, form_part = "operation", "requirements", "require", "requirement"

    def make_form(self, board: Board) -> Form:
        return board.requirement_form(self.operation, self.request.POST)

    def deed(self, values: dict[str, Any]) -> str:
        services.add_requirement(operation=self.operation, **values["arguments"], actor=self.request.user)
        return self.part


class AddDataPoint(BuilderDeed):
    about, address, name, form_part = "operation", "records", "record", "point"

    def make_form(self, board: Board) -> Form | None:
        return board.point_form(self.operation, self.request.POST)

    def deed(self, values: dict[str, Any]) -> str:
        steps = InstructionStep.objects.filter(pk=values.pop("step", None) or 0).select_related("work_instruction")
        # Without a draft instruction there is no form; the service then says what to do.
        values = values or {"code": "", "label": ""}
        services.record_at_operation(operation=self.operation, step=steps.first(), **values, actor=self.request.user)
        return self.part


class ChangeQuantity(BuilderDeed):
    about, address, name, form_part = "material", "quantity", "quantity", "row"

    def make_form(self, board: Board) -> Form:
        return board.form(self.part, QuantityForm, self.request.POST)

    @cached_property
    def row(self) -> OperationMaterial:
        """The material of an operation that the address names."""
        found: OperationMaterial = self.one(OperationMaterial, "operation__routing_revision")
        return found

    def overwritten(self) -> OperationMaterial:
        return self.row

    def deed(self, values: dict[str, Any]) -> str:
        services.change_quantity(row=self.row, **values, actor=self.request.user)
        return ""


class RemoveMaterial(BuilderDeed):
    about, address, name = "material", "remove", "remove"

    def deed(self, values: dict[str, Any]) -> str:
        row = self.one(OperationMaterial, "operation__routing_revision")
        services.remove_material(row=row, actor=self.request.user)
        return f"edit-{row.operation_id}"


class RemoveRequirement(BuilderDeed):
    about, address, name = "requirement", "remove", "remove"

    def deed(self, values: dict[str, Any]) -> str:
        row = self.one(OperationRequirement, "operation__routing_revision")
        services.remove_requirement(requirement=row, actor=self.request.user)
        return f"edit-{row.operation_id}"


class LineDeed(BuilderDeed):
    """A deed about one line of the routing's bill of material."""

    @cached_property
    def line(self) -> BillOfMaterialLine:
        lines = BillOfMaterialLine.objects.filter(bom__material=self.record.routing.material_id)
        found = lines.filter(pk=self.kwargs["part"]).first()
        if found is None:
            raise Http404(gettext("That line is not in the bill of material of this routing."))
        return found


class AssignLine(LineDeed):
    about, address, name, form_part = "line", "assign", "assign", "line"

    def make_form(self, board: Board) -> Form:
        state = next((state for state in board.bom.lines if state.line.pk == self.line.pk), None)
        if state is None:
            raise Http404(gettext("That line is not in force today."))
        return board.assign_form(state, self.request.POST)

    def deed(self, values: dict[str, Any]) -> str:
        services.assign_line(bom_line=self.line, **values, actor=self.request.user)
        return "bom"


class OmitLine(LineDeed):
    about, address, name, form_part = "line", "omit", "omit", "omit"

    def make_form(self, board: Board) -> Form:
        return board.form(self.part, OmitLineForm, self.request.POST)

    def deed(self, values: dict[str, Any]) -> str:
        services.omit_line(revision=self.record, bom_line=self.line, why=values["why"], actor=self.request.user)
        return "bom"


class UseLineAgain(BuilderDeed):
    about, address, name = "omission", "remove", "remove"

    def deed(self, values: dict[str, Any]) -> str:
        omission = self.one(OmittedMaterial, "routing_revision")
        services.use_line_again(omission=omission, actor=self.request.user)
        return f"line-{omission.bom_line_id}"


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
