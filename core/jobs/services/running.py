"""Carrying out one job: claim it, keep the lease, report, and end it in words whatever happens."""

from __future__ import annotations

import threading
import traceback
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Concat, Now
from django.utils import translation
from django.utils.translation import gettext as _

from core.files import blobs
from core.jobs.models import BackgroundJob, JobStatus
from core.kernel.clock import now
from core.kernel.deeds import through
from core.kernel.errors import Blocked
from core.kernel.wiring import JOBS

log = structlog.get_logger("trueline.jobs")

REPORT_SECONDS = 0.5


class JobFailed(Exception):
    """A handler's way to say, in words for people, that the work cannot be done and repeating it will not help."""


class JobStopped(BaseException):
    """Raised inside a handler at its next report: the job was cancelled, or another worker has it by now.

    Not an `Exception`, so that a handler that treats errors of its rows does not treat this as one.
    """


class JobHandle:
    """What a handler is given: who asked, and how to tell progress, write log lines and leave a result file.

    Reports are written by a thread with its own connection, so they are visible while the handler is inside a
    transaction, and the lease is renewed while it computes.
    """

    def __init__(self, job: BackgroundJob) -> None:
        self.job = job
        self.id: int = job.pk
        self.actor: Any = job.actor
        self._lease: uuid.UUID | None = job.lease
        self._lock = threading.Lock()
        self._pending: dict[str, Any] = {}
        self._lines: list[str] = []
        self._result: dict[str, Any] = {}
        self._stop = False

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Tell how far the work is; the place where a cancelled job stops."""
        with self._lock:
            self._pending = {"progress_done": done, "progress_total": total, "progress_text": text[:300]}
        self.check()

    def log(self, text: str) -> None:
        """Add a line to the job's log."""
        with self._lock:
            self._lines.append(f"{now():%Y-%m-%d %H:%M:%S} {text}\n")
        self.check()

    def result(self, content: bytes, filename: str, content_type: str) -> None:
        """Leave a file for the person who asked."""
        self.result_of([content], filename, content_type)

    def result_of(self, chunks: Iterable[bytes], filename: str, content_type: str) -> str:
        """The same, written while it is made; returns its SHA-256."""
        blob = blobs.store(chunks)
        self._result |= {
            "result_sha256": blob.sha256,
            "result_size": blob.size,
            "result_name": filename[:160],
            "result_media_type": content_type,
        }
        return blob.sha256

    def result_page(self, url: str) -> None:
        """Name the page on which the result is seen."""
        self._result |= {"result_url": url}

    def check(self) -> None:
        """Stop here when the job was cancelled or the lease is lost."""
        if self._stop:
            raise JobStopped

    def _mine(self) -> Any:
        return BackgroundJob.objects.filter(pk=self.id, status=JobStatus.RUNNING, lease=self._lease)

    def _take_report(self) -> dict[str, Any]:
        with self._lock:
            report, self._pending = self._pending, {}
            lines, self._lines = "".join(self._lines), []
        if lines:
            report["log"] = Concat(F("log"), Value(lines), output_field=TextField())
        return report

    def _report(self) -> None:
        """Write what is pending, renew the lease, learn of a cancellation (the reporter thread)."""
        kept = self._mine().update(lease_until=Now() + settings.TRUELINE_JOB_LEASE, **self._take_report())
        self._stop = not kept or self._mine().filter(cancel_requested=True).exists()

    def _end(self, **columns: Any) -> bool:
        """Write the end of this attempt, unless another worker holds the job by now."""
        ended = self._mine().update(lease=None, lease_until=None, **self._take_report(), **columns)
        return bool(ended)


