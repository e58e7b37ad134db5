"""The atomic release: everything at once or nothing; at a moment by the clock; what becomes of open orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision
from core.lifecycle.services import perform
from core.worklist.models import Assignment
from mes.execution import services as floor_services
from mes.execution.models import ProductionOrder
from qms.changes import services
from qms.changes.models import ChangeRelease, WipDecision
from qms.changes.queries import order_lines, uses_of_the_old
from qms.changes.tasks import keep_time
from tests.qms.changes.story import Story, in_days
from tests.support.people import proof
from traceability.models import Hold

Clock = Callable[[dt.datetime], None]


@pytest.mark.requirement("CHG-08")
def test_instruction_and_routing_become_effective_in_one_release(story: Story) -> None:
    old_text, old_way = story.floor.instruction, story.floor.revision
    text, way = story.next_instruction(), story.next_routing()
    change = story.ready(way, text)
    story.releases(change)
    for record in (old_text, old_way, text, way, change):
        record.refresh_from_db()
    assert (text.status, way.status, old_text.status, old_way.status) == (
        "effective", "effective", "superseded", "superseded",
    )  # fmt: skip
    assert (change.status, change.released_at is not None) == ("monitoring", True)
    fact = ChangeRelease.objects.get(change=change, kind="release")
    assert [len(one["digest"]) for one in fact.content] == [64, 64]
    order = story.floor.order(1, release=False)
    assert order.routing_revision == old_way, "the floor of the test names its own revision"
    fresh = floor_services.create_order(
        site=story.floor.site, material=story.floor.product, quantity=order.quantity, actor=story.floor.planner
    )
    assert fresh.routing_revision == way


@pytest.mark.requirement("CHG-08")
def test_one_item_that_cannot_be_released_leaves_all_as_they_were(story: Story) -> None:
    text, way = story.next_instruction(), story.next_routing()
    change = story.ready(text, way)
    center = story.floor.work_center
    center.is_active = False

    with transaction.atomic(), acting(story.system):
        center.save()
    with pytest.raises(Blocked) as refused:
        story.releases(change)
    assert "work_center" in refused.value.codes
    assert str(way) in refused.value.blockers[0].message, "the refusal names the item"
    for record in (text, way, change, story.floor.instruction, story.floor.revision):
        record.refresh_from_db()
    assert (text.status, way.status, change.status) == ("approved", "approved", "ready")
    assert (story.floor.instruction.status, story.floor.revision.status) == ("effective", "effective")
    assert not ChangeRelease.objects.filter(change=change).exists()
    assert GateDecision.objects.filter(allowed=False, action="make_effective").exists()


@pytest.mark.requirement("CHG-08")
def test_beat_releases_at_the_signed_moment_and_not_before(story: Story, time_machine_at: Clock) -> None:
    text, way = story.next_instruction(), story.next_routing()
    change = story.ready(text, way)
    moment = in_days(2)
    with pytest.raises(Blocked) as early:
        services.plan_release(
            change=change, release_at=now() - dt.timedelta(hours=1), actor=story.second,
            signature=proof(story.second, "released"),
        )  # fmt: skip
    assert early.value.codes == ("past",)
    services.plan_release(
        change=change, release_at=moment, actor=story.second, signature=proof(story.second, "released")
    )
    keep_time()
    change.refresh_from_db()
    assert change.status == "ready"
    time_machine_at(moment + dt.timedelta(minutes=1))
    keep_time()
    for record in (change, text, way):
        record.refresh_from_db()
    assert (change.status, text.status, way.status) == ("monitoring", "effective", "effective")


@pytest.mark.requirement("CHG-08")
def test_a_planned_release_that_is_refused_stays_ready_and_tells(story: Story, time_machine_at: Clock) -> None:
    text = story.next_instruction()
    change = story.ready(text)
    services.plan_release(
        change=change, release_at=in_days(1), actor=story.second, signature=proof(story.second, "released")
    )
    story.floor.order(1)
    time_machine_at(in_days(2))
    keep_time()
    change.refresh_from_db()
    text.refresh_from_db()
    assert (change.status, change.release_at, text.status) == ("ready", None, "approved")
    asked = Assignment.objects.filter(subject_id=change.pk, status="open", kind="approval").latest("pk")
    assert "could not be released" in asked.title


@pytest.mark.requirement("CHG-08")
def test_only_another_person_signs_the_release_and_its_date(story: Story) -> None:
    change = story.ready(story.next_instruction())
    with pytest.raises(Blocked) as owner:
        perform(change, "release", actor=story.owner, signature=proof(story.owner, "released"))
    assert {"permission", "second_person"} <= set(owner.value.codes)
    with pytest.raises(Blocked) as unsigned:
        perform(change, "release_on_date", actor=story.system)
    assert set(unsigned.value.codes) == {"not_due", "release_not_signed"}


@pytest.mark.requirement("CHG-07")
def test_orders_follow_the_plan_in_the_release(story: Story) -> None:
    floor = story.floor
    keeps, moves, held, scrapped = (floor.order(1) for _ in range(4))
    draft = floor.order(1, release=False)
    floor.finish_first(moves)
    text, way = story.next_instruction(), story.next_routing(adds="Inspect")
    change = story.in_implementation(text, way)
    with pytest.raises(Blocked) as open_orders:
        perform(change, "make_ready", actor=story.owner)
    assert open_orders.value.codes.count("wip_open") == 5
    kinds = {line.demand.order.pk: line.order_type for line in order_lines(change)}
    for order, decision, values in (
        (keeps, "finish", {}),
        (moves, "migrate", {"from_sequence": 20}),
        (held, "hold", {}),
        (scrapped, "scrap", {}),
        (draft, "finish", {}),
    ):
        services.decide_order(
            change=change, order_type=kinds[order.pk], order=order.pk, decision=decision, reason="As agreed.",
            actor=story.owner, **values,
        )  # fmt: skip
    perform(change, "make_ready", actor=story.owner)
    story.releases(change)
    for order in (keeps, moves, held, scrapped, draft):
        order.refresh_from_db()
    assert keeps.routing_revision == floor.revision
    assert [one.document_revision for one in keeps.operations.order_by("sequence")] == [None, floor.instruction]
    assert (moves.routing_revision, moves.routing_hash) == (way, way.content_hash)
    moved = list(moves.operations.order_by("sequence"))
    assert [(one.sequence, one.operation.routing_revision_id == way.pk) for one in moved] == [
        (10, False), (20, True), (30, True),
    ]  # fmt: skip
    assert [one.document_revision for one in moved] == [None, text, text]
    assert set(Hold.objects.filter(source_id=change.pk).values_list("lot", flat=True)) == {
        held.lot_id, scrapped.lot_id,
    }  # fmt: skip
    assert Assignment.objects.filter(title__startswith="Scrap what", status="open").count() == 1
    assert not WipDecision.objects.filter(change=change, applied_at=None).exists()
    floor_services.release_order(order=draft, actor=floor.planner)
    draft.refresh_from_db()
    assert draft.routing_revision == floor.revision, "the plan says that it finishes on the old revision"
    assert draft.operations.get(sequence=20).document_revision == floor.instruction
    assert {one.order for one in uses_of_the_old(change)} == {keeps, held, scrapped, draft}


@pytest.mark.requirement("CHG-07")
def test_an_order_does_not_go_over_from_an_operation_that_has_begun(story: Story) -> None:
    floor = story.floor
    order = floor.order(1)
    floor.finish_first(order)
    text = story.next_instruction()
    change = story.in_implementation(text)
    line = order_lines(change)[0]
    values: dict[str, Any] = {
        "change": change, "order_type": line.order_type, "order": order.pk, "reason": "Now.", "actor": story.owner,
    }  # fmt: skip
    with pytest.raises(Blocked) as done:
        services.decide_order(decision="migrate", from_sequence=10, **values)
    assert done.value.codes == ("operation",)
    services.decide_order(decision="migrate", from_sequence=20, **values)
    perform(change, "make_ready", actor=story.owner)
    floor.start(floor.last(order))
    with pytest.raises(Blocked) as begun:
        story.releases(change)
    assert set(begun.value.codes) & {"wip_begun", "wip_stale"}
    text.refresh_from_db()
    assert text.status == "approved"
    with pytest.raises(Blocked) as unknown:
        services.decide_order(**{**values, "order": 0}, decision="hold")
    assert unknown.value.codes == ("stands_still",)


@pytest.mark.requirement("CHG-09")
def test_a_change_is_watched_until_nothing_uses_the_old_revision(story: Story) -> None:
    order = story.floor.order(1)
    change = story.released(story.next_instruction())
    sign: dict[str, Any] = {"actor": story.second, "reason": "Works.", "signature": proof(story.second, "closed")}
    with pytest.raises(Blocked) as used:
        perform(change, "close", **sign)
    assert used.value.codes == ("old_in_use",)
    floor_services.cancel_order(order=ProductionOrder.objects.get(pk=order.pk), actor=story.floor.planner, reason="No.")
    perform(change, "close", actor=story.second, reason="Works.", signature=proof(story.second, "closed"))
    change.refresh_from_db()
    assert change.status == "closed"


@pytest.mark.requirement("CHG-08")
def test_a_release_ends_what_it_makes_obsolete(story: Story) -> None:
    ended = story.procedure()
    change = story.raised()
    story.names(change, ended, "obsolete")
    brought = story.procedure(effective=False)
    story.approved_revision(brought)
    story.names(change, brought, "new")
    story.writes(change)
    perform(change, "submit", actor=story.requester)
    services.start_assessment(change=change, actor=story.owner)
    story.handed_over(change)
    story.approves_all(change)
    perform(change, "make_ready", actor=story.owner)
    story.releases(change)
    ended.refresh_from_db()
    brought.refresh_from_db()
    assert (ended.status, brought.status) == ("obsolete", "effective")
