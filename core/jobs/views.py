"""Background work on screen: the list, the page of one job, its result."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.files import blobs
from core.files.views import damaged, harden
from core.jobs.models import BackgroundJob
from core.jobs.queries import jobs_for, may_cancel, may_watch
from core.jobs.services import cancel_job
from core.jobs.tables import LOOKS, BackgroundJobTable
from core.web.access import Access, PageMixin
from core.web.forms import Form
from core.web.links import reachable
from core.web.views import FormPage, JobPage, ListPage, found_in


class BackgroundJobList(ListPage):
    """One's own work, or everybody's for who may see it."""

    model = BackgroundJob
    access: ClassVar[Access] = Access.SIGNED_IN
    table_class = BackgroundJobTable
    search_fields = ("title", "subject_label")
    order = ("-id",)
    title = gettext_lazy("Background work")
    empty_title = gettext_lazy("Nothing is being worked on")
    empty_text = gettext_lazy("Prints, imports and exports that you ask for appear here.")
    empty_icon = "clock"

    @cached_property
    def visible(self) -> QuerySet[BackgroundJob]:
        return jobs_for(self.request.user)


class OwnJob(PageMixin):
    """Base: the job of the address, if the visitor may see it; 404 otherwise."""

    access: ClassVar[Access] = Access.SIGNED_IN

    @cached_property
    def record(self) -> BackgroundJob:
        """The job, or 404."""
        return found_in(jobs_for(self.request.user), self.kwargs["pk"], _("There is no such work here."))


class BackgroundJobDetail(OwnJob, JobPage):
    """Percent, log, cancel, result; refreshes itself until the work has ended."""

    model = BackgroundJob

    @cached_property
    def record(self) -> BackgroundJob:
        """The job, for whoever may watch it, or 404."""
        return found_in(
            BackgroundJob.objects.select_related("actor"),
            self.kwargs["pk"],
            _("There is no such work here."),
            allowed=lambda found: may_watch(self.request.user, found),
        )

    def page_title(self) -> str:
        return self.record.title

    def progress(self) -> tuple[int, int, str]:
        job = self.record
        if job.status == "done":
            return job.progress_total or 1, job.progress_total or 1, job.progress_text
        return job.progress_done, job.progress_total, job.progress_text

    def is_finished(self) -> bool:
        return not self.record.is_active

    def state(self) -> tuple[Any, str, str]:
        return (self.record.get_status_display(), *LOOKS[self.record.status])

    def log(self) -> list[str]:
        return self.record.log.splitlines()

    def error(self) -> str:
        return self.record.error

    def result_url(self) -> str:
        if self.record.result_url:
            return reachable(self.request, self.record.result_url)
        return reverse("core_jobs:backgroundjob_result", args=[self.record.pk]) if self.record.result_sha256 else ""

    def cancel_job_url(self) -> str:
        job = self.record
        if not job.is_active or job.cancel_requested or not may_cancel(self.request.user, job):
            return ""
        return reverse("core_jobs:backgroundjob_cancel", args=[job.pk])


class BackgroundJobCancel(OwnJob, FormPage):
    """Ends waiting work, asks running work to stop."""

    model, form_class = BackgroundJob, Form
    http_method_names: ClassVar[list[str]] = ["post"]  # type: ignore[misc]
    changes_record = change_needs_reason = False

    def deed(self, form: Any) -> BackgroundJob:
        return cancel_job(job=self.record, actor=self.request.user)

    def show_again(self, blockers: Any = ()) -> HttpResponse:
        """The button stands on the page of the job: what refuses is said there."""
        for blocker in blockers:
            messages.error(self.request, f"{blocker.message} {blocker.remedy}".strip())
        return self.redirect(self.record.get_absolute_url())


class BackgroundJobResult(OwnJob):
    """The file that the work left."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        job = self.record
        if not job.result_sha256:
            raise Http404(_("This work has left no file."))
        try:
            file = blobs.open_checked(job.result_sha256)
        except (blobs.BlobMissing, blobs.BlobDamaged):
            return damaged(request, job.result_sha256)
        response = FileResponse(file, as_attachment=True, filename=job.result_name, content_type=job.result_media_type)
        return harden(response)
