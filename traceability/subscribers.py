"""What happens below and concerns this storey."""

from __future__ import annotations

from core.kernel.deeds import current
from core.kernel.wiring import subscribe
from core.lifecycle.events import TransitionPerformed
from core.organization.events import PlantSetUp
from core.organization.services import system_user
from core.printing.events import SentAgain
from core.printing.models import PrintJob
from traceability.queries.label_texts import STANDARDS
from traceability.services.asking import FOLLOWED
from traceability.services.label_templates import create_label_template
from traceability.services.labels import keep_second_print

BROUGHT = ("lot-100x50", "unit-100x50", "location-100x50")
"""Layouts of which a new installation has a draft."""


@subscribe(SentAgain)
def labels_are_printed_again(event: SentAgain) -> None:
    """Sent again, its labels may come out twice: each is kept as a reprint with the reason."""
    job = PrintJob.objects.get(pk=event.print_job_id)
    keep_second_print(print_job=job, reason=event.reason)


@subscribe(PlantSetUp)
def labels_are_brought_along(event: PlantSetUp) -> None:
    """A new installation has drafts of the usual labels; quality approves those that it wants."""
    for key in BROUGHT:
        name = str(STANDARDS[key].label)
        create_label_template(site=None, code=key.upper(), name=name, standard=key, actor=system_user("setup"))


@subscribe(TransitionPerformed)
def work_follows_its_record(event: TransitionPerformed) -> None:
    """Whoever may do the next deed is asked, and asked no more once it is done."""
    follow, present = FOLLOWED.get(type(event.record)), current()
    if follow is not None and present is not None:
        follow(event.record, event.move, present.user)
