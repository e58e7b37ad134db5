"""The instruction that people work to."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from mes.execution.guards.order import BEGINNING, OPERATION, WORKING
from mes.execution.models import OrderOperation
from mes.execution.queries.context import context_of

IN_FORCE = ("effective", "superseded")
"""A released order keeps the revision it was released with, also when a newer one supersedes it meanwhile."""


@guard(OPERATION, *BEGINNING, *WORKING, "complete", title=gettext_lazy("Instruction in force"))
def instruction_is_in_force(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """People work to an approved instruction: the effective revision at release, unless it was withdrawn since.

    ISO 13485 4.2.4, 7.5.1; 21 CFR 211.100(a). A sandbox order may try an instruction before its approval.
    """
    document = operation.operation.document
    revision = operation.document_revision
    if document is None or (context_of(operation, deed).order.is_sandbox and revision is not None):
        return
    if revision is None:
        yield Blocker(
            "instruction",
            _("%(operation)s needs the instruction %(document)s, and none was in force at its release.")
            % {"operation": operation, "document": document},
            record=document,
            remedy=_("Ask the process engineer to give the operation the effective instruction."),
        )
    elif revision.status not in IN_FORCE:
        yield Blocker(
            "instruction",
            _("Instruction %(revision)s is “%(state)s”.")
            % {"revision": revision, "state": revision.get_status_display()},
            record=revision,
            remedy=_("Ask the process engineer to give the operation the effective instruction."),
        )
