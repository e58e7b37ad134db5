"""How the worklist reacts to the apps below."""

from __future__ import annotations

from core.kernel.wiring import subscribe
from core.organization.events import GuessingSuspected, PlantSetUp
from core.organization.services import system_user
from core.trail.events import TrailAlarmEnded, TrailAlarmRaised
from core.trail.models import TrailEvent
from core.worklist.models import Kind
from core.worklist.services import assign, complete_for, set_escalation_rule

FIRST_RULES = (Kind.TRIAGE, Kind.REVIEW, Kind.APPROVAL, Kind.ACTION)
LAST_RESORT = "quality_head"
WATCHES_THE_TRAIL = "admin"


@subscribe(PlantSetUp)
def overdue_work_goes_to_the_head_of_quality(event: PlantSetUp) -> None:
    """A new plant escalates from its first day; its head of quality changes the rules as needed."""
    for kind in FIRST_RULES:
        set_escalation_rule(kind=kind, step=1, after=0, to_role=LAST_RESORT, actor=system_user("setup"))


@subscribe(TrailAlarmRaised)
def an_alarm_of_the_trail_goes_to_the_administrators(event: TrailAlarmRaised) -> None:
    """It is work that waits for them, not only a banner."""
    alarm = TrailEvent.objects.get(pk=event.event_id)
    assign(
        subject=alarm, kind=Kind.ACTION, title=event.text, to_role=WATCHES_THE_TRAIL, due_at=alarm.stamped_at,
        actor=alarm.actor,
    )  # fmt: skip


@subscribe(TrailAlarmEnded)
def an_ended_alarm_is_no_more_work(event: TrailAlarmEnded) -> None:
    alarm = TrailEvent.objects.get(pk=event.event_id)
    complete_for(subject=alarm, kind=Kind.ACTION, actor=system_user("trail"))


@subscribe(GuessingSuspected)
def guessing_goes_to_the_administrators(event: GuessingSuspected) -> None:
    """Whoever guesses passwords is work for the administrators; the trail's event of it is noted already."""
    noted = TrailEvent.objects.filter(kind="guessing_suspected").order_by("-pk")[0]
    assign(
        subject=noted, kind=Kind.ACTION, title=noted.text, to_role=WATCHES_THE_TRAIL, due_at=noted.stamped_at,
        actor=noted.actor,
    )  # fmt: skip
