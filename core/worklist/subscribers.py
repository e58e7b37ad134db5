"""How the worklist reacts to the apps below."""

from __future__ import annotations

from core.kernel.wiring import subscribe
from core.organization.events import GuessingSuspected, PlantSetUp, UserDeactivated
from core.organization.models import User
from core.organization.services import system_user
from core.trail.events import TrailAlarmEnded, TrailAlarmRaised
from core.trail.models import TrailEvent
from core.worklist.models import Kind
from core.worklist.services import assign, complete_for, set_first_ladder
from core.worklist.services.standing_in import replace_leaver

WATCHES_THE_TRAIL = "admin"


@subscribe(PlantSetUp)
def a_new_plant_has_ladders(event: PlantSetUp) -> None:
    """A new plant escalates from its first day; its head of quality changes the ladders as needed."""
    set_first_ladder(actor=system_user("setup"))


@subscribe(UserDeactivated)
def nothing_stays_with_who_has_left(event: UserDeactivated) -> None:
    """Their open work goes to somebody who is there, in the transaction that ends their access."""
    replace_leaver(person=User.objects.get(pk=event.user_id), actor=system_user("escalation"))


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
