"""What work instructions forbid their document revision."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from mes.instructions.queries import builder_ids, instruction_for, steps_of
from qms.documents.models import DocumentRevision

REVISION = "qms_documents.DocumentRevision"


@guard(REVISION, "submit", title=gettext_lazy("Every step says what to do"))
def every_step_says_what_to_do(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    instruction = instruction_for(record)
    if instruction is None:
        return
    steps = steps_of(instruction)
    if not steps:
        yield Blocker(
            "no_steps",
            _("The work instruction of %(revision)s has no steps.") % {"revision": record},
            record=record,
            remedy=_("Add its steps."),
            remedy_url=instruction.get_absolute_url(),
        )
    for step in steps:
        if not (step.text.strip() or step.pictures.all() or step.data_points.all()):
            yield Blocker(
                "empty_step",
                _("Step %(step)s has neither text nor picture nor anything to record.") % {"step": step},
                record=record,
                remedy=_("Fill it or delete it."),
                remedy_url=instruction.get_absolute_url(),
            )


@guard(REVISION, "approve", title=gettext_lazy("Another person built it"))
def another_person_built_it(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """Whoever built a step does not approve it, even if somebody else wrote the document's text."""
    instruction = instruction_for(record)
    if instruction is not None and deed.actor.pk in builder_ids(instruction):
        yield Blocker(
            "second_person",
            _("%(who)s built this work instruction; its approval needs another person.") % {"who": deed.actor},
            record=record,
            remedy=_("Ask a colleague with the same right."),
        )
