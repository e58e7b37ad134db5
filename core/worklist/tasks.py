"""Celery's door into the worklist."""

from __future__ import annotations

from celery import shared_task

from core.jobs.services import JobHandle
from core.kernel.wiring import job
from core.organization.services import system_user
from core.worklist.services import escalate_due
from core.worklist.services.mailing import ask_for_mail, send_digest, send_news
from core.worklist.services.standing_in import keep_delegations
from core.worklist.services.watching import tell_watchers


@shared_task(name="core.worklist.escalate_due", ignore_result=True)  # type: ignore[untyped-decorator]
def escalate() -> None:
    """Escalate what is overdue; beat calls it every minute (config/celery.py)."""
    escalate_due(actor=system_user("escalation"))


@shared_task(name="core.worklist.keep_delegations", ignore_result=True)  # type: ignore[untyped-decorator]
def delegations() -> None:
    """Pass on the work of who is away, give it back when they return; beat calls it every minute."""
    keep_delegations(actor=system_user("escalation"))


@shared_task(name="core.worklist.mail", ignore_result=True)  # type: ignore[untyped-decorator]
def mail() -> None:
    """Tell watchers what moved, and write the jobs of mail that is due; beat calls it every minute."""
    clock = system_user("escalation")
    tell_watchers(actor=clock)
    ask_for_mail(actor=clock)


@job("core_worklist.send_news")
def news(*, job: JobHandle, person: int) -> None:
    """Send a person what waits to be mailed at once; each piece of news at least once under its own Message-ID."""
    job.log(f"{send_news(person)} sent")


@job("core_worklist.send_digest")
def digest(*, job: JobHandle, digest: int) -> None:
    """Send the summary of a day; at least once under the same Message-ID."""
    job.log("sent" if send_digest(digest) else "nothing to tell")
