"""Long work of complaints: their sealed records and letters."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.jobs.services import JobHandle
from core.kernel.wiring import job
from core.printing.models import PrintedRecord
from core.printing.services import print_record
from core.web import slots
from qms.complaints.models import Complaint
from qms.complaints.queries.content import content_of, letter_data, record_data
from qms.complaints.services.papers import LETTER_JOB, RECORD_JOB


def _complaint(pk: int) -> Complaint:
    rows = Complaint.objects.select_related(
        "site", "material", "lot", "unit", "code", "cause", "customer", "recorded_by", "owner", "similar_to"
    )
    return rows.get(pk=pk)


@job(RECORD_JOB)
def print_complaint(*, job: JobHandle, complaint_id: int) -> None:
    """Seal the record of a complaint with everything that was signed about it."""
    complaint = _complaint(complaint_id)
    content = content_of(complaint)
    printed = _print(
        complaint,
        job,
        template="qms/complaints/print/complaint.html",
        context={"content": content, "trail": slots.timeline(complaint)},
        data=record_data(content),
        kind="complaint",
        title=complaint.title,
    )
    job.result_page(printed.get_absolute_url())


@job(LETTER_JOB)
def print_letter(*, job: JobHandle, complaint_id: int) -> None:
    """Seal the letter to the complainant."""
    complaint = _complaint(complaint_id)
    printed = _print(
        complaint,
        job,
        template="qms/complaints/print/letter.html",
        context={},
        data=letter_data(complaint),
        kind="complaint-letter",
        title=complaint.complainant_organization or complaint.complainant_name or complaint.title,
        kind_label=_("Reply to a complaint"),
    )
    job.result_page(printed.get_absolute_url())


def _print(complaint: Complaint, job: JobHandle, **values: Any) -> PrintedRecord:
    return print_record(complaint, actor=job.actor, job=job, **values)
