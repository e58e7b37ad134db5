"""Reading jobs: one's own, or everybody's with the permission."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Min, Q
from django.db.models.functions import Now

from core.files.queries import may_see_record
from core.jobs.models import ACTIVE, BackgroundJob, JobStatus
from core.organization.queries import may, sites_of

VIEW = "core_jobs.view_backgroundjob"


def jobs_for(user: Any) -> models.QuerySet[BackgroundJob]:
    """The jobs a user may see, newest first: their own, and with the right everybody's of their sites."""
    jobs = BackgroundJob.objects.select_related("actor").order_by("-id")
    if not may(user, VIEW):
        return jobs.filter(actor_id=user.pk)
    return jobs.filter(Q(actor_id=user.pk) | Q(site__in=sites_of(user, VIEW)) | Q(site__isnull=True))


def jobs_of(record: models.Model) -> list[BackgroundJob]:
    """Jobs about a record that wait, run or failed, newest first: what its page has to tell."""
    kind = ContentType.objects.get_for_model(record)
    return list(
        BackgroundJob.objects.filter(
            Q(status__in=ACTIVE) | Q(status="failed"), subject_type=kind, subject_id=record.pk
        ).order_by("-id")[:5]
    )


def may_watch(user: Any, job: BackgroundJob) -> bool:
    """Whether the user may see how far a job is: one's own, everybody's with the permission.

    What the system does by itself about a record, whoever sees the record may watch.
    """
    return jobs_for(user).filter(pk=job.pk).exists() or (job.actor.is_system and may_see_record(user, job.subject))


def may_cancel(user: Any, job: BackgroundJob) -> bool:
    """Whether the user asked for the job or may cancel everybody's."""
    return job.actor_id == user.pk or may(user, "core_jobs.cancel_backgroundjob", job.site)


@dataclass(frozen=True)
class Backlog:
    """How many jobs stand where, and since when the oldest that is due has waited for a worker."""

    by_state: dict[str, int]
    waiting_since: dt.datetime | None


def backlog() -> Backlog:
    """The jobs of the whole installation, counted."""
    counted = BackgroundJob.objects.order_by().values("status").annotate(count=Count("pk"))
    found = {row["status"]: row["count"] for row in counted}
    due = BackgroundJob.objects.filter(status=JobStatus.QUEUED, not_before__lte=Now())
    since: dt.datetime | None = due.aggregate(since=Min("not_before"))["since"]
    return Backlog({state: found.get(state, 0) for state in JobStatus.values}, since)
