"""Reactions of work instructions to events of documents."""

from __future__ import annotations

from core.kernel.deeds import current
from core.kernel.wiring import subscribe
from mes.instructions.models import WorkInstruction
from mes.instructions.services import copy_instruction
from qms.documents.events import DocumentRevisionDrafted
from qms.documents.models import DocumentRevision


@subscribe(DocumentRevisionDrafted)
def begin_with_the_steps_of_the_revision_before(event: DocumentRevisionDrafted) -> None:
    """A new revision begins with the steps of the one it is based on."""
    source = WorkInstruction.objects.filter(document_revision=event.based_on_id).first()
    if source is None:
        return
    present = current()
    if present is None:
        raise RuntimeError("a revision is drafted inside a service")
    revision = DocumentRevision.objects.get(pk=event.revision_id)
    copy_instruction(source=source, revision=revision, actor=present.user)
