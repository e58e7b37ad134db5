"""Calibrations that fall due, and certificates."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils.translation import gettext as _

from core.files.queries import attachments_of
from core.jobs.services import JobHandle
from core.kernel.errors import Blocked
from core.kernel.wiring import job
from core.organization.services import system_user
from core.printing.services import print_record
from core.signing.queries import manifest
from qms.calibration.models import CalibrationRecord
from qms.calibration.queries import newest_readings, records
from qms.calibration.services.certificates import CERTIFICATE_JOB, not_closed
from qms.calibration.services.records import raise_due_calibrations


@shared_task(name="qms.calibration.raise_due", ignore_result=True)  # type: ignore[untyped-decorator]
def raise_due() -> None:
    """Ask for every calibration that falls due; beat calls it every hour (config/celery.py)."""
    raise_due_calibrations(actor=system_user("calibration"))


@job(CERTIFICATE_JOB)
def print_certificate(*, job: JobHandle, record_id: int) -> None:
    """Render, seal and store the certificate of a closed calibration; it is made once."""
    record = records().select_related("procedure__document").get(pk=record_id)
    if record.status != "closed":
        raise Blocked(not_closed(record))
    readings = newest_readings(record)
    standards = list(record.standards.select_related("standard__equipment", "calibration"))
    files = attachments_of(record)
    printed = print_record(
        record,
        template="qms/calibration/print/certificate.html",
        context={"readings": readings, "standards": standards, "files": files, "signatures": manifest(record)},
        data=certificate_data(record, readings, standards, files),
        actor=job.actor,
        kind="calibration-certificate",
        kind_label=_("Calibration certificate"),
        title=str(record.plan.equipment),
        edition=1,
        job=job,
    )
    job.result_page(printed.get_absolute_url())


def certificate_data(record: CalibrationRecord, readings: Any, standards: Any, files: Any) -> dict[str, Any]:
    """What a program reads from the certificate."""
    return {
        "calibration": record.number,
        "gauge": record.plan.equipment.code,
        "name": record.plan.equipment.name,
        "performed_on": record.performed_on.isoformat() if record.performed_on else "",
        "performed_by": str(record.performed_by or ""),
        "valid_until": record.valid_until.isoformat() if record.valid_until else "",
        "found_in_tolerance": record.found_in_tolerance,
        "left_in_tolerance": record.left_in_tolerance,
        "procedure": str(record.procedure or ""),
        "laboratory": record.laboratory,
        "certificate_number": record.certificate_number,
        "temperature": _number(record.temperature),
        "humidity": _number(record.humidity),
        "impact": record.impact,
        "impact_note": record.impact_note,
        "affected_values": record.affected_values,
        "affected_sha256": record.affected_sha256,
        "columns": ["point", "nominal", "lowest", "highest", "as_found", "as_left", "uom"],
        "readings": [
            [one.label, *map(_number, (one.nominal, one.lowest, one.highest, one.as_found, one.as_left)), one.uom]
            for one in readings
        ],
        "standards": [
            {
                "standard": str(use.standard.equipment),
                "calibration": use.calibration.number,
                "certificate": use.calibration.certificate_number,
                "valid_until": use.valid_until.isoformat(),
            }
            for use in standards
        ],
        "attachments": [{"name": file.name, "sha256": file.sha256} for file in files],
    }


def _number(value: Any) -> str:
    return "" if value is None else f"{value.normalize():f}"
