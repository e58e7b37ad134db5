"""The sealed risk file."""

from __future__ import annotations

import pytest

from core.jobs.models import BackgroundJob
from core.jobs.services import run_job
from core.kernel.errors import Blocked
from core.printing.models import PrintedRecord
from qms.risk import services
from tests.qms.risk.file import make_file


@pytest.mark.requirement("RSK-02")
def test_the_risk_file_is_sealed(plant: str) -> None:
    file = make_file()
    assessment = file.approved()
    job = BackgroundJob.objects.get(subject_id=assessment.pk, handler="qms_risk.risk_file")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.error
    assert PrintedRecord.objects.get(subject_id=assessment.pk).kind == "risk-file"
    with pytest.raises(Blocked) as found:
        services.request_risk_file(assessment=file.begun(), actor=file.author)
    assert found.value.codes == ("not_approved",)
