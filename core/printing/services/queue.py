"""What is sent to printers: queued with the deed that asks for it, sent once, sent again only when somebody says so.

A print that was being sent when its worker died is not sent again by itself: nobody knows what came out. It fails in
words, and a person who stands at the printer decides.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from core.files import blobs
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.kernel.wiring import effect, publish
from core.lifecycle.services import begin, perform
from core.organization.models import Site
from core.organization.services import require, system_user
from core.printing.events import SentAgain
from core.printing.models import Printer, PrintJob
from core.printing.queries import may_fetch_document
from core.printing.services.sending import BrokenOff, NotReached, send
from core.trail.services import note

ZPL, PDF = "application/zpl", "application/pdf"
SENDING = "core_printing.send"
MOST_ATTEMPTS = 4
HAND_OUT = dt.timedelta(minutes=10)
"""How long after the first time a PDF of labels may be fetched again by who fetched it: browsers ask more than once."""


@service
def queue_print(
    *, site: Site, subject: Model, title: str, document: bytes, labels: int, actor: Any, printer: Printer | None = None
) -> PrintJob:
    """Queue a document for a printer, or have a PDF ready to be handed out where there is none.

    Who may have it printed is asked by the service that made it. Raises `Blocked` for a printer of another site or one
    not in use.
    """
    if printer is not None:
        blockers = [*_against(printer, site)]
        if blockers:
            raise Blocked(blockers)
    blob = blobs.store([document])
    job = PrintJob(
        site=site,
        printer=printer,
        title=title[:300],
        labels=labels,
        media_type=PDF if printer is None else ZPL,
        sha256=blob.sha256,
        size=blob.size,
        asked_by=actor,
        asked_at=now(),
        **subject_ref(subject),
    )
    begin(job, actor=actor)
    if printer is not None:
        _enqueue(job, actor)
    return job


def _against(printer: Printer, site: Site) -> list[Blocker]:
    words = {"printer": printer, "site": printer.site}
    found = []
    if printer.site_id != site.pk:
        found.append(
            Blocker("printer_site", _("Printer %(printer)s stands at %(site)s.") % words, remedy=_("Choose one here."))
        )
    if not printer.is_active:
        said = _("Printer %(printer)s is not in use.") % words
        found.append(Blocker("printer_not_in_use", said, record=printer, remedy=_("Choose another printer.")))
    return found


def _enqueue(job: PrintJob, actor: Any) -> None:
    enqueue(
        SENDING,
        actor=actor,
        title=_("Print: %(title)s") % {"title": job.title},
        subject=job,
        unique_key=f"print:{job.pk}",
        max_attempts=MOST_ATTEMPTS,
        print_job=job.pk,
    )


@effect("core_printing.PrintJob", "fail", "wait", before_save=True)
def keep_what_went_wrong(record: PrintJob, deed: Deed) -> None:
    """The words, and whether some of it may have come out; what may have been printed once stays so."""
    record.problem = str(deed.params.get("problem", ""))
    record.may_have_printed = record.may_have_printed or bool(deed.params.get("may_have_printed"))


@effect("core_printing.PrintJob", "deliver", "hand_out", before_save=True)
def keep_that_it_went_out(record: PrintJob, deed: Deed) -> None:
    """It went out whole: from now on a second time is a second print."""
    record.problem, record.may_have_printed = "", True


@effect("core_printing.PrintJob", "report_failure", before_save=True)
def keep_what_a_person_says(record: PrintJob, deed: Deed) -> None:
    """What the person at the printer says went wrong."""
    record.problem = deed.reason


@effect("core_printing.PrintJob", "retry")
def send_again(record: PrintJob, deed: Deed) -> None:
    """A job of its own; whoever keeps what was printed is told when it may come out twice."""
    _enqueue(record, deed.actor)
    if record.may_have_printed:
        publish(SentAgain(record.pk, deed.reason))


def send_print_job(*, print_job: int, is_last_attempt: bool) -> None:
    """Send a queued print. Raises `NotReached` where the printer got nothing and it will be tried again.

    Called by a worker, outside a transaction: each step is committed before the next, so that a worker that dies leaves
    behind what it had begun.
    """
    job = PrintJob.objects.select_related("printer").get(pk=print_job)
    system = system_user("printing")
    if job.status == "sending":
        said = _("The worker ended while it was sending. Look at the printer: it may have been printed.")
        perform(job, "fail", actor=system, problem=said, may_have_printed=True)
        return
    if job.status != "queued" or job.printer is None:
        return
    perform(job, "start", actor=system)
    try:
        document = blobs.load(job.sha256)
        send(job.printer.address, job.printer.port, document)
    except NotReached as none:
        perform(job, "fail" if is_last_attempt else "wait", actor=system, problem=str(none))
        if not is_last_attempt:
            raise
    except BrokenOff as broken:
        said = _("%(what)s Look at the printer: some of it may have been printed.") % {"what": broken}
        perform(job, "fail", actor=system, problem=said, may_have_printed=True)
    except (blobs.BlobMissing, blobs.BlobDamaged):
        said = _("The file to be printed is gone. Cancel this print, and print it anew.")
        perform(job, "fail", actor=system, problem=said)
    else:
        perform(job, "deliver", actor=system)


@service
def hand_out(*, job: PrintJob, actor: Any) -> PrintJob:
    """Hand out a PDF to who asked for it; the first time it counts as printed. Each time is noted in its trail.

    Raises `Blocked` for another person, for what goes to a printer, and some minutes after the first time: a second
    print is asked for with a reason.
    """
    require(actor, "core_printing.view_printjob", job)
    job = PrintJob.objects.select_for_update(of=("self",)).select_related("site").get(pk=job.pk)
    if not may_fetch_document(job, actor, now() - HAND_OUT):
        raise Blocked(
            Blocker(
                "handed_out",
                _("“%(title)s” is not handed out to you, or not any more.") % {"title": job},
                record=job,
                remedy=_("Print the labels again from their records, with the reason."),
            )
        )
    if job.status == "queued":
        perform(job, "hand_out", actor=actor)
    note(
        kind="exported", actor=actor, subject=job, text=_("Handed out: %(title)s") % {"title": job},
        data={"sha256": job.sha256},
    )  # fmt: skip
    return job
