"""What apps below the jobs ask to be done in the background."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.jobs.services import enqueue
from core.kernel.wiring import subscribe
from core.organization.models import User
from core.trail.events import VerificationRequested


@subscribe(VerificationRequested)
def verify_in_the_background(event: VerificationRequested) -> None:
    """The trail lies below the jobs and cannot enqueue; one verification of a person runs at a time."""
    enqueue(
        "core_jobs.verify_records",
        actor=User.objects.get(pk=event.user_id),
        title=_("Verify all sealed records"),
        unique_key=f"verify-{event.user_id}",
        max_attempts=2,
        outside_head=event.outside_head,
    )
