"""What Celery calls. The message carries only an id; the row carries the work."""

from __future__ import annotations

import json

from celery import shared_task

from core.jobs.services import JobHandle, dispatch_due, run_job
from core.kernel.wiring import job
from core.trail.queries.verifying import verify_trail
from core.trail.services.verification import keep_outcome


@shared_task(name="core.jobs.run", acks_late=True)  # type: ignore[untyped-decorator]
def run(pk: int) -> None:
    """Carry out one job, if it is still to be done and nobody else does it."""
    run_job(pk)


@shared_task(name="core.jobs.dispatch")  # type: ignore[untyped-decorator]
def dispatch() -> int:
    """Hand over what nobody took or whose worker fell silent (beat, every five seconds)."""
    return len(dispatch_due())


@job("core_jobs.verify_records")
def verify_records(*, job: JobHandle, outside_head: str) -> None:
    """Compare every sealed row with its seal; the report is the result."""
    report = verify_trail(outside_head=outside_head, progress=job.progress)
    keep_outcome(report=report, actor=job.actor)
    job.log(report.summary())
    for problem in report.problems[:100]:
        job.log(problem.text)
    for limit in report.limits():
        job.log(limit)
    job.result(json.dumps(report.as_dict(), indent=2).encode(), "verification.json", "application/json")
