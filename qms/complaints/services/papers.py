"""The papers of a complaint: its sealed record, and the letter of the reply. Made by workers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.deeds import service
from core.organization.services import require
from qms.complaints.models import Complaint

RECORD_JOB, LETTER_JOB = "qms_complaints.print", "qms_complaints.letter"


def enqueue_record(complaint: Complaint, actor: Any) -> BackgroundJob:
    """Have the record of a complaint rendered and sealed as it is now."""
    return _enqueue(RECORD_JOB, complaint, _("Seal the record of %(complaint)s"), actor)


def enqueue_letter(complaint: Complaint, actor: Any) -> BackgroundJob:
    """Have the letter to the complainant rendered and sealed."""
    return _enqueue(LETTER_JOB, complaint, _("Letter of %(complaint)s"), actor)


def _enqueue(name: str, complaint: Complaint, title: str, actor: Any) -> BackgroundJob:
    return enqueue(
        name,
        actor=actor,
        subject=complaint,
        title=title % {"complaint": complaint},
        unique_key=f"{name} {complaint.pk} {complaint.row_version}",
        complaint_id=complaint.pk,
    )


@service
def request_record(*, complaint: Complaint, actor: Any) -> BackgroundJob:
    """Have the record of a complaint sealed as PDF as it is now; the same content again is the same print."""
    require(actor, "qms_complaints.view_complaint", complaint)
    return enqueue_record(Complaint.objects.get(pk=complaint.pk), actor)
