"""What work instructions tell the apps below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel.wiring import answers, label_of
from core.signing.questions import ClosureExtension
from mes.instructions.models import DataPoint, InstructionStep
from mes.instructions.queries import counted, limits_text, signed_contents
from qms.documents.models import Document, DocumentRevision
from qms.documents.queries import effective_revision
from qms.documents.questions import ContentPart, RevisionContent
from qms.nonconformance.questions import LimitedValue, LimitedValues
from qms.training.questions import InstructionSections, Section


@answers(ClosureExtension)
def the_instruction_is_signed_with_its_revision(question: ClosureExtension) -> Iterator[tuple[int, str, Any]]:
    """One approval for text and steps: a signature on the revision covers its whole work instruction."""
    if question.record_label != label_of(DocumentRevision):
        return
    for content in signed_contents(question.record_ids):
        yield content["document_revision"], "mes_instructions.workinstruction", content


@answers(RevisionContent)
def the_steps_of_a_revision(question: RevisionContent) -> Iterator[ContentPart]:
    """The work instruction of a revision, with how much it holds."""
    revision = question.document_revision
    instruction = counted(revision)
    if instruction is None:
        if revision.status == "draft" and revision.document.kind == Document.Kind.WORK_INSTRUCTION:
            begin = reverse("mes_instructions:workinstruction_create", args=[revision.pk])
            yield ContentPart(_("Begin the work instruction"), _("no steps yet"), begin, is_empty=True)
        return
    steps, points = instruction.step_count, instruction.point_count
    summary = _("%(steps)s, %(points)s") % {
        "steps": ngettext("%(count)d step", "%(count)d steps", steps) % {"count": steps},
        "points": ngettext("%(count)d value to record", "%(count)d values to record", points) % {"count": points},
    }
    read = reverse("mes_instructions:workinstruction_detail", args=[instruction.pk])
    build = reverse("mes_instructions:workinstruction_build", args=[instruction.pk])
    url = build if revision.status == "draft" else read
    yield ContentPart(_("Work instruction"), summary, url, read, is_empty=not steps)


@answers(InstructionSections)
def the_steps_in_words(question: InstructionSections) -> Iterator[Section]:
    """Every step with its text and what is recorded in it: how a work instruction is learned and compared."""
    steps = InstructionStep.objects.filter(
        work_instruction__document_revision=question.document_revision
    ).prefetch_related("data_points__unit")
    for step in steps.order_by("sequence", "pk"):
        points = [f"- {_asked(point)}" for point in step.data_points.all()]
        yield Section(str(step), "\n".join([step.caution, step.text, *points]).strip())


@answers(LimitedValues)
def numbers_with_limits(question: LimitedValues) -> Iterator[LimitedValue]:
    """The numbers that an instruction records within limits, in the revision in force or else in its newest one."""
    document = question.document
    revision = effective_revision(document) or document.revisions.order_by("-pk").first()
    if revision is None:
        return
    points = DataPoint.objects.filter(
        step__work_instruction__document_revision=revision, kind=DataPoint.Kind.NUMBER
    ).exclude(lower_limit__isnull=True, upper_limit__isnull=True)
    for point in points.select_related("unit").order_by("step__sequence", "sequence", "pk"):
        yield LimitedValue(point.code, point.label, limits_text(point))


def _asked(point: DataPoint) -> str:
    """What is recorded, with its limits."""
    limits = [
        f"{sign} {limit.normalize():f}"
        for sign, limit in (("≥", point.lower_limit), ("≤", point.upper_limit))
        if limit is not None
    ]
    unit = f" {point.unit.symbol}" if point.unit is not None else ""
    return f"{point.label}: {', '.join(limits)}{unit}" if limits else f"{point.label}{unit}"
