"""Other lots are answered one by one, duplicates become one record, and records are handed to another owner."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.kernel.errors import Blocked
from core.worklist.models import Assignment
from qms.nonconformance import services
from qms.nonconformance.models import NonConformance, OtherLot
from qms.nonconformance.queries import possibly_affected
from tests.qms.nonconformance.conftest import Case, seen
from tests.support.people import proof
from tests.support.stock import held_quantity
from traceability.models import Hold, Lot
from traceability.services import link


def _state() -> tuple[object, ...]:
    return (
        list(NonConformance.objects.order_by("pk").values_list("pk", "status", "row_version")),
        list(OtherLot.objects.order_by("pk").values_list("pk", "answer", "row_version")),
        list(Hold.objects.order_by("pk").values_list("pk", "status", "quantity")),
    )


@pytest.mark.requirement("DEV-04")
def test_other_lots_come_from_the_genealogy_and_are_answered_line_by_line(case: Case) -> None:
    world = case.world
    steel, ours, sibling, made, stranger = (world.lot(100) for _ in range(5))
    for child in (ours, sibling):
        link(parent_lot=steel, child_lot=child, quantity=Decimal(5), uom=world.each, actor=world.system)
    link(parent_lot=ours, child_lot=made, quantity=Decimal(1), uom=world.each, actor=world.system)
    found = case.opened((ours, 10), kind="deviation")
    assert possibly_affected(found) == {steel.pk: "component", sibling.pk: "sibling", made.pk: "made_of_it"}
    lines = {line.lot: line for line in found.other_lots.all()}
    assert set(lines) == {steel, sibling, made}
    assert stranger not in lines

    def answer(lot: Lot, given: str, why: str = "Measured 5 of 100: good", **values: str) -> OtherLot:
        return services.answer_other_lot(
            line=lines[lot],
            answer=given,
            rationale=why,
            actor=case.engineer,
            **values,
        )

    before = _state()
    with pytest.raises(Blocked) as caught:
        answer(steel, "not_affected", " ")
    assert caught.value.codes == ("rationale",)
    assert _state() == before
    answer(steel, "not_affected")
    with pytest.raises(Blocked) as caught:
        answer(steel, "affected")
    assert caught.value.codes == ("reason_missing",)
    answer(made, "not_affected")

    services.answer_recurrence(nonconformance=found, recurrence="no", note="New", actor=case.engineer)
    case.contain(found)
    services.send_to_review(nonconformance=found, actor=case.engineer)
    answer(sibling, "affected", "The same mark")
    assert Hold.objects.get(lot=sibling, status="open").quantity is None
    item = found.items.get(lot=sibling)
    assert (item.quantity, item.hold is not None) == (None, True)
    with pytest.raises(Blocked) as caught:
        answer(sibling, "not_affected", reason="Looked again")
    assert caught.value.codes == ("held",)


@pytest.mark.requirement("DEV-04")
def test_nothing_is_closed_while_a_line_is_unanswered(case: Case) -> None:
    world = case.world
    steel, ours = world.lot(100), world.lot(100)
    link(parent_lot=steel, child_lot=ours, quantity=Decimal(5), uom=world.each, actor=world.system)
    found = case.under_review((ours, 10))
    (line,) = services.list_other_lots(nonconformance=found, actor=case.engineer)
    assert services.list_other_lots(nonconformance=found, actor=case.engineer) == []
    case.approve(case.propose(found.items.get(), "scrap", 10))
    services.state_cause(nonconformance=found, cause="Worn tool", actor=case.engineer)
    case.without_capa(found)

    def close() -> None:
        services.close_nonconformance(
            nonconformance=found, actor=case.engineer, signature=proof(case.engineer, "closed")
        )

    before = _state()
    with pytest.raises(Blocked) as caught:
        close()
    assert caught.value.codes == ("other_lots",)
    assert _state() == before
    services.answer_other_lot(line=line, answer="not_affected", rationale="Certificate", actor=case.engineer)
    close()
    found.refresh_from_db()
    assert found.status == "closed"


@pytest.mark.requirement("NC-13")
def test_a_duplicate_is_merged_and_nothing_is_free_in_between(case: Case) -> None:
    both, only = case.world.lot(100), case.world.lot(50)
    stays = case.opened((both, 10))
    duplicate = case.opened((both, 25), (only, 5))
    services.merge_nonconformance(
        nonconformance=duplicate, into=stays, reason="Reported twice", actor=case.engineer,
        signature=proof(case.engineer, "hold_released"),
    )  # fmt: skip
    duplicate.refresh_from_db()
    assert (duplicate.status, duplicate.merged_into) == ("cancelled", stays)
    assert {item.lot: item.quantity for item in stays.items.all()} == {both: Decimal(25), only: Decimal(5)}
    assert seen(held_quantity(both), held_quantity(only)) == (25, 5)
    assert not duplicate.items.filter(hold__status="open").exists()


@pytest.mark.requirement("NC-13")
def test_what_is_decided_closed_or_the_same_is_not_merged(case: Case) -> None:
    lot = case.world.lot(100)
    stays, decided = case.opened((lot, 10)), case.under_review((lot, 10))
    case.approve(case.propose(decided.items.get(), "scrap", 4))
    for record, into, code in ((decided, stays, "decided"), (stays, stays, "itself")):
        before = _state()
        with pytest.raises(Blocked) as caught:
            services.merge_nonconformance(
                nonconformance=record, into=into, reason="Twice", actor=case.engineer,
                signature=proof(case.engineer, "hold_released"),
            )  # fmt: skip
        assert code in caught.value.codes
        assert _state() == before
    other = case.opened((lot, 30))
    for actor, code in ((case.operator, "permission"), (case.engineer, "signature_required")):
        before = _state()
        with pytest.raises(Blocked) as caught:
            services.merge_nonconformance(nonconformance=other, into=stays, reason="Twice", actor=actor, signature=None)
        assert caught.value.codes == (code,)
        assert _state() == before


@pytest.mark.requirement("NC-17")
def test_a_new_owner_gets_the_open_work(case: Case) -> None:
    found = case.opened((case.world.lot(10), 4))
    services.assign_owner(nonconformance=found, owner=case.second, actor=case.engineer)
    found.refresh_from_db()
    assert found.owner == case.second
    assert Assignment.objects.get(subject_id=found.pk, kind="review", status="open").to_user == case.second
    with pytest.raises(Blocked) as caught:
        services.assign_owner(nonconformance=found, owner=case.operator, actor=case.engineer)
    assert caught.value.codes == ("owner_right",)
    found.refresh_from_db()
    assert found.owner == case.second


@pytest.mark.requirement("NC-14")
def test_where_it_was_found_where_it_escaped_and_why(case: Case) -> None:
    found = case.raised((case.world.lot(10), 4), detection_point="final")
    services.triage_nonconformance(
        nonconformance=found, severity="major", defect_code=case.code, owner=case.engineer,
        escape_point="incoming", actor=case.engineer,
    )  # fmt: skip
    services.state_cause(nonconformance=found, cause="Burr", cause_category="machine", actor=case.engineer)
    found.refresh_from_db()
    assert (found.detection_point, found.escape_point, found.cause_category) == ("final", "incoming", "machine")
