"""Celery's door into the worklist."""

from __future__ import annotations

from celery import shared_task

from core.organization.services import system_user
from core.worklist.services import escalate_due


@shared_task(name="core.worklist.escalate_due", ignore_result=True)  # type: ignore[untyped-decorator]
def escalate() -> None:
    """Escalate what is overdue; beat calls it every minute (config/celery.py)."""
    escalate_due(actor=system_user("escalation"))
