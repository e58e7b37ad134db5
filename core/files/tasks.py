"""Celery's door into the files."""

from __future__ import annotations

from celery import shared_task

from core.files import waiting
from core.kernel.clock import now


@shared_task(name="core.files.sweep_waiting", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep_waiting() -> None:
    """Remove uploads about which nobody decided within a day (beat, every hour)."""
    waiting.sweep(now=now())
