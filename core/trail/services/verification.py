"""Asking for a verification, and keeping its outcome."""

from __future__ import annotations

from typing import Any

from core.kernel.deeds import service
from core.kernel.wiring import publish
from core.organization.services import require
from core.trail.events import VerificationRequested
from core.trail.models import TrailEvent
from core.trail.queries.report import Report
from core.trail.queries.watching import VERIFIED
from core.trail.services import note


@service
def request_verification(*, outside_head: str, actor: Any) -> None:
    """Ask for every sealed row to be compared with its seal; it is carried out in the background.

    Raises `Blocked` without the permission.
    """
    require(actor, "core_trail.verify_seal")
    publish(VerificationRequested(actor.pk, outside_head.strip().lower()))


@service
def keep_outcome(*, report: Report, actor: Any) -> TrailEvent:
    """What a verification found is itself evidence."""
    found = {name: value for name, value in report.as_dict().items() if name != "problems"}
    found["problems"] = [problem.as_dict() for problem in report.problems[:100]]
    return note(kind=VERIFIED, actor=actor, text=report.summary(), data=found)


@service
def note_export(*, what: str, actor: Any) -> TrailEvent:
    """Note that somebody took seals or a proof out of the system."""
    return note(kind="seals_exported", actor=actor, text=what)
