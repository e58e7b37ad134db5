"""Which instruction a revision has, what its steps are, who built it, and what of it is signed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch

from core.signing.queries import contents_under
from mes.instructions.models import DataPoint, InstructionPicture, InstructionStep, WorkInstruction
from qms.documents.models import DocumentRevision


def instruction_for(document_revision: DocumentRevision) -> WorkInstruction | None:
    """The work instruction of a document revision, if it has one."""
    return (
        WorkInstruction.objects.filter(document_revision=document_revision)
        .select_related("document_revision__document__site")
        .first()
    )


def counted(document_revision: DocumentRevision) -> Any:
    """The work instruction of a revision with `step_count` and `point_count`, or None; one query."""
    return (
        WorkInstruction.objects.filter(document_revision=document_revision)
        .annotate(
            step_count=Count("steps", distinct=True),
            point_count=Count("steps__data_points", distinct=True),
        )
        .first()
    )


def steps_of(work_instruction: WorkInstruction) -> list[InstructionStep]:
    """The steps in order, each with `pictures` and `data_points` loaded; three queries."""
    pictures = InstructionPicture.objects.select_related("attachment").order_by("sequence", "pk")
    points = DataPoint.objects.select_related("unit", "gauge_class").order_by("sequence", "pk")
    steps = InstructionStep.objects.filter(work_instruction=work_instruction).order_by("sequence")
    return list(steps.prefetch_related(Prefetch("pictures", pictures), Prefetch("data_points", points)))


def builder_ids(work_instruction: WorkInstruction) -> set[int]:
    """Everybody who built the instruction, including what they deleted again."""
    steps = InstructionStep.history.filter(work_instruction_id=work_instruction.pk)
    parts = [model.history.filter(step_id__in=steps.values("id")) for model in (InstructionPicture, DataPoint)]
    changes = [rows.order_by().values_list("history_user") for rows in (steps, *parts)]
    begun = WorkInstruction.history.filter(id=work_instruction.pk).order_by().values_list("history_user")
    return {person for (person,) in begun.union(*changes)}


def signed_contents(document_revisions: Iterable[int]) -> list[dict[str, Any]]:
    """What a signature on each document revision covers of its instruction: steps, data points, pictures by digest."""
    return list(contents_under(WorkInstruction, "document_revision", document_revisions).values())
