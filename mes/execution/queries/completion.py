"""What is still missing before an operation may be completed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.signing.models import Signature
from core.signing.queries import manifest
from mes.execution.models import OrderOperation, Output, StepRecord
from mes.execution.queries.context import GateContext
from mes.instructions.models import DataPoint, InstructionStep
from mes.routing.models import OperationRequirement
from traceability.queries import plain


def missing_data(context: GateContext) -> Iterator[tuple[DataPoint, str]]:
    """Required data points without a value: for the operation (""), or for the units named.

    A value recorded for the operation counts for all its pieces; otherwise every finished unit needs its own.
    """
    required = [point for point in context.data_points if point.required]
    if not required:
        return
    outputs = list(
        Output.objects.filter(
            order_operation=context.operation, good__gt=0, reverses__isnull=True, reversed_by__isnull=True
        ).values_list("pk", "unit_id", "serial")
    )
    current = [record for record in context.values if not hasattr(record, "superseded_by")]
    for point in required:
        records = [record for record in current if record.data_point_id == point.pk]
        if any(record.unit_id is None and record.output_id is None for record in records):
            continue
        made = {record.output_id for record in records}
        units = {record.unit_id for record in records}
        lacking = [serial or "…" for pk, unit, serial in outputs if pk not in made and (not unit or unit not in units)]
        if lacking:
            yield point, ", ".join(lacking) if any(lacking) and records else ""
        elif not outputs:
            yield point, ""


def unconfirmed_steps(operation: OrderOperation) -> list[InstructionStep]:
    """The steps of the pinned instruction that must be confirmed and are not, or were opened again, in order."""
    if operation.document_revision_id is None:
        return []
    latest = StepRecord.objects.filter(order_operation=operation, step=OuterRef("pk")).order_by("-id").values("done")
    steps = InstructionStep.objects.filter(
        work_instruction__document_revision=operation.document_revision_id, must_be_confirmed=True
    ).annotate(is_done=Coalesce(Subquery(latest[:1]), False))
    return list(steps.filter(is_done=False).order_by("sequence"))


@dataclass(frozen=True)
class Lacking:
    """A component of which less was consumed than the reported pieces hold by plan."""

    material: str
    used: Decimal
    needed: Decimal

    def __str__(self) -> str:
        return _("%(material)s: %(used)s consumed, %(needed)s are in the reported pieces.") % {
            "material": self.material,
            "used": plain(self.used),
            "needed": plain(self.needed),
        }


def components_missing(context: GateContext) -> list[Lacking]:
    """The components that are not accounted for in the reported pieces, good and scrap."""
    pieces = context.counters.good + context.counters.scrap
    found = []
    for material, per_piece in context.materials.items():
        used, needed = context.consumed.get(material, Decimal(0)), per_piece * pieces
        if used < needed:
            found.append(Lacking(context.material_names[material], used, needed))
    return found


@dataclass(frozen=True)
class SignatureNeed:
    """One signature that the routing asks for at an operation, and whether a fitting one is there."""

    meaning: str
    witness: bool
    given: Signature | None
    outdated: bool = False


def signature_needs(operation: OrderOperation, requirements: Iterable[OperationRequirement]) -> list[SignatureNeed]:
    """The required signatures of an operation; one that no longer fits the record does not count."""
    wanted = [r for r in requirements if r.kind == OperationRequirement.Kind.SIGNATURE]
    if not wanted:
        return []
    performers = set(operation.runs.values_list("operator_id", flat=True))
    states = manifest(operation)
    needs = []
    for requirement in wanted:
        fitting = [
            state
            for state in states
            if state.signature.meaning == requirement.meaning
            and not (requirement.witness and state.signature.signer_id in performers)
        ]
        given = next((state.signature for state in reversed(fitting) if state.intact), None)
        needs.append(SignatureNeed(requirement.meaning, requirement.witness, given, given is None and bool(fitting)))
    return needs
