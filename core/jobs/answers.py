"""What the jobs tell the apps below."""

from __future__ import annotations

from collections.abc import Iterator

from core.jobs.models import BackgroundJob
from core.kernel.wiring import answers
from core.trail.questions import Verification, VerificationAsked


@answers(VerificationAsked)
def newest_verification(question: VerificationAsked) -> Iterator[Verification]:
    """The page of the last verification that this person asked for."""
    job = BackgroundJob.objects.filter(handler="core_jobs.verify_records", actor_id=question.user_id).last()
    if job is not None:
        yield Verification(job.get_absolute_url(), job.pk)
