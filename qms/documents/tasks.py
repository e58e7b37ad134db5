"""Celery's door into documents."""

from __future__ import annotations

from celery import shared_task

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.services import system_user
from qms.documents.queries import due_revisions
from qms.documents.services import withdraw_failed_date


@shared_task(name="qms.documents.make_due_effective", ignore_result=True)  # type: ignore[untyped-decorator]
def make_due_effective() -> None:
    """Make every approved revision effective whose date has come; beat calls it every minute (config/celery.py).

    Each revision is a deed of its own. One that is refused stays approved without a date: its refusal is stored and
    the quality engineers are asked. What fails otherwise is raised at the end, when the others are done.
    """
    actor = system_user("documents")
    failures: list[Exception] = []
    for revision in due_revisions():
        try:
            perform(revision, "make_effective", actor=actor)
        except Blocked as refused:
            why = "; ".join(str(blocker.message) for blocker in refused.blockers)
            withdraw_failed_date(revision=revision, why=why, actor=actor, reason=why)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("revisions that could not be made effective", failures)
