"""How the worklist reacts to the apps below."""

from __future__ import annotations

from core.kernel.wiring import subscribe
from core.organization.events import PlantSetUp
from core.organization.services import system_user
from core.worklist.models import Kind
from core.worklist.services import set_escalation_rule

FIRST_RULES = (Kind.TRIAGE, Kind.REVIEW, Kind.APPROVAL, Kind.ACTION)
LAST_RESORT = "quality_head"


@subscribe(PlantSetUp)
def overdue_work_goes_to_the_head_of_quality(event: PlantSetUp) -> None:
    """A new plant escalates from its first day; its head of quality changes the rules as needed."""
    for kind in FIRST_RULES:
        set_escalation_rule(kind=kind, step=1, after=0, to_role=LAST_RESORT, actor=system_user("setup"))
