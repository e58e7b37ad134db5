"""Printing a long list, and sending to label printers; slow, so each is a background job."""

from __future__ import annotations

from django.utils import translation

from core.jobs.services import JobHandle
from core.kernel.wiring import job
from core.printing.services import list_file_name, list_pdf, list_seen_by
from core.printing.services.queue import SENDING, send_print_job


@job("core_printing.list")
def print_list(*, job: JobHandle, path: str, query: str, site_id: int | None, language: str) -> None:
    """Render the list as the person who asked sees it now, with their rights and in their language."""
    with translation.override(language):
        page = list_seen_by(job.actor, path=path, query=query, site_id=site_id)
        pdf = list_pdf(page, progress=job.progress)
        job.result(pdf, list_file_name(page), "application/pdf")


@job(SENDING)
def send_to_printer(*, job: JobHandle, print_job: int) -> None:
    """Send a print once. A printer that is off is tried again; what may have come out is not sent again by itself."""
    send_print_job(print_job=print_job, is_last_attempt=job.job.attempts >= job.job.max_attempts)
