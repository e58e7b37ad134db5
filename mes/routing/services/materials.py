"""What each operation of a draft consumes: BOM lines, parts of them, materials beside the BOM, lines left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from mes.routing.models import OmittedMaterial, Operation, OperationMaterial, RoutingRevision
from mes.routing.queries import LineState, bom_state
from mes.routing.services.editing import open_draft
from traceability.models import BillOfMaterialLine, Material, UnitOfMeasure


def _line_state(draft: RoutingRevision, line: BillOfMaterialLine) -> LineState:
    """The BOM line as it stands in the draft; refused when it is not in force for the routing's material."""
    for state in bom_state(draft).lines:
        if state.line.pk == line.pk:
            return state
    raise Blocked(
        Blocker(
            "bom_line_foreign",
            _("%(line)s is no line of the bill of material of %(material)s that is in force today.")
            % {"line": line, "material": draft.routing.material},
            record=line,
            remedy=_("Reload the page and choose among the lines shown."),
        )
    )


def _require_positive(quantity: Decimal) -> None:
    """Refuse a quantity of nothing, at the field it was entered in."""
    if quantity <= 0:
        raise ValidationError({"quantity": _("The quantity must be more than zero.")})


def _take(operation: Operation, state: LineState, quantity: Decimal) -> OperationMaterial:
    """Let the operation consume so much more of the line; a line that was left out is used again by that."""
    _require_positive(quantity)
    if state.omission is not None:
        state.omission.delete()
    line = state.line
    row = next((place for place in state.places if place.operation_id == operation.pk), None)
    if row is None:
        row = OperationMaterial(
            operation=operation, material=line.component, bom_line=line, quantity=quantity, uom=line.uom
        )
    else:
        row.quantity += quantity
    row.full_clean()
    row.save()
    return row


@service
def assign_line(
    *,
    operation: Operation,
    bom_line: BillOfMaterialLine,
    actor: Any,
    quantity: Decimal | None = None,
    reason: str = "",
) -> OperationMaterial:
    """Consume a BOM line, or so much of it, at an operation of a draft; without a quantity all that is still open."""
    draft = open_draft(operation.routing_revision_id, actor)
    state = _line_state(draft, bom_line)
    return _take(draft.operations.get(pk=operation.pk), state, state.missing if quantity is None else quantity)


@service
def assign_open_lines(*, operation: Operation, actor: Any, reason: str = "") -> list[OperationMaterial]:
    """Consume everything that no operation consumes yet at this one."""
    draft = open_draft(operation.routing_revision_id, actor)
    target = draft.operations.get(pk=operation.pk)
    return [_take(target, state, state.missing) for state in bom_state(draft).open_lines]


@service
def assign_material(
    *,
    operation: Operation,
    material: Material,
    quantity: Decimal,
    actor: Any,
    uom: UnitOfMeasure | None = None,
    reason: str = "",
) -> OperationMaterial:
    """Consume a material that the BOM does not list, such as glue. Raises `ValidationError`."""
    draft = open_draft(operation.routing_revision_id, actor)
    _require_positive(quantity)
    row = OperationMaterial(
        operation=draft.operations.get(pk=operation.pk), material=material, quantity=quantity, uom=uom or material.uom
    )
    row.full_clean()
    row.save()
    return row


@service
def change_quantity(*, row: OperationMaterial, quantity: Decimal, actor: Any, reason: str = "") -> OperationMaterial:
    """Correct how much an operation consumes per piece."""
    draft = open_draft(row.operation.routing_revision_id, actor)
    changed = OperationMaterial.objects.get(pk=row.pk, operation__routing_revision=draft)
    _require_positive(quantity)
    changed.quantity = quantity
    changed.full_clean()
    changed.save()
    return changed


@service
def remove_material(*, row: OperationMaterial, actor: Any, reason: str = "") -> None:
    """Let an operation no longer consume a material; its BOM line is open again."""
    draft = open_draft(row.operation.routing_revision_id, actor)
    OperationMaterial.objects.get(pk=row.pk, operation__routing_revision=draft).delete()


@service
def omit_line(
    *, revision: RoutingRevision, bom_line: BillOfMaterialLine, why: str, actor: Any, reason: str = ""
) -> OmittedMaterial:
    """Declare with a reason that the routing does not consume a BOM line. Refused while an operation does."""
    draft = open_draft(revision.pk, actor)
    state = _line_state(draft, bom_line)
    if state.places:
        raise Blocked(
            Blocker(
                "bom_line_used",
                _("%(component)s is consumed at %(operation)s.")
                % {"component": bom_line.component, "operation": state.places[0].operation},
                record=bom_line,
                remedy=_("Remove it there first."),
            )
        )
    omission = OmittedMaterial(routing_revision=draft, bom_line=bom_line, reason=why.strip())
    omission.full_clean()
    omission.save()
    return omission


@service
def use_line_again(*, omission: OmittedMaterial, actor: Any, reason: str = "") -> None:
    """Take back that a BOM line is not used."""
    draft = open_draft(omission.routing_revision_id, actor)
    draft.omitted_materials.get(pk=omission.pk).delete()
