"""Asking for background work, cancelling it, and handing due jobs to the workers."""

from __future__ import annotations

import inspect
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from core.files.queries import site_of
from core.jobs.models import ACTIVE, BackgroundJob, JobStatus
from core.jobs.queries import may_cancel
from core.jobs.services.running import JobFailed, JobHandle, run_job
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.kernel.wiring import JOBS
from core.trail.services import note

__all__ = ["JobFailed", "JobHandle", "cancel_job", "dispatch_due", "enqueue", "run_job"]

RUN_TASK = "core.jobs.run"
log = structlog.get_logger("trueline.jobs")


def enqueue(
    name: str,
    *,
    actor: Any,
    title: str,
    subject: models.Model | None = None,
    unique_key: str = "",
    max_attempts: int = 5,
    **ids: Any,
) -> BackgroundJob:
    """Write a job in the caller's transaction: it exists exactly when the deed that asked for it does.

    With a `unique_key`, a job that still waits or runs under the same key is returned instead of a second one.
    Raises `LookupError` for an unknown handler and `TypeError` for arguments the handler does not take.
    """
    handler = JOBS.get(name)
    if handler is None:
        raise LookupError(f"no handler is registered for the job {name!r}")
    inspect.signature(handler).bind(job=None, **ids)
    try:
        with transaction.atomic():
            job = BackgroundJob.objects.create(
                handler=name,
                arguments=ids,
                actor=actor,
                title=title[:300],
                site=site_of(subject) if subject is not None else None,
                unique_key=unique_key,
                max_attempts=max_attempts,
                dispatched_at=Now(),
                **(subject_ref(subject) if subject is not None else {}),
            )
    except IntegrityError:
        # Only the key's own constraint means "it is on its way already"; anything else is a mistake to be seen.
        running = BackgroundJob.objects.filter(unique_key=unique_key, status__in=ACTIVE).first()
        if not unique_key or running is None:
            raise
        return running
    transaction.on_commit(lambda: _nudge(job.pk))
    return job


@service
def cancel_job(*, job: BackgroundJob, actor: Any) -> BackgroundJob:
    """Cancel a waiting job at once; ask a running one to stop at its next step.

    Raises `Blocked` when the job has ended or belongs to somebody else.
    """
    locked = BackgroundJob.objects.select_for_update().get(pk=job.pk)
    if not may_cancel(actor, locked):
        raise Blocked(
            Blocker(
                "permission",
                _("Only %(who)s or an administrator can cancel this.") % {"who": locked.actor},
                remedy=_("Ask one of them."),
            )
        )
    if not locked.is_active:
        raise Blocked(Blocker("job_ended", _("“%(title)s” has ended already.") % {"title": locked.title}))
    if locked.status == JobStatus.QUEUED:
        locked.status = JobStatus.CANCELLED
        locked.finished_at = Now()
    locked.cancel_requested = True
    locked.save(update_fields=["status", "finished_at", "cancel_requested"])
    locked.refresh_from_db()
    note(
        kind="job_cancelled", actor=actor, subject=locked.subject,
        text=_("Cancelled: %(title)s") % {"title": locked.title}, data={"job": locked.pk},
    )  # fmt: skip
    return locked


def dispatch_due(limit: int = 200) -> list[int]:
    """Hand jobs to the workers that nobody took or whose worker fell silent; returns their ids.

    Any number of dispatchers may run: each row is taken by one of them. A second message for a job does no harm,
    because the worker claims the row before it starts.
    """
    again = Now() - settings.TRUELINE_JOB_REDISPATCH
    with transaction.atomic():
        due = list(
            BackgroundJob.objects.select_for_update(skip_locked=True)
            .filter(
                Q(status=JobStatus.QUEUED, not_before__lte=Now()) | Q(status=JobStatus.RUNNING, lease_until__lt=Now()),
                Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=again),
            )
            .order_by("id")
            .values_list("pk", flat=True)[:limit]
        )
        BackgroundJob.objects.filter(pk__in=due).update(dispatched_at=Now())
    for pk in due:
        current_app.tasks[RUN_TASK].apply_async([pk])
    return due


def _nudge(pk: int) -> None:
    try:
        current_app.tasks[RUN_TASK].apply_async([pk], retry=False)
    except OperationalError as error:
        # The deed is committed and its job is a row: beat hands it over once the broker is back.
        log.warning("the broker did not take a job; it will be dispatched later", job=pk, error=str(error))
