"""What an operation records is said in its instruction; the builder adds to it while it is a draft."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from mes.instructions import services as instructions
from mes.instructions.models import DataPoint, InstructionStep, WorkInstruction
from mes.routing.models import Operation
from mes.routing.queries import instruction_of
from qms.documents.models import DocumentRevision
from traceability.models import UnitOfMeasure


@service
def record_at_operation(
    *,
    operation: Operation,
    code: str,
    label: str,
    actor: Any,
    kind: str = DataPoint.Kind.NUMBER,
    step: InstructionStep | None = None,
    unit: UnitOfMeasure | None = None,
    lower_limit: Decimal | None = None,
    upper_limit: Decimal | None = None,
    required: bool = True,
    reason: str = "",
) -> DataPoint:
    """Add a data point to the draft instruction of an operation; without a step to a new one of the same name.

    Refused while the operation's document has no draft revision, and for what mes.instructions refuses.
    """
    view = instruction_of(operation.document) if operation.document is not None else None
    if view is None or view.shown is None or not view.is_editable:
        raise Blocked(
            Blocker(
                "instruction_not_draft",
                _("%(operation)s has no instruction in draft, so nothing can be added to it.")
                % {"operation": operation},
                record=operation.document,
                remedy=_("Name an instruction document and begin a new revision of it."),
                remedy_url=operation.document.get_absolute_url() if operation.document else "",
            )
        )
    if step is not None and step.work_instruction.document_revision_id != view.shown.pk:
        raise Blocked(
            Blocker(
                "step_foreign",
                _("The step %(step)s belongs to another instruction.") % {"step": step},
                record=step,
                remedy=_("Reload the page and choose among the steps shown."),
            )
        )
    if step is None:
        step = instructions.add_step(work_instruction=_written(view.shown, actor), title=label, actor=actor)
    decimals = max([2, *(_decimals(limit) for limit in (lower_limit, upper_limit) if limit is not None)])
    return instructions.add_data_point(
        step=step,
        code=code,
        label=label,
        kind=kind,
        unit=unit,
        lower_limit=lower_limit,
        upper_limit=upper_limit,
        decimals=decimals,
        required=required,
        actor=actor,
    )


def _written(revision: DocumentRevision, actor: Any) -> WorkInstruction:
    present = WorkInstruction.objects.filter(document_revision=revision).first()
    return present or instructions.create_instruction(revision=revision, actor=actor)


def _decimals(number: Decimal) -> int:
    """Decimals that a limit is written with."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