def run_job(pk: int) -> bool:
    """Claim a job and carry it out; returns whether it was ours to run. Never raises for what a handler did."""
    job = _claim(pk)
    if job is None:
        return False
    handle = JobHandle(job)
    language = job.actor.language or settings.LANGUAGE_CODE
    with through(f"queue {job.handler}"), translation.override(language):
        with _reporting(handle):
            ending = _carry_out(job, handle)
        if not handle._end(**ending):
            log.warning("a job ended at a worker that had lost its lease", job=job.pk)
    return True


def _carry_out(job: BackgroundJob, handle: JobHandle) -> dict[str, Any]:
    """Run the handler; returns the columns that tell how it ended."""
    ended: dict[str, Any] = {"finished_at": Now()}
    try:
        handler = JOBS.get(job.handler)
        if handler is None:
            raise JobFailed(_("This version of Trueline does not know how to do this work (%s).") % job.handler)
        handler(job=handle, **job.arguments)
    except JobStopped:
        return {"status": JobStatus.CANCELLED, **ended}
    except Blocked as refused:
        words = " ".join(f"{blocker.message} {blocker.remedy}".strip() for blocker in refused.blockers)
        return {"status": JobStatus.FAILED, "error": words, **ended}
    except JobFailed as failure:
        return {"status": JobStatus.FAILED, "error": str(failure), **ended}
    except Exception as error:
        log.exception("a job failed", job=job.pk, handler=job.handler, attempt=job.attempts)
        handle._lines.append("".join(traceback.format_exception(error)))
        words = _("Attempt %(number)d of %(limit)d failed: %(error)s") % {
            "number": job.attempts, "limit": job.max_attempts, "error": f"{type(error).__name__}: {error}",
        }  # fmt: skip
        if job.attempts >= job.max_attempts:
            return {"status": JobStatus.FAILED, "error": words, **ended}
        wait = settings.TRUELINE_JOB_RETRY * 2 ** (job.attempts - 1)
        return {"status": JobStatus.QUEUED, "error": words, "not_before": Now() + wait, "dispatched_at": None}
    return {"status": JobStatus.DONE, "error": "", **ended, **handle._result}


def _claim(pk: int) -> BackgroundJob | None:
    """Take the lease of a due job, or None when somebody else has it or there is nothing to do."""
    with transaction.atomic():
        job = (
            BackgroundJob.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("actor")
            .filter(
                Q(status=JobStatus.QUEUED, not_before__lte=Now()) | Q(status=JobStatus.RUNNING, lease_until__lt=Now()),
                pk=pk,
            )
            .first()
        )
        if job is None:
            return None
        mine = BackgroundJob.objects.filter(pk=pk)
        ended: dict[str, Any] = {"lease": None, "lease_until": None, "finished_at": Now()}
        if job.cancel_requested:
            mine.update(status=JobStatus.CANCELLED, **ended)
            return None
        if job.attempts >= job.max_attempts:
            words = _("The worker fell silent %(count)d times; the work was given up.") % {"count": job.attempts}
            mine.update(status=JobStatus.FAILED, error=words, **ended)
            return None
        mine.update(
            status=JobStatus.RUNNING,
            lease=job.new_lease(),
            lease_until=Now() + settings.TRUELINE_JOB_LEASE,
            attempts=F("attempts") + 1,
            started_at=Now(),
        )
        job.attempts += 1
        return job


@contextmanager
def _reporting(handle: JobHandle) -> Iterator[None]:
    """Run the reporter thread for as long as the handler works."""
    ended = threading.Event()

    def report() -> None:
        renew_every = settings.TRUELINE_JOB_LEASE.total_seconds() / 4
        waited = 0.0
        try:
            while not ended.wait(REPORT_SECONDS):
                waited += REPORT_SECONDS
                if not (handle._pending or handle._lines or waited >= min(renew_every, 2)):
                    continue
                waited = 0.0
                try:
                    handle._report()
                except DatabaseError as error:
                    # The next report tries again; if the database stays away the lease runs out, as it should.
                    log.warning("a job could not report", job=handle.id, error=str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=report, name=f"job-{handle.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
