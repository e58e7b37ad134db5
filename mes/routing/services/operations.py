"""Operations of a draft: add, change, order, remove; and what they require."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.bulk import bulk_update
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import EquipmentClass, WorkCenter
from mes.routing.models import Operation, OperationRequirement, RoutingRevision
from mes.routing.queries.revisions import SEQUENCE_STEP, next_sequence, parts_seen
from mes.routing.services.editing import open_draft
from qms.documents.models import Document
from qms.training.models import Curriculum

Kind = OperationRequirement.Kind


def _changed_meanwhile(record: RoutingRevision | Operation, remedy: str) -> Blocked:
    """The refusal for who looked at other rows of a record than it has by now."""
    said = _("What belongs to %(record)s was changed while you were looking at it.") % {"record": record}
    return Blocked(Blocker("stale", said, record=record, remedy=remedy))


def settle(revision: RoutingRevision) -> None:
    """Let the last operation, and only that one, finish the units."""
    operations = list(revision.operations.order_by("sequence"))
    wrong = [operation for operation in operations if operation.yields_unit != (operation is operations[-1])]
    for operation in wrong:
        operation.yields_unit = operation is operations[-1]
    bulk_update(wrong, ["yields_unit"])


@service
def add_operation(
    *,
    revision: RoutingRevision,
    name: str,
    actor: Any,
    work_center: WorkCenter | None = None,
    document: Document | None = None,
    sequence: int | None = None,
    setup_minutes: Decimal = Decimal(0),
    run_minutes: Decimal = Decimal(0),
    overlap_allowed: bool = False,
    reason: str = "",
) -> Operation:
    """Add an operation to a draft, at the end unless a free `sequence` is given. Raises `ValidationError`."""
    draft = open_draft(revision.pk, actor)
    operation = Operation(
        routing_revision=draft,
        sequence=sequence if sequence is not None else next_sequence(draft),
        name=name.strip(),
        work_center=work_center,
        document=document,
        setup_minutes=setup_minutes,
        run_minutes=run_minutes,
        overlap_allowed=overlap_allowed,
    )
    operation.full_clean()
    operation.save()
    settle(draft)
    operation.refresh_from_db(fields=["yields_unit", "row_version"])
    return operation


@service
def change_operation(
    *,
    operation: Operation,
    name: str,
    work_center: WorkCenter | None,
    document: Document | None,
    sequence: int,
    actor: Any,
    setup_minutes: Decimal = Decimal(0),
    run_minutes: Decimal = Decimal(0),
    overlap_allowed: bool = False,
    reason: str = "",
) -> Operation:
    """Change an operation of a draft. Raises `ValidationError`, for instance for a number that is taken."""
    draft = open_draft(operation.routing_revision_id, actor)
    changed = draft.operations.get(pk=operation.pk)
    changed.name, changed.sequence = name.strip(), sequence
    changed.work_center, changed.document = work_center, document
    changed.setup_minutes, changed.run_minutes = setup_minutes, run_minutes
    changed.overlap_allowed = overlap_allowed
    changed.full_clean()
    changed.save()
    settle(draft)
    changed.refresh_from_db()
    return changed


@service
def move_operation(
    *, operation: Operation, position: int, actor: Any, seen: Sequence[int] | None = None, reason: str = ""
) -> list[Operation]:
    """Put an operation at a position (0 = first) and number all of them 10, 20, 30 …; returns the new order.

    `seen`: the order (ids) that the person looked at. Raises `Blocked` when it is another one by now.
    """
    draft = open_draft(operation.routing_revision_id, actor)
    order = list(draft.operations.order_by("sequence"))
    if seen is not None and list(seen) != [candidate.pk for candidate in order]:
        raise _changed_meanwhile(draft, _("Look at the present order, then move it again."))
    moved = next(candidate for candidate in order if candidate.pk == operation.pk)
    order.remove(moved)
    order.insert(max(0, min(position, len(order))), moved)
    changed = []
    for index, candidate in enumerate(order, start=1):
        if candidate.sequence != index * SEQUENCE_STEP:
            candidate.sequence = index * SEQUENCE_STEP
            changed.append(candidate)
    bulk_update(changed, ["sequence"])
    settle(draft)
    return order


@service
def remove_operation(*, operation: Operation, actor: Any, seen: str | None = None, reason: str = "") -> None:
    """Take an operation out of a draft, with its materials and requirements; history keeps what it was.

    `seen`: its materials and requirements as the person looked at them (`parts_seen`). Raises `Blocked` when they are
    others by now.
    """
    draft = open_draft(operation.routing_revision_id, actor)
    present = draft.operations.get(pk=operation.pk)
    if seen is not None and seen != parts_seen(present):
        raise _changed_meanwhile(present, _("Look at what belongs to it now, then remove it again."))
    present.delete()
    settle(draft)


@service
def add_requirement(
    *,
    operation: Operation,
    actor: Any,
    curriculum: Curriculum | None = None,
    equipment_class: EquipmentClass | None = None,
    meaning: str = "",
    witness: bool = False,
    reason: str = "",
) -> OperationRequirement:
    """Require exactly one of: a qualification, a class of equipment, a signature (perhaps by a second person).

    Raises `ValidationError` when it is required already or when not exactly one is given.
    """
    draft = open_draft(operation.routing_revision_id, actor)
    kind = Kind.QUALIFICATION if curriculum else Kind.EQUIPMENT_CLASS if equipment_class else Kind.SIGNATURE
    requirement = OperationRequirement(
        operation=draft.operations.get(pk=operation.pk),
        kind=kind,
        curriculum=curriculum,
        equipment_class=equipment_class,
        meaning=meaning,
        witness=witness,
    )
    requirement.full_clean()
    requirement.save()
    return requirement


@service
def remove_requirement(*, requirement: OperationRequirement, actor: Any, reason: str = "") -> None:
    """Take a requirement out of a draft."""
    draft = open_draft(requirement.operation.routing_revision_id, actor)
    OperationRequirement.objects.get(pk=requirement.pk, operation__routing_revision=draft).delete()
