"""What waits in this storey stands in “My work” of whoever holds the right, and goes from there by the deed itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.models import User
from core.printing.models import PrintJob
from core.worklist.models import Assignment
from core.worklist.queries import work_of
from tests.api.conftest import MAKE, program_of
from tests.support.people import make_user, proof
from tests.support.visits import visit_as
from tests.traceability.goods import ordered, receive
from tests.traceability.press import Press, in_force, make_press, printed
from tests.traceability.recalled import begun, decided, make_head, traced
from tests.traceability.world import World
from traceability import services
from traceability.models import Lot, StockCount, Transformation
from traceability.queries import Scope

pytestmark = pytest.mark.requirement("STK-03")
SEE_LOT, RELEASE = "traceability.view_lot", "traceability.release_lot"


def holder(world: World, *rights: str) -> User:
    return make_user(site=world.site, permissions=rights)


def waits_for(user: User) -> list[str]:
    """The titles in their inbox."""
    return [work.title for work in work_of(user)]


def state_of_work(record: Any) -> list[tuple[str, str]]:
    """Kind and state of all work that was ever asked for on a record, in its order."""
    rows = Assignment.objects.filter(subject_id=record.pk, subject_type__model=type(record)._meta.model_name)
    return list(rows.order_by("pk").values_list("kind", "status"))


def release(lot: Lot, actor: User) -> None:
    services.release_lot(lot=lot, actor=actor, signature=proof(actor, "released"))


def test_a_received_lot_waits_for_whoever_may_release_it(world: World) -> None:
    lot = receive(world, ordered(world)).lot
    assert waits_for(world.quality) == [f"Release or reject lot {lot} of {lot.material}"]
    assert waits_for(holder(world, SEE_LOT)) == waits_for(world.operator) == []
    release(lot, world.quality)
    assert waits_for(world.quality) == [] and state_of_work(lot) == [("approval", "done")]
    services.withdraw_lot(lot=lot, actor=world.quality, reason="Doubt")
    assert len(waits_for(world.quality)) == 1
    services.reject_lot(lot=lot, actor=world.quality, reason="Cracked", signature=proof(world.quality, "rejected"))
    assert state_of_work(lot) == [("approval", "done"), ("approval", "done")]


def test_a_refused_release_leaves_the_work_where_it_is(world: World) -> None:
    lot = receive(world, ordered(world)).lot
    services.place_hold(lot=lot, reason="Wet", actor=world.quality)
    with pytest.raises(Blocked):
        release(lot, world.quality)
    assert state_of_work(lot) == [("approval", "open")]


def test_nobody_is_asked_about_what_was_produced_or_released_at_birth(world: World) -> None:
    made = world.lot(0, status="in_production")
    services.finish_lot(lot=made, actor=world.operator)
    assert state_of_work(made) == state_of_work(world.lot(3)) == []


def test_of_a_lot_with_nothing_left_nobody_decides_until_more_arrives(world: World) -> None:
    line = ordered(world)
    receipt = receive(world, line)
    services.take_back_receipt(receipt=receipt, reason="Wrong pallet", actor=world.quality)
    assert state_of_work(receipt.lot) == [("approval", "cancelled")]
    assert receive(world, line).lot == receipt.lot
    assert state_of_work(receipt.lot) == [("approval", "cancelled"), ("approval", "open")]
    receive(world, line, quantity=Decimal(1))
    assert len(waits_for(world.quality)) == 1


def test_lots_that_became_one_wait_as_one_and_each_again_when_that_is_undone(world: World) -> None:
    material = world.material()
    merger = holder(world, SEE_LOT, "traceability.split_lot")
    lots = [world.lot(2, material, status="quarantine") for _ in range(2)]
    one = services.merge_lots(lots=lots, actor=merger, reason="One pallet")
    assert [state_of_work(lot) for lot in lots] == [[("approval", "cancelled")]] * 2
    assert state_of_work(one) == [("approval", "open")]
    transformation = Transformation.objects.get()
    services.undo_transformation(transformation=transformation, reason="Wrong", actor=merger)
    assert state_of_work(one) == [("approval", "cancelled")]
    assert [state_of_work(lot)[-1] for lot in lots] == [("approval", "open")] * 2


@pytest.fixture
def count(world: World) -> StockCount:
    """A count of the store, in which one lot lies."""
    world.lot(10)
    return services.begin_count(location=world.store, actor=counter_of(world))


def counter_of(world: World) -> User:
    return holder(world, "traceability.view_stockcount", "traceability.count_stockcount")


def approver_of(world: World) -> User:
    return holder(world, "traceability.view_stockcount", "traceability.approve_stockcount")


def hand_in(count: StockCount, actor: User, quantity: int = 9) -> None:
    for lot in Lot.objects.filter(movements__to_location=count.location).distinct():
        services.record_count(count=count, lot=lot, counted=Decimal(quantity), actor=actor, reason="Seen")
    perform(count, "submit", actor=actor)


def test_a_place_waits_to_be_counted_then_for_somebody_who_did_not_count(world: World, count: StockCount) -> None:
    counter, approver = counter_of(world), approver_of(world)
    assert waits_for(counter) == [f"{count.number}: count {world.store}"] and waits_for(approver) == []
    both = holder(
        world, "traceability.view_stockcount", "traceability.count_stockcount", "traceability.approve_stockcount"
    )
    hand_in(count, both)
    assert waits_for(approver) == [f"{count.number}: approve what was counted in {world.store}"]
    assert waits_for(counter) == waits_for(both) == []
    perform(count, "count_again", actor=approver, reason="Implausible")
    assert len(waits_for(counter)) == 1 and waits_for(approver) == []
    hand_in(count, counter)
    perform(count, "book", actor=approver, signature=proof(approver, "approved"))
    assert {status for _kind, status in state_of_work(count)} == {"done"}


def test_a_cancelled_count_asks_nobody(world: World, count: StockCount) -> None:
    perform(count, "cancel", actor=counter_of(world), reason="Begun by mistake")
    assert state_of_work(count) == [("action", "cancelled")]


def test_the_count_of_one_lot_asks_only_for_its_approval(world: World) -> None:
    made = services.count_lot(
        lot=world.lot(5), location=world.store, counted=Decimal(4), actor=counter_of(world), reason="One broken"
    )
    assert state_of_work(made) == [("approval", "open")]


def test_a_recall_waits_for_its_start_its_lines_and_its_report(world: World) -> None:
    head, lots = make_head(world), [world.lot(3) for _ in range(2)]
    recall = begun(world, head, *lots, kind="recall")
    starter = holder(world, "traceability.view_recall", "traceability.start_recall")
    decider = holder(world, "traceability.view_recall", "traceability.decide_recall")
    closer = holder(world, "traceability.view_recall", "traceability.close_recall")
    assert waits_for(starter) == [f"Start or cancel recall {recall.number}: {recall.title}"]
    perform(recall, "start", actor=head, signature=proof(head, "approved"))
    traced(recall, head)
    assert waits_for(starter) == waits_for(closer) == []
    assert waits_for(decider) == [f"Decide about the lines of {recall.number}: {recall.title}"]
    first, last = recall.lines.order_by("pk")
    services.decide_line(line=first, disposition="not_found", note="Nowhere", actor=head)
    assert len(waits_for(decider)) == 1, "one line is still open"
    services.decide_line(line=last, disposition="not_found", note="Nowhere", actor=head)
    assert waits_for(decider) == []
    assert waits_for(closer) == [f"Close {recall.number} by its report: {recall.title}"]
    services.widen_recall(recall=recall, goods=[world.lot(1)], reason="One more", actor=head)
    traced(recall, head)
    assert len(waits_for(decider)) == 1 and waits_for(closer) == []


def test_a_drill_is_worked_through_and_a_cancelled_one_asks_nobody(world: World) -> None:
    head = make_head(world)
    drill = begun(world, head, world.lot(3))
    assert state_of_work(drill) == []
    traced(drill, head)
    decided(drill, head)
    assert state_of_work(drill) == [("action", "done"), ("approval", "open")]
    perform(drill, "cancel", actor=head, reason="Practised enough")
    assert state_of_work(drill) == [("action", "done"), ("approval", "cancelled")]


def test_a_containment_waits_until_it_is_ended(world: World) -> None:
    rights = ("traceability.view_containment", "traceability.place_containment", "traceability.end_containment")
    quality = holder(world, *rights)
    made = services.place_containment(
        scope=Scope(kind="chosen", site=world.site, lots=(world.lot(2),)), reason="Wrong alloy", actor=quality
    )
    assert waits_for(quality) == [f"Decide about what containment {made.number} holds, and end it"]
    perform(made, "end", actor=quality, reason="Sorted", signature=proof(quality, "closed"))
    assert waits_for(quality) == [] and state_of_work(made) == [("action", "done")]


@pytest.fixture
def press(db: None) -> Press:
    """A world with somebody who prints."""
    return make_press()


def sent_print(press: Press) -> PrintJob:
    in_force(press)
    job = printed(press, press.world.lot())
    perform(job, "hand_out", actor=press.printing)
    return job


def test_a_print_that_did_not_come_out_waits_for_who_asked_for_it(press: Press) -> None:
    colleague = make_user(site=press.site, permissions=("core_printing.view_printjob", "core_printing.handle_printjob"))
    job = sent_print(press)
    assert waits_for(press.printing) == []
    perform(job, "report_failure", actor=press.printing, reason="Paper jam")
    assert waits_for(press.printing) == waits_for(colleague) == [f"It was not printed: {job}"]
    assert Assignment.objects.get().to_user == press.printing
    perform(job, "confirm", actor=press.printing)
    assert waits_for(press.printing) == [] and state_of_work(job) == [("action", "done")]


def test_the_inbox_shows_the_work_and_the_api_too(world: World) -> None:
    quality = holder(world, SEE_LOT, RELEASE, MAKE)
    lot = receive(world, ordered(world)).lot
    page = visit_as(quality).get(reverse("core_worklist:assignment_inbox")).content.decode()
    assert f"Release or reject lot {lot} of {lot.material}" in page and lot.get_absolute_url() in page
    rows = program_of(quality).get("core/worklist/assignments/").json()["results"]
    assert [row["title"] for row in rows] == [f"Release or reject lot {lot} of {lot.material}"]
