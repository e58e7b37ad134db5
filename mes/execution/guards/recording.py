"""Values and steps: do they belong to this operation, and is a correction explained?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from mes.execution.guards.order import OPERATION
from mes.execution.models import DataRecord, OrderOperation
from mes.execution.queries.context import context_of
from mes.instructions.models import InstructionStep
from traceability.models import SerializedUnit


@guard(OPERATION, "record", "complete_unit", title=gettext_lazy("Value of this instruction"))
def value_belongs_here(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Only values that the operation's own instruction asks for are recorded (21 CFR 211.188; ISO 13485 8.2.6)."""
    asked = {point.pk for point in context_of(operation, deed).data_points}
    for point in deed.params.get("data_points", ()):
        if point.pk not in asked:
            yield Blocker(
                "data_point",
                _("%(point)s is not in the instruction of %(operation)s.") % {"point": point, "operation": operation},
                record=point,
                remedy=_("Reload the page: the instruction of this operation may have changed."),
            )


@guard(OPERATION, "step", title=gettext_lazy("Step of this instruction"))
def step_belongs_here(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Only steps of the operation's own instruction are confirmed."""
    step = deed.params.get("step")
    if (
        isinstance(step, InstructionStep)
        and step.work_instruction.document_revision_id != operation.document_revision_id
    ):
        yield Blocker(
            "step",
            _("Step %(step)s is not in the instruction of %(operation)s.") % {"step": step, "operation": operation},
            record=step,
            remedy=_("Reload the page: the instruction of this operation may have changed."),
        )


@guard(OPERATION, "report_defect", title=gettext_lazy("Defect in words"))
def defect_is_described(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """A nonconformance says what is wrong, so that others can judge it (ISO 13485 8.3.1; 21 CFR 820.90(b))."""
    if not str(deed.params.get("title", "")).strip():
        yield Blocker(
            "title",
            _("The report does not say what is wrong."),
            record=operation,
            remedy=_("Say it in a few words."),
        )


@guard(OPERATION, "record", title=gettext_lazy("Unit of this order"))
def unit_belongs_here(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """A value about one unit names a unit of this order (ISO 13485 7.5.9)."""
    unit = deed.params.get("unit")
    lot = context_of(operation, deed).order.lot_at_hand
    if isinstance(unit, SerializedUnit) and unit.lot_id != (None if lot is None else lot.pk):
        yield Blocker(
            "unit",
            _("Unit %(unit)s is not of order %(order)s.") % {"unit": unit, "order": operation.order},
            record=unit,
            remedy=_("Scan a unit of this order."),
        )


@guard(OPERATION, "record", title=gettext_lazy("Correction of the newest value, with its reason"))
def correction_is_explained(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """A recorded value is never overwritten: a newer one supersedes it and says why (21 CFR 11.10(e); 211.194)."""
    old = deed.params.get("supersedes")
    if not isinstance(old, DataRecord):
        return
    if DataRecord.objects.filter(supersedes=old).exists() or old.order_operation_id != operation.pk:
        yield Blocker(
            "superseded",
            _("“%(value)s” was corrected already.") % {"value": old},
            record=old,
            remedy=_("Reload the page and correct the newest value."),
        )
    if not deed.reason.strip():
        yield Blocker(
            "reason",
            _("“%(value)s” is recorded; a new value needs a reason.") % {"value": old},
            record=old,
            remedy=_("Write why the value is recorded again."),
        )
