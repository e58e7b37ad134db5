"""The sealed record of a CAPA is asked for here, and made in the background."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.deeds import service
from core.organization.services import require
from qms.capa.lifecycle import VIEW
from qms.capa.models import Capa

PRINT_JOB = "qms_capa.print"


def enqueue_record(record: Capa, actor: Any) -> BackgroundJob:
    """Have the record rendered and sealed as it is now; the same content is rendered once."""
    return enqueue(
        PRINT_JOB,
        actor=actor,
        subject=record,
        title=_("Seal %(capa)s") % {"capa": record},
        unique_key=f"{PRINT_JOB} {record.pk} {record.row_version}",
        capa_id=record.pk,
    )


@service
def request_print(*, capa: Capa, actor: Any, reason: str = "") -> BackgroundJob:
    """Have the record sealed as PDF as it is now."""
    require(actor, VIEW, capa)
    return enqueue_record(Capa.objects.get(pk=capa.pk), actor)
