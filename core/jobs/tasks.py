"""What Celery calls. The message carries only an id; the row carries the work."""

from __future__ import annotations

from celery import shared_task

from core.jobs.services import dispatch_due, run_job


@shared_task(name="core.jobs.run", acks_late=True)  # type: ignore[untyped-decorator]
def run(pk: int) -> None:
    """Carry out one job, if it is still to be done and nobody else does it."""
    run_job(pk)


@shared_task(name="core.jobs.dispatch")  # type: ignore[untyped-decorator]
def dispatch() -> int:
    """Hand over what nobody took or whose worker fell silent (beat, every five seconds)."""
    return len(dispatch_due())
