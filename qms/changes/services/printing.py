"""The sealed print of a change is asked for here, and made in the background."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.deeds import service
from core.organization.services import require
from qms.changes.lifecycle import VIEW
from qms.changes.models import ChangeOrder

PRINT_JOB = "qms_changes.print"


@service
def request_print(*, change: ChangeOrder, actor: Any, reason: str = "") -> BackgroundJob:
    """Have the change as it is now rendered and sealed; the same content is rendered once."""
    require(actor, VIEW, change)
    return enqueue(
        PRINT_JOB,
        actor=actor,
        subject=change,
        title=_("Seal %(change)s") % {"change": change},
        unique_key=f"{PRINT_JOB} {change.pk} {change.row_version}",
        change_id=change.pk,
    )
