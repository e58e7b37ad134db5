"""What work instructions tell the apps below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel.wiring import answers, label_of
from core.signing.questions import ClosureExtension
from mes.instructions.queries import counted, signed_contents
from qms.documents.models import Document, DocumentRevision
from qms.documents.questions import ContentPart, RevisionContent


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
    name = "workinstruction_build" if revision.status == "draft" else "workinstruction_detail"
    url = reverse(f"mes_instructions:{name}", args=[instruction.pk])
    yield ContentPart(_("Work instruction"), summary, url, is_empty=not steps)
