"""A change in force: from when it counts, emergencies that are late, temporary changes that return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.lifecycle.services import make_move, perform
from core.worklist.models import Assignment
from mes.execution import services as floor_services
from mes.execution.models import ProductionOrder
from mes.routing import guards
from qms.changes import services
from qms.changes.models import ChangeExtension, ChangeOrder, ChangeRelease
from qms.changes.queries import assessments_of, order_lines
from qms.changes.tasks import keep_time
from qms.documents.queries import effective_revision
from tests.qms.changes.story import Story, in_days
from tests.qms.changes.test_way import refused
from tests.support.people import proof
from traceability.services import scrap_stock

Clock = Callable[[dt.datetime], None]


def order_now(story: Story, *, release: bool = True) -> ProductionOrder:
    """An order by whatever routing is effective."""
    floor = story.floor
    order = floor_services.create_order(
        site=floor.site, material=floor.product, quantity=Decimal(1), actor=floor.planner
    )
    return floor_services.release_order(order=order, actor=floor.planner) if release else order


def made_by(order: ProductionOrder) -> tuple[Any, Any]:
    """The routing and the instruction that the order is pinned to."""
    order.refresh_from_db()
    return order.routing_revision, order.operations.order_by("-sequence")[0].document_revision


@pytest.mark.requirement("CHG-06")
def test_from_an_order_on(story: Story) -> None:
    old = (story.floor.revision, story.floor.instruction)
    before, named = (order_now(story, release=False) for _ in range(2))
    text, way = story.next_instruction(), story.next_routing()
    change = story.ready(text, way, effectivity="order", effectivity_mark=named.number)
    story.releases(change)
    after = order_now(story, release=False)
    for order in (before, named, after):
        floor_services.release_order(order=order, actor=story.floor.planner)
    assert made_by(before) == old
    assert made_by(after) == (way, text)
    assert named.routing_revision == story.floor.revision, "the plan for open orders says that it finishes as it is"
    assert before.routing_hash == story.floor.revision.content_hash


@pytest.mark.requirement("CHG-06")
def test_from_a_lot_number_on(story: Story) -> None:
    old = (story.floor.revision, story.floor.instruction)
    first = story.floor.order(1)
    assert first.lot is not None
    figure = int(first.lot.number.rsplit("-", 1)[1])
    text, way = story.next_instruction(), story.next_routing()
    mark = f"LOT-{figure + 2:06d}"
    change = story.ready(text, way, effectivity="lot", effectivity_mark=mark, effectivity_material=story.floor.product)
    story.releases(change)
    assert "not_reached" in refused(
        perform, change, "close", actor=story.second, reason="Done.", signature=proof(story.second, "closed")
    )
    assert made_by(order_now(story)) == old
    reached = order_now(story)
    assert reached.lot is not None and reached.lot.number == mark
    assert made_by(reached) == (way, text)


@pytest.mark.requirement("CHG-06")
def test_from_a_serial_number_on(story: Story) -> None:
    text, way = story.next_instruction(), story.next_routing()
    change = story.ready(
        text, way, effectivity="serial", effectivity_mark="SN-3", effectivity_material=story.floor.product
    )
    story.releases(change)
    assert made_by(order_now(story))[0] == story.floor.revision
    pieces = floor_services.create_order(
        site=story.floor.site, material=story.floor.product, quantity=Decimal(3), actor=story.floor.planner
    )
    floor_services.release_order(order=pieces, actor=story.floor.planner)
    assert made_by(pieces) == (way, text), "its pieces reach the number"


@pytest.mark.requirement("CHG-06")
def test_when_the_stock_of_the_old_part_is_used_up(story: Story) -> None:
    part = story.floor.world.material()
    lot = story.floor.world.lot(5, part)
    text, way = story.next_instruction(), story.next_routing()
    change = story.ready(text, way, effectivity="used_up", effectivity_material=part)
    story.releases(change)
    assert made_by(order_now(story)) == (story.floor.revision, story.floor.instruction)
    scrap_stock(lot=lot, quantity=Decimal(5), location=story.floor.world.store, reason="Used up", actor=story.system)
    assert made_by(order_now(story)) == (way, text)


@pytest.mark.requirement("CHG-01")
def test_an_emergency_is_approved_after_its_release(story: Story) -> None:
    text = story.next_instruction()
    change = story.emergency(text)
    text.refresh_from_db()
    assert (change.status, text.status) == ("released", "effective")
    assert change.retrospective_due_at is not None
    assert dt.timedelta(days=4) <= change.retrospective_due_at - now() < dt.timedelta(days=9)
    order_now(story)
    sign: dict[str, Any] = {"actor": story.quality, "signature": proof(story.quality, "approved")}
    assert refused(perform, change, "approve_retrospectively", **sign) >= {"not_assessed", "suggestion_open"}
    assert refused(perform, change, "monitor", actor=story.system) == {"approval_missing"}
    assert "second_person" in refused(
        perform, change, "approve_retrospectively", actor=story.second, signature=proof(story.second, "approved")
    )
    story.answers_all(change)
    services.look_up(change=change, actor=story.owner)
    story.answers_all(change)
    story.assesses_all(change)
    perform(change, "approve_retrospectively", actor=story.quality, signature=proof(story.quality, "approved"))
    assert change.status == "monitoring"
    routine = story.released(story.next_routing())
    assert refused(perform, routine, "approve_retrospectively", **sign) >= {"state"}


@pytest.mark.requirement("CHG-01")
def test_an_emergency_without_approval_in_time_blocks_and_escalates(story: Story, time_machine_at: Clock) -> None:
    text, way = story.next_instruction(), story.next_routing()
    running, waiting = story.floor.order(1), order_now(story, release=False)
    change = story.submitted(text, way, urgency="emergency")
    story.decides(change)
    line = next(one for one in order_lines(change) if one.demand.order.pk == running.pk)
    services.decide_order(
        change=change, order_type=line.order_type, order=running.pk, decision="migrate", from_sequence=10,
        reason="Now.", actor=story.owner,
    )  # fmt: skip
    perform(
        change, "release_emergency", actor=story.second, reason="Now.",
        signature=proof(story.second, "approved_emergency"),
    )  # fmt: skip
    started = order_now(story)
    story.floor.start(story.floor.first(started))
    keep_time()
    change.refresh_from_db()
    assert change.escalated_at is None
    time_machine_at(in_days(12))
    keep_time()
    keep_time()
    asked = Assignment.objects.filter(title__contains="not approved in time", status="open")
    assert asked.count() == 1
    fresh = order_now(story, release=False)
    assert "change_late" in refused(floor_services.release_order, order=fresh, actor=story.floor.planner)
    running.refresh_from_db()
    assert "change_late" in refused(
        floor_services.start_operation, order_operation=story.floor.first(running), actor=story.floor.operator
    )
    floor_services.release_order(order=waiting, actor=story.floor.planner)
    assert made_by(waiting)[0] == story.floor.revision, "what does not use it goes on"
    story.answers_all(change)
    services.look_up(change=change, actor=story.owner)
    story.answers_all(change)
    story.assesses_all(change)
    perform(change, "approve_retrospectively", actor=story.quality, signature=proof(story.quality, "approved"))
    floor_services.release_order(order=fresh, actor=story.floor.planner)
    assert assessments_of(change).filter(status="reviewed").count() == 3


def temporary(story: Story, *revisions: Any, days: float = 3) -> ChangeOrder:
    """A temporary change in force."""
    return story.released(*revisions, is_temporary=True, expires_at=in_days(days))


@pytest.mark.requirement("CHG-12")
def test_a_temporary_change_returns_by_itself(story: Story, time_machine_at: Clock) -> None:
    old_text, old_way = story.floor.instruction, story.floor.revision
    text, way = story.next_instruction(), story.next_routing()
    change = temporary(story, text, way)
    sign: dict[str, Any] = {"actor": story.second, "reason": "Over.", "signature": proof(story.second, "closed")}
    assert "still_in_force" in refused(perform, change, "close", **sign)
    assert refused(perform, change, "return_to_previous", actor=story.system) == {"not_expired"}
    during = order_now(story)
    assert made_by(during) == (way, text)
    middle = now()
    time_machine_at(in_days(4))
    keep_time()
    for record in (old_text, old_way, text, way, change):
        record.refresh_from_db()
    assert (old_text.status, old_way.status) == ("effective", "effective")
    assert (text.status, way.status, change.status) == ("superseded", "superseded", "returned")
    assert made_by(order_now(story)) == (old_way, old_text)
    assert effective_revision(old_text.document, at=middle) == text, "who asks later reads what counted meanwhile"
    assert effective_revision(old_text.document) == old_text
    assert ChangeRelease.objects.filter(change=change, kind="return").exists()
    assert refused(
        perform, change, "close", actor=story.second, reason="Over.", signature=proof(story.second, "closed")
    ) == {"old_in_use"}
    floor_services.cancel_order(order=during, actor=story.floor.planner, reason="Not needed.")
    perform(change, "close", actor=story.second, reason="Over.", signature=proof(story.second, "closed"))


@pytest.mark.requirement("CHG-12")
def test_a_temporary_change_has_an_end_and_ends_nothing_for_good(story: Story) -> None:
    ended = story.procedure()
    change = story.raised(is_temporary=True)
    story.names(change, ended, "obsolete")
    story.writes(change)
    assert refused(perform, change, "submit", actor=story.requester) == {"no_expiry", "temporary_obsolete"}


@pytest.mark.requirement("CHG-12")
def test_it_is_extended_before_it_expires_by_another_person(story: Story, time_machine_at: Clock) -> None:
    change = temporary(story, story.next_instruction())
    extend: dict[str, Any] = {"change": change, "expires_at": in_days(10)}
    by: dict[str, Any] = {"actor": story.second, "signature": proof(story.second, "approved")}
    assert refused(services.extend_change, **extend, **by, reason=" ") == {"reason"}
    assert refused(services.extend_change, **{**extend, "expires_at": in_days(1)}, **by, reason="More.") == {
        "not_later"
    }
    services.extend_change(**extend, **by, reason="The part is late.")
    assert ChangeExtension.objects.get(change=change).reason == "The part is late."
    time_machine_at(in_days(5))
    keep_time()
    change.refresh_from_db()
    assert change.status == "monitoring"
    time_machine_at(in_days(11))
    late: dict[str, Any] = {"change": change, "expires_at": in_days(20), "reason": "More."}
    assert refused(services.extend_change, **late, actor=story.second, signature=proof(story.second, "approved")) == {
        "expired"
    }
    permanent = story.released(story.next_routing())
    assert refused(
        services.extend_change, change=permanent, expires_at=in_days(40), reason="More.", actor=story.second,
        signature=proof(story.second, "approved"),
    ) == {"not_temporary"}  # fmt: skip


@pytest.mark.requirement("CHG-12")
def test_a_return_that_is_refused_blocks_and_tells(story: Story, time_machine_at: Clock) -> None:
    old = story.floor.revision
    way = story.next_routing()
    change = temporary(story, way)
    time_machine_at(in_days(4))
    with mock.patch.object(guards, "content_hash", lambda revision: "other"):
        keep_time()
    change.refresh_from_db()
    way.refresh_from_db()
    assert (change.status, way.status) == ("monitoring", "effective")
    assert change.return_refused_at is not None
    asked = Assignment.objects.filter(subject_id=change.pk, title__contains="could not return", status="open")
    assert asked.count() == 1
    fresh = order_now(story, release=False)
    with pytest.raises(Blocked) as late:
        floor_services.release_order(order=fresh, actor=story.floor.planner)
    assert late.value.codes == ("change_late",)
    make_move(fresh, "cancel", actor=story.floor.planner, reason="Wait.")
    services.return_to_previous(change=change, actor=story.system)
    old.refresh_from_db()
    assert old.status == "effective"


@pytest.mark.requirement("CHG-12")
def test_what_is_newer_than_a_temporary_revision_stays(story: Story, time_machine_at: Clock) -> None:
    text = story.next_instruction()
    change = temporary(story, text)
    newer = story.next_instruction()
    perform(newer, "make_effective", actor=story.quality)
    time_machine_at(in_days(4))
    keep_time()
    change.refresh_from_db()
    newer.refresh_from_db()
    assert (change.status, newer.status) == ("returned", "effective")
