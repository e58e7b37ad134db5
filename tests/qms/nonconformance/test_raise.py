"""Raising: the record, its holds and the call for triage stand together, or nothing does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.files.queries import attachments_of
from core.kernel import wiring
from core.kernel.errors import Blocked
from core.worklist.models import Assignment
from qms.nonconformance import services
from qms.nonconformance.events import NonConformanceRaised
from qms.nonconformance.models import AffectedItem, NonConformance
from tests.qms.nonconformance.conftest import Case, seen
from tests.support.people import make_site, make_user
from tests.support.stock import held_quantity
from traceability.models import Hold
from traceability.queries import available


def _nothing_was_recorded() -> bool:
    return not (
        NonConformance.objects.exists()
        or AffectedItem.objects.exists()
        or Hold.objects.exists()
        or Assignment.objects.exists()
    )


@pytest.mark.requirement("ORD-07")
def test_a_raised_record_holds_exactly_what_is_affected(case: Case) -> None:
    lot = case.world.lot(100)
    unit = case.world.unit(case.world.lot(0))
    found = case.raised((lot, 30), (unit, None), context={"operation": "PO-1 · OP 20", "measured": "12.041 mm"})
    assert found.status == "draft"
    assert found.number == "NC-000001"
    assert found.reported_by == case.operator
    assert found.context == {"operation": "PO-1 · OP 20", "measured": "12.041 mm"}
    assert seen(held_quantity(lot), available(lot)) == (30, 70)
    items = list(found.items.all())
    assert [seen(item.lot, item.unit, item.quantity) for item in items] == [(lot, None, 30), (None, unit, 1)]
    assert all(item.hold and item.hold.status == "open" and item.hold.source == found for item in items)


def test_whoever_triages_is_asked_within_a_day(case: Case) -> None:
    found = case.raised((case.world.lot(), 1))
    work = Assignment.objects.get()
    assert (work.kind, work.to_permission, work.site, work.subject) == (
        "triage",
        "qms_nonconformance.triage_nonconformance",
        case.world.site,
        found,
    )
    assert work.due_at is not None
    assert (work.due_at - found.reported_at).total_seconds() == 24 * 3600


def test_upper_apps_hear_of_it(case: Case) -> None:
    heard: list[NonConformanceRaised] = []
    wiring.SUBSCRIBERS[NonConformanceRaised].append(heard.append)
    try:
        found = case.raised((case.world.lot(), 1))
    finally:
        wiring.SUBSCRIBERS[NonConformanceRaised].remove(heard.append)
    assert heard == [NonConformanceRaised(found.pk)]


def test_two_records_hold_one_lot_twice(case: Case) -> None:
    lot = case.world.lot(100)
    case.raised((lot, 30))
    case.raised((lot, 20))
    assert held_quantity(lot) == 50


def test_without_a_quantity_all_of_the_lot_is_held(case: Case) -> None:
    lot = case.world.lot(100)
    found = case.raised((lot, None))
    assert found.items.get().quantity is None
    assert available(lot) <= 0


def test_photos_belong_to_it(case: Case) -> None:
    from io import BytesIO

    from PIL import Image

    picture = BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    picture.name = "bore.png"
    found = case.raised((case.world.lot(), 1), photos=[picture])
    assert [(a.name, a.media_type) for a in attachments_of(found)] == [("bore.png", "image/png")]


def test_opened_at_once_it_has_an_owner_and_no_triage(case: Case) -> None:
    found = case.opened((case.world.lot(), 1))
    assert (found.status, found.owner) == ("open", case.engineer)
    asked = Assignment.objects.filter(status="open").values_list("kind", "to_user")
    assert set(asked) == {("review", case.engineer.pk), ("action", case.engineer.pk)}


def test_a_deviation_may_be_about_the_process_alone(case: Case) -> None:
    found = case.opened(kind="deviation")
    assert (found.number, found.status) == ("DEV-000001", "open")


@pytest.mark.requirement("ORD-07")
def test_nobody_raises_without_the_right(case: Case) -> None:
    stranger = make_user(site=case.world.site, permissions=("traceability.place_hold",))
    lot = case.world.lot()
    before = Assignment.objects.count()
    with pytest.raises(Blocked) as refused:
        case.raised((lot, 1), actor=stranger)
    assert refused.value.codes == ("permission",)
    assert Assignment.objects.count() == before
    assert _nothing_was_recorded()


def test_nothing_is_recorded_when_the_hold_cannot_be_placed(case: Case) -> None:
    lot = case.world.lot()
    blind = make_user(site=case.world.site, permissions=("qms_nonconformance.raise_nonconformance",))
    with pytest.raises(Blocked) as refused:
        case.raised((lot, 1), actor=blind)
    assert refused.value.codes == ("permission",)
    assert _nothing_was_recorded()


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_is_more_than_zero(case: Case, quantity: int) -> None:
    lot = case.world.lot()
    with pytest.raises(Blocked) as refused:
        case.raised((lot, quantity))
    assert refused.value.codes == ("quantity",)
    assert _nothing_was_recorded()


def test_a_lot_of_another_site_is_refused(case: Case) -> None:
    other = make_site()
    lot = case.world.lot()
    operator = make_user(site=other, permissions=("qms_nonconformance.raise_nonconformance", "traceability.place_hold"))
    with pytest.raises(Blocked) as refused:
        case.raised((lot, 1), site=other, actor=operator)
    assert refused.value.codes == ("other_site",)
    assert _nothing_was_recorded()


def test_a_lot_is_named_once(case: Case) -> None:
    lot = case.world.lot()
    with pytest.raises(Blocked) as refused:
        case.raised((lot, 1), (lot, 2))
    assert refused.value.codes == ("already_affected",)
    assert _nothing_was_recorded()


def test_opening_at_once_needs_what_opening_needs(case: Case) -> None:
    lot = case.world.lot()
    with pytest.raises(Blocked) as refused:
        case.opened((lot, 1), defect_code=None)
    assert refused.value.codes == ("defect_code",)
    assert _nothing_was_recorded()


def test_further_items_are_held_too(case: Case) -> None:
    first, second = case.world.lot(10), case.world.lot(10)
    found = case.opened((first, 5))
    services.add_affected_item(nonconformance=found, lot=second, quantity=Decimal(4), actor=case.engineer)
    assert held_quantity(second) == 4


def test_items_are_added_only_with_the_right_and_while_open(case: Case) -> None:
    lot, other = case.world.lot(10), case.world.lot(10)
    found = case.opened((lot, 10))
    with pytest.raises(Blocked) as refused:
        services.add_affected_item(nonconformance=found, lot=other, quantity=Decimal(1), actor=case.operator)
    assert refused.value.codes == ("permission",)
    closed = case.closed(case.world.lot(10))
    with pytest.raises(Blocked) as refused:
        services.add_affected_item(nonconformance=closed, lot=other, quantity=Decimal(1), actor=case.engineer)
    assert refused.value.codes == ("not_editable",)
    assert held_quantity(other) == 0


@pytest.mark.requirement("ORD-07")
def test_a_recount_is_signed_and_places_the_hold_anew(case: Case) -> None:
    lot = case.world.lot(100)
    found = case.opened((lot, 28))
    item = found.items.get()
    before = item.hold
    services.count_affected_item(
        item=item,
        quantity=Decimal(30),
        reason="Recount at the station",
        actor=case.engineer,
        signature=case.sign(case.engineer, "hold_released"),
    )
    item.refresh_from_db()
    assert item.quantity == 30
    assert item.hold != before
    assert held_quantity(lot) == 30
    assert item.history.latest("history_id").history_change_reason == "Recount at the station"


def test_the_first_count_needs_no_reason_and_a_correction_does(case: Case) -> None:
    lot = case.world.lot(100)
    found = case.opened((lot, None))
    item = found.items.get()

    def count(quantity: int) -> None:
        signature = case.sign(case.engineer, "hold_released")
        services.count_affected_item(
            item=item, quantity=Decimal(quantity), reason="", actor=case.engineer, signature=signature
        )

    count(12)
    item.refresh_from_db()
    assert seen(item.quantity, held_quantity(lot)) == (12, 12)
    with pytest.raises(Blocked) as refused:
        count(13)
    assert refused.value.codes == ("reason_missing",)
    item.refresh_from_db()
    assert seen(item.quantity, held_quantity(lot)) == (12, 12)


def test_a_recount_without_signature_reason_or_below_what_is_decided_changes_nothing(case: Case) -> None:
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    item = found.items.get()
    case.propose(item, "scrap", 10)

    def recount(quantity: int, reason: str, signature: object) -> tuple[str, ...]:
        with pytest.raises(Blocked) as refused:
            services.count_affected_item(
                item=item,
                quantity=Decimal(quantity),
                reason=reason,
                actor=case.engineer,
                signature=signature,  # type: ignore[arg-type]
            )
        return refused.value.codes

    assert recount(20, "Recount", None) == ("signature_required",)
    assert recount(20, " ", case.sign(case.engineer, "hold_released")) == ("reason_missing",)
    assert recount(9, "Recount", case.sign(case.engineer, "hold_released")) == ("quantity",)
    item.refresh_from_db()
    assert seen(item.quantity, held_quantity(lot)) == (30, 30)


def test_a_recount_belongs_to_lots_and_to_those_with_the_right(case: Case) -> None:
    unit = case.world.unit(case.world.lot(0))
    found = case.opened((unit, None))
    item = found.items.get()
    with pytest.raises(Blocked) as refused:
        services.count_affected_item(
            item=item, quantity=Decimal(2), reason="Recount", actor=case.engineer, signature=None
        )
    assert refused.value.codes == ("unit_is_one",)
    with pytest.raises(Blocked) as refused:
        services.count_affected_item(
            item=item, quantity=Decimal(2), reason="Recount", actor=case.operator, signature=None
        )
    assert refused.value.codes == ("permission",)
    item.refresh_from_db()
    assert item.quantity == 1
