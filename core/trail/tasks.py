"""Celery's doors into the trail. Sealing has a queue of its own, taken by the worker of the sealer's role only."""

from __future__ import annotations

from pathlib import Path

from celery import shared_task
from django.conf import settings

from core.organization.services import system_user
from core.trail.services.exporting import export_new_seals
from core.trail.services.sealing import seal_trail
from core.trail.services.stamping import stamp_newest_head
from core.trail.services.watching import watch_trail


@shared_task(name="core.trail.seal", ignore_result=True)  # type: ignore[untyped-decorator]
def seal() -> None:
    """Seal what is new (beat, every ten seconds)."""
    seal_trail()


@shared_task(name="core.trail.time_stamp", ignore_result=True)  # type: ignore[untyped-decorator]
def time_stamp() -> None:
    """Have the newest head stamped from outside, where an authority is named (beat, every hour)."""
    stamp_newest_head()


@shared_task(name="core.trail.watch", ignore_result=True)  # type: ignore[untyped-decorator]
def watch() -> None:
    """Compare the catalog with the registry and look for a stalled seal (beat, every minute)."""
    watch_trail(actor=system_user("trail"))


@shared_task(name="core.trail.export_seals", ignore_result=True)  # type: ignore[untyped-decorator]
def export_seals() -> None:
    """Write the new seals into the directory that leads out of the system (beat, daily)."""
    export_new_seals(directory=Path(settings.TRUELINE_SEAL_DIRECTORY), actor=system_user("trail"))
