"""Where affected goods are is known when a nonconformance is opened, and answered place by place against a clock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.worklist.models import Assignment
from qms.nonconformance import services
from qms.nonconformance.models import ContainmentCheck, NonConformance
from qms.nonconformance.queries import not_contained_in_time
from tests.qms.nonconformance.conftest import Case, contain
from tests.qms.nonconformance.test_views import post, signed_in, url
from tests.traceability.goods import leads, shipped
from traceability.models import Hold

pytestmark = pytest.mark.requirement("NC-07")


def answered(check: ContainmentCheck, actor: Any, result: str = "contained", **values: Any) -> ContainmentCheck:
    return services.answer_containment(
        **{"check": check, "result": result, "evidence": "Counted by Eva", "actor": actor, **values}
    )


def refused(check: ContainmentCheck, actor: Any, result: str, **values: Any) -> tuple[str, ...]:
    def state() -> list[Any]:
        lines = ContainmentCheck.objects.order_by("pk").values_list("pk", "row_version", "result")
        return [*lines, *NonConformance.objects.order_by("pk").values_list("pk", "row_version", "contained_at")]

    before = state()
    with pytest.raises(Blocked) as caught:
        answered(check, actor, result, **values)
    assert state() == before
    assert all(blocker.remedy for blocker in caught.value.blockers)
    return tuple(caught.value.codes)


def test_the_places_are_known_when_it_is_opened(case: Case) -> None:
    world = case.world
    lot, made = world.lot(100), world.lot(7)
    shipped(world, leads(world), lot, 30)
    world.link(lot, made, 3)
    found = case.opened((lot, 100))
    seen = {
        (check.where, check.thing.pk, check.quantity, check.is_made_of_it) for check in found.containment_checks.all()
    }
    assert seen == {
        ("stock", lot.pk, Decimal(70), False),
        ("shipped", lot.pk, Decimal(30), False),
        ("stock", made.pk, Decimal(7), True),
    }
    assert (found.contain_by, found.contained_at) == (found.reported_at + dt.timedelta(hours=24), None)
    asked = Assignment.objects.get(subject_id=found.pk, kind="action", status="open")
    assert asked.due_at == found.contain_by and asked.to_user == case.engineer
    assert services.look_for_places(nonconformance=found, actor=case.engineer) == []


def test_nothing_is_reviewed_before_every_place_is_answered(case: Case) -> None:
    lot = case.world.lot(100)
    shipped(case.world, leads(case.world), lot, 30)
    found = case.opened((lot, 10))
    services.answer_recurrence(nonconformance=found, recurrence="no", actor=case.engineer)
    stock, sent = (found.containment_checks.get(where=where) for where in ("stock", "shipped"))
    assert refused(stock, case.engineer, "told") == ("result",)
    assert refused(sent, case.engineer, "contained") == ("result",)
    assert refused(stock, case.engineer, "contained", evidence=" ") == ("evidence",)
    assert refused(stock, case.operator, "contained") == ("permission",)
    answered(stock, case.engineer)
    with pytest.raises(Blocked) as caught:
        services.send_to_review(nonconformance=found, actor=case.engineer)
    assert caught.value.codes == ("containment",)
    found.refresh_from_db()
    assert (found.status, found.contained_at) == ("open", None)
    answered(sent, case.engineer, "told")
    assert refused(sent, case.engineer, "not_affected") == ("reason_missing",)
    found.refresh_from_db()
    assert found.contained_at is not None
    assert not Assignment.objects.filter(subject_id=found.pk, kind="action", status="open").exists()
    services.send_to_review(nonconformance=found, actor=case.engineer)


def test_set_apart_means_held(case: Case) -> None:
    """A word is no evidence of a hold: what was made of it and is free is not contained (ISO 13485 8.3.1)."""
    lot, made = case.world.lot(10), case.world.lot(7)
    case.world.link(lot, made, 3)
    found = case.opened((lot, 10))
    line = found.containment_checks.get(lot=made)
    assert not Hold.objects.filter(lot=made, status="open").exists()
    assert refused(line, case.engineer, "contained") == ("not_held",)
    services.add_affected_item(nonconformance=found, lot=made, quantity=Decimal(7), actor=case.engineer)
    answered(line, case.engineer)


def test_a_lot_that_is_named_later_opens_it_again(case: Case) -> None:
    found = case.under_review((case.world.lot(10), 10))
    first = found.contained_at
    assert first is not None
    line = case.propose(found.items.get(), "scrap", 10)
    item = services.add_affected_item(
        nonconformance=found, lot=case.world.lot(5), quantity=Decimal(5), actor=case.engineer
    )
    found.refresh_from_db()
    assert found.contained_at is None
    case.approve(line)
    case.approve(case.propose(item, "repair", 5))
    found.refresh_from_db()
    assert found.status == "under_review"  # all is decided, but one place was not looked at
    contain(found, case.engineer)
    assert found.status == "dispositioned" and found.contained_at is not None


def test_late_is_late_for_ever(case: Case) -> None:
    code = services.create_defect_code(code="FAST", name="Quick", containment_hours=2, actor=case.engineer)
    quick, slow = case.opened((case.world.lot(10), 10), defect_code=code), case.opened((case.world.lot(10), 10))
    nothing = case.opened(kind="deviation")
    assert nothing.contained_at is not None  # nothing of it is anywhere
    late = NonConformance.objects.filter
    assert not late(not_contained_in_time()).exists()
    with time_machine.travel(now() + dt.timedelta(hours=3), tick=True):
        assert list(late(not_contained_in_time())) == [quick]
        contain(quick, case.engineer)
        contain(slow, case.engineer)
        assert list(late(not_contained_in_time())) == [quick]


def test_a_draft_has_no_places_and_a_cancelled_one_asks_nobody(case: Case) -> None:
    found = case.raised((case.world.lot(10), 10))
    with pytest.raises(Blocked) as caught:
        services.look_for_places(nonconformance=found, actor=case.engineer)
    assert caught.value.codes == ("not_open",)
    assert not found.containment_checks.exists()
    opened = case.opened((case.world.lot(10), 10))
    services.cancel_nonconformance(
        nonconformance=opened,
        actor=case.engineer,
        reason="None",
        signature=case.sign(case.engineer, "hold_released"),
    )
    assert not Assignment.objects.filter(subject_id=opened.pk, status="open").exists()


def test_its_pages_show_and_answer_the_places(case: Case) -> None:
    found = case.opened((case.world.lot(10), 10))
    [check] = found.containment_checks.all()
    desk = signed_in(case.engineer)
    part = desk.get(found.get_absolute_url(), {"part": "containment"})
    assert "Not contained yet" in part.content.decode() and "STOCK" in part.content.decode()
    page = url("containmentcheck_answer", check.pk)
    assert "What was found there?" in desk.get(page).content.decode()
    bad = post(desk, page, result="told", evidence="x")
    assert bad.status_code in (409, 422)
    done = post(desk, page, result="contained", evidence="10 pieces counted by Eva")
    assert done.status_code == 302, done.content.decode()
    late = desk.get(url("nonconformance_list"), {"containment": "open"}).content.decode()
    assert found.number not in late
    assert post(desk, url("nonconformance_places", found.pk)).status_code == 302
