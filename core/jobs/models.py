"""Work that may fail or be slow, as rows: written with the deed that asked for it, carried out by the workers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.records import OperationalModel


class JobStatus(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


ACTIVE = (JobStatus.QUEUED, JobStatus.RUNNING)


class BackgroundJob(OperationalModel):
    """One piece of work for a worker: which handler, with which arguments, for whom, and how far it got.

    A worker holds a job by a lease that it renews; when the worker dies the lease runs out and another takes over.
    Handlers are therefore idempotent. The row, not the broker, is what must not be lost.
    """

    operational_reason = "how far a job got; what it achieved is recorded by the services it calls"

    handler = models.CharField(_("work"), max_length=100)
    arguments = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=300)
    site = models.ForeignKey(
        "core_organization.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The site of the record it is about; who administers another site does not see it."""
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject_label = models.TextField(blank=True, default="")
    unique_key = models.CharField(max_length=200, blank=True, default="")

    status = models.CharField(_("status"), max_length=10, choices=JobStatus, default=JobStatus.QUEUED)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_text = models.CharField(max_length=300, blank=True, default="")
    log = models.TextField(blank=True, default="")
    error = models.TextField(_("what went wrong"), blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    cancel_requested = models.BooleanField(default=False)

    created_at = models.DateTimeField(_("asked for at"), default=now)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    not_before = models.DateTimeField(default=now)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    result_sha256 = models.CharField(max_length=64, blank=True, default="")
    result_size = models.BigIntegerField(default=0)
    result_name = models.CharField(max_length=160, blank=True, default="")
    result_media_type = models.CharField(max_length=120, blank=True, default="")
    result_url = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(status__in=ACTIVE) & ~Q(unique_key=""),
                name="uq_backgroundjob_active",
            ),
            models.CheckConstraint(name="ck_backgroundjob_status", condition=Q(status__in=list(JobStatus.values))),
            models.CheckConstraint(
                name="ck_backgroundjob_lease",
                condition=Q(status="running", lease__isnull=False, lease_until__isnull=False)
                | (~Q(status="running") & Q(lease__isnull=True, lease_until__isnull=True)),
            ),
        )
        indexes = (
            models.Index(fields=["not_before"], condition=Q(status__in=ACTIVE), name="ix_backgroundjob_active"),
            models.Index(fields=["actor", "-id"], name="ix_backgroundjob_actor"),
            models.Index(fields=["subject_type", "subject_id"], name="ix_backgroundjob_subject"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("core_jobs:backgroundjob_detail", args=[self.pk])

    @property
    def subject(self) -> models.Model | None:
        """The record the job is about, or None."""
        model = self.subject_type.model_class() if self.subject_type else None
        return None if model is None else model._base_manager.filter(pk=self.subject_id).first()

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.status in ACTIVE

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100; 100 only when the job is done."""
        if self.status == JobStatus.DONE:
            return 100
        if not self.progress_total:
            return 0
        return min(99, self.progress_done * 100 // self.progress_total)

    def new_lease(self) -> uuid.UUID:
        """Hold the job under a fresh lease; the caller saves."""
        self.lease = uuid.uuid4()
        return self.lease
