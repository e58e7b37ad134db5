"""The certificate of a closed calibration: sealed once by a worker."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.services import require
from qms.calibration.lifecycle import VIEW
from qms.calibration.models import CalibrationRecord

CERTIFICATE_JOB = "qms_calibration.certificate"


@service
def request_certificate(*, record: CalibrationRecord, actor: Any, reason: str = "") -> BackgroundJob:
    """Have the certificate sealed as PDF, where that failed before. `Blocked` before the calibration is closed."""
    require(actor, VIEW, record)
    found = CalibrationRecord.objects.select_related("plan__equipment").get(pk=record.pk)
    if found.status != "closed":
        raise Blocked(not_closed(found))
    return enqueue_certificate(found, actor)


def not_closed(record: CalibrationRecord) -> Blocker:
    """Why there is no certificate yet."""
    return Blocker(
        "not_closed",
        _("%(calibration)s is not closed.") % {"calibration": record},
        record=record,
        remedy=_("It gets its certificate when it is verified."),
    )


def enqueue_certificate(record: CalibrationRecord, actor: Any) -> BackgroundJob:
    return enqueue(
        CERTIFICATE_JOB,
        actor=actor,
        subject=record,
        title=_("Seal the certificate of %(calibration)s") % {"calibration": record},
        unique_key=f"{CERTIFICATE_JOB} {record.pk}",
        record_id=record.pk,
    )
