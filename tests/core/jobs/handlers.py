"""Handlers that only tests use."""

from __future__ import annotations

import time
from pathlib import Path

from core.jobs.services import JobFailed, JobHandle
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import job
from core.trail.models import TrailEvent
from core.trail.services import note


@job("tests.count")
def count(*, job: JobHandle, upto: int) -> None:
    """Tell progress and leave a file."""
    for number in range(upto):
        job.progress(number + 1, upto, f"step {number + 1}")
    job.log("counted")
    job.result(b"1,2,3\n", "count.csv", "text/csv")


@job("tests.note_once")
def note_once(*, job: JobHandle, gate: str, text: str) -> None:
    """Wait for the gate to open, then leave one event, once: an idempotent handler."""
    Path(f"{gate}.{job.job.attempts}.started").touch()
    while not Path(gate).exists():
        job.progress(1, 2, "waiting")
        time.sleep(0.05)
    if not TrailEvent.objects.filter(kind="test", text=text).exists():
        note(kind="test", actor=job.actor, text=text)


@job("tests.blocked")
def blocked(*, job: JobHandle) -> None:
    """Be refused by a rule."""
    raise Blocked(Blocker("no", "The lot is on hold.", remedy="Release the hold."))


@job("tests.hopeless")
def hopeless(*, job: JobHandle) -> None:
    """Say that it cannot be done."""
    raise JobFailed("The file has no pages.")


@job("tests.broken")
def broken(*, job: JobHandle) -> None:
    """Fall over."""
    raise ConnectionError("the printer is away")
