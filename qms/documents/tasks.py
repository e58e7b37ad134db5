"""Celery's door into documents."""

from __future__ import annotations

from celery import shared_task

from core.jobs.services import JobHandle
from core.kernel.errors import Blocked
from core.kernel.wiring import job
from core.lifecycle.services import perform
from core.organization.services import system_user
from qms.documents.models import ControlledCopy, DocumentRevision
from qms.documents.queries import due_revisions
from qms.documents.services import withdraw_failed_date
from qms.documents.services.content import RENDER_JOB, make_rendition
from qms.documents.services.copies import STAMP_JOB, stamp_copy
from qms.documents.services.external import ask_for_checks
from qms.documents.services.imports import RENDER_IMPORTED_JOB
from qms.documents.services.periodic import open_due_reviews
from qms.documents.services.sealing import SEAL_JOB, seal_record


@shared_task(name="qms.documents.make_due_effective", ignore_result=True)  # type: ignore[untyped-decorator]
def make_due_effective() -> None:
    """Make every approved revision effective whose date has come; beat calls it every minute (config/celery.py).

    Each revision is a deed of its own. One that is refused stays approved without a date: its refusal is stored and
    the quality engineers are asked. What fails otherwise is raised at the end, when the others are done.
    """
    actor = system_user("documents")
    failures: list[Exception] = []
    for revision in due_revisions():
        try:
            perform(revision, "make_effective", actor=actor)
        except Blocked as refused:
            why = "; ".join(str(blocker.message) for blocker in refused.blockers)
            withdraw_failed_date(revision=revision, why=why, actor=actor, reason=why)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("revisions that could not be made effective", failures)


@shared_task(name="qms.documents.ask_for_reviews", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_for_reviews() -> None:
    """Open the periodic reviews that come due, and ask for checks of external documents; beat calls it every hour."""
    actor = system_user("documents")
    open_due_reviews(actor=actor)
    ask_for_checks(actor=actor)


@job(RENDER_JOB)
def render_in_the_background(*, job: JobHandle, revision_id: int) -> None:
    """Make text and PDF of a revision; its page is the result."""
    revision = DocumentRevision.objects.select_related("document", "file").get(pk=revision_id)
    make_rendition(revision)
    job.result_page(revision.get_absolute_url())


@job(RENDER_IMPORTED_JOB)
def render_imported(*, job: JobHandle, revision_ids: list[int]) -> None:
    """Make text and PDF of revisions that were imported together; one that was undone meanwhile is passed over."""
    rows = DocumentRevision.objects.select_related("document", "file")
    for number, revision in enumerate(rows.filter(pk__in=revision_ids).order_by("pk")):
        job.progress(number, len(revision_ids), str(revision))
        make_rendition(revision)
    job.progress(len(revision_ids), len(revision_ids), "")


@job(STAMP_JOB)
def stamp_in_the_background(*, job: JobHandle, copy_id: int) -> None:
    """Make the stamped file of a controlled copy."""
    rows = ControlledCopy.objects.select_related(
        "revision__document__site", "revision__file", "revision__author", "issued_by"
    )
    copy = stamp_copy(rows.get(pk=copy_id), job.actor)
    job.result_page(copy.get_absolute_url())


@job(SEAL_JOB)
def seal_in_the_background(*, job: JobHandle, kind: str, record_id: int) -> None:
    """Seal a record of documents as PDF."""
    printed = seal_record(kind, record_id, job)
    job.result_page(printed.get_absolute_url())
