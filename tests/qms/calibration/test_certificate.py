"""The certificate of a calibration as sealed PDF."""

from __future__ import annotations

import pytest

from core.jobs.models import BackgroundJob
from core.jobs.services import run_job
from core.printing.models import PrintedRecord
from qms.calibration import services
from tests.qms.calibration.lab import make_lab
from tests.support.people import proof

pytestmark = pytest.mark.requirement("CAL-06")


def test_the_certificate_is_sealed_once(plant: str) -> None:
    lab = make_lab()
    record = lab.confirmed(lab.gauge(), "12", "10")
    services.close_calibration(
        record=record, impact="none", impact_note="Not used.", actor=lab.quality, signature=proof(lab.quality, "closed")
    )
    job = BackgroundJob.objects.get(subject_id=record.pk)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.error
    printed = PrintedRecord.objects.get(subject_id=record.pk)
    assert (printed.kind, printed.edition) == ("calibration-certificate", 1)
    again = services.request_certificate(record=record, actor=lab.performer)
    run_job(again.pk)
    assert PrintedRecord.objects.filter(subject_id=record.pk).count() == 1
