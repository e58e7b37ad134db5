"""What the instruction of an operation says and asks to record, as far as it is written now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from mes.instructions.models import DataPoint, InstructionStep
from mes.routing.models import Operation, RoutingRevision
from mes.routing.queries.revisions import IN_WORK
from qms.documents.models import Document, DocumentRevision
from traceability.models import Material


@dataclass(frozen=True)
class InstructionView:
    """A document's revision in force and the newer one in work, with the steps that the builder shows."""

    document: Document
    effective: DocumentRevision | None
    in_work: DocumentRevision | None
    steps: tuple[InstructionStep, ...] = ()

    @property
    def shown(self) -> DocumentRevision | None:
        """The revision whose steps are shown: the one in work, else the one in force."""
        return self.in_work or self.effective

    @property
    def is_editable(self) -> bool:
        """Whether data points can be added: only while the shown revision is a draft."""
        return self.shown is not None and self.shown.status == "draft"

    @property
    def data_points(self) -> list[DataPoint]:
        """Everything that the operator records, in order."""
        return [point for step in self.steps for point in step.data_points.all()]


def instructions_of(documents: Iterable[Document]) -> dict[int, InstructionView]:
    """The instruction of each document, by the document's id; three queries whatever their number."""
    by_id = {document.pk: document for document in documents}
    if not by_id:
        return {}
    effective: dict[int, DocumentRevision] = {}
    in_work: dict[int, DocumentRevision] = {}
    revisions = DocumentRevision.objects.filter(document__in=by_id, status__in=(*IN_WORK, "effective")).order_by("id")
    for revision in revisions.select_related("document"):
        (effective if revision.status == "effective" else in_work)[revision.document_id] = revision
    shown = {pk: found for pk in by_id if (found := in_work.get(pk) or effective.get(pk)) is not None}
    points = DataPoint.objects.select_related("unit").order_by("sequence", "id")
    steps = InstructionStep.objects.filter(work_instruction__document_revision__in=list(shown.values()))
    written: dict[int, list[InstructionStep]] = defaultdict(list)
    for step in (
        steps.select_related("work_instruction").order_by("sequence").prefetch_related(Prefetch("data_points", points))
    ):
        written[step.work_instruction.document_revision_id].append(step)
    return {
        pk: InstructionView(
            document,
            effective.get(pk),
            in_work.get(pk),
            tuple(written.get(shown[pk].pk, ())) if pk in shown else (),
        )
        for pk, document in by_id.items()
    }


def instruction_of(document: Document) -> InstructionView:
    """The instruction of one document."""
    return instructions_of([document])[document.pk]


def finishes_units(operation: Operation, revision: RoutingRevision) -> bool:
    """Whether units are completed at the operation one by one: what is recorded there is then asked of each."""
    return operation.yields_unit and revision.routing.material.tracking == Material.Tracking.SERIAL
