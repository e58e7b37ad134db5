"""Asking for the sealed PDF of a person's training records."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.deeds import service
from core.organization.models import User
from core.organization.services import require
from qms.training.lifecycle import VIEW_TRAINING

PRINT_JOB = "qms_training.print"


@service
def request_print(*, person: User, actor: Any, reason: str = "") -> BackgroundJob:
    """Have a person's training records rendered and sealed; the same content again is the same print."""
    require(actor, VIEW_TRAINING, person)
    return enqueue(
        PRINT_JOB,
        actor=actor,
        subject=person,
        title=_("Seal the training records of %(who)s") % {"who": person},
        unique_key=f"{PRINT_JOB} {person.pk}",
        person_id=person.pk,
    )
