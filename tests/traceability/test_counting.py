"""Stock counts: what people find in a place, approved by somebody who did not count, booked as the difference."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.gs1 import build
from core.lifecycle.models import Transition
from core.lifecycle.services import perform
from tests.api.conftest import MAKE, program_of
from tests.support.people import make_user, proof
from tests.support.stock import issue_stock
from tests.support.visits import visit_as
from tests.traceability.refusals import refused
from tests.traceability.test_races import at_once
from tests.traceability.test_views import ALL, MOST_STATEMENTS
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Lot, StockCount, StockCountLine, StockMovement
from traceability.queries import on_hand

COUNTS = ("traceability.view_stockcount", "traceability.count_stockcount")


@pytest.fixture
def counter(world: World) -> Any:
    """Somebody who counts."""
    return make_user(site=world.site, permissions=COUNTS)


@pytest.fixture
def approver(world: World) -> Any:
    """Somebody who approves, and may count too."""
    return make_user(site=world.site, permissions=(*COUNTS, "traceability.approve_stockcount"))


def begin(world: World, counter: Any) -> StockCount:
    return services.begin_count(location=world.store, actor=counter)


def counted(count: StockCount, lot: Lot, quantity: Any, actor: Any, reason: str = "") -> StockCountLine:
    return services.record_count(count=count, lot=lot, counted=Decimal(quantity), reason=reason, actor=actor)


def book(count: StockCount, actor: Any) -> Any:
    return perform(count, "book", actor=actor, signature=proof(actor, "approved"))


def text_of(answer: Any) -> str:
    """What the page says."""
    return str(answer.content.decode())


@pytest.mark.requirement("STC-01")
def test_what_was_counted_is_booked_as_the_difference(world: World, counter: Any, approver: Any) -> None:
    less, more, same, new = world.lot(10), world.lot(10), world.lot(10), world.lot(0)
    count = begin(world, counter)
    for lot, quantity in ((less, 7), (more, 12), (same, 10), (new, 3)):
        counted(count, lot, quantity, counter)
    perform(count, "submit", actor=counter)
    assert [on_hand(lot, world.store) for lot in (less, more, same, new)] == [10, 10, 10, 0]
    book(count, approver)
    assert [on_hand(lot, world.store) for lot in (less, more, same, new)] == [7, 12, 10, 3]
    booked = StockMovement.objects.filter(kind="adjust").order_by("lot_id")
    assert [(one.quantity, one.source, one.actor) for one in booked] == [
        (3, count, approver), (2, count, approver), (3, count, approver)
    ]  # fmt: skip
    lines = {line.lot_id: line for line in count.lines.all()}
    assert lines[less.pk].movement == booked[0] and lines[same.pk].movement is None
    assert count.status == "booked"


@pytest.mark.requirement("STC-01")
def test_what_is_used_between_counting_and_booking_stays_used(world: World, counter: Any, approver: Any) -> None:
    lot = world.lot(10)
    count = begin(world, counter)
    counted(count, lot, 9, counter)
    perform(count, "submit", actor=counter)
    issue_stock(lot=lot, quantity=Decimal(4), actor=world.operator, location=world.store)
    book(count, approver)
    assert on_hand(lot, world.store) == 5


@pytest.mark.requirement("STC-02")
def test_nobody_approves_what_they_counted(world: World, counter: Any, approver: Any) -> None:
    lot = world.lot(10)
    count = begin(world, counter)
    counted(count, lot, 8, approver)
    counted(count, lot, 9, counter, reason="one lay behind")
    perform(count, "submit", actor=counter)
    with refused("own_count"):
        book(count, approver)
    with refused("permission", "own_count"):
        book(count, counter)
    with refused("signature_required"):
        perform(count, "book", actor=make_user(site=world.site, permissions=("traceability.approve_stockcount",)))
    assert on_hand(lot) == 10


@pytest.mark.requirement("STC-02")
def test_everything_that_should_lie_there_is_counted(world: World, counter: Any) -> None:
    lot, other = world.lot(10), world.lot(10)
    world.unit(world.lot(0, world.material(tracking="serial")))
    count = begin(world, counter)
    counted(count, lot, 10, counter)
    with refused("not_counted"):
        perform(count, "submit", actor=counter)
    counted(count, other, 0, counter)
    perform(count, "submit", actor=counter)
    assert count.status == "submitted"


@pytest.mark.requirement("STC-03")
def test_what_is_missing_is_not_booked_away_from_under_a_hold(world: World, counter: Any, approver: Any) -> None:
    whole, part = world.lot(10), world.lot(10)
    count = begin(world, counter)
    counted(count, whole, 9, counter)
    counted(count, part, 4, counter)
    perform(count, "submit", actor=counter)
    services.place_hold(lot=whole, reason="dull", actor=world.operator)
    services.place_hold(lot=part, quantity=Decimal(5), reason="dull", actor=world.operator)
    with refused("hold", "held"):
        book(count, approver)
    assert (on_hand(whole), on_hand(part)) == (10, 10)


@pytest.mark.requirement("STC-03")
def test_what_was_taken_meanwhile_is_counted_again(world: World, counter: Any, approver: Any) -> None:
    lot = world.lot(10)
    count = begin(world, counter)
    counted(count, lot, 2, counter)
    perform(count, "submit", actor=counter)
    issue_stock(lot=lot, quantity=Decimal(5), actor=world.operator, location=world.store)
    with refused("place"):
        book(count, approver)
    perform(count, "count_again", actor=approver, reason="taken meanwhile")
    with refused("reason"):
        counted(count, lot, 5, counter)
    counted(count, lot, 5, counter, reason="counted anew")
    perform(count, "submit", actor=counter)
    book(count, approver)
    assert on_hand(lot) == 5
    assert not StockMovement.objects.filter(kind="adjust").exists()


@pytest.mark.requirement("STC-01")
def test_a_count_is_refused_in_words(world: World, counter: Any) -> None:
    lot, elsewhere, serial = world.lot(10), make_world().lot(10), world.lot(0, world.material(tracking="serial"))
    count = begin(world, counter)
    with refused("open_count"):
        begin(world, counter)
    with refused("site"):
        counted(count, elsewhere, 1, counter)
    with refused("serial"):
        counted(count, serial, 1, counter)
    with refused("quantity"):
        counted(count, lot, -1, counter)
    with refused("fraction"):
        counted(count, lot, "1.5", counter)
    with refused("permission"):
        counted(count, lot, 1, world.operator)
    perform(count, "cancel", actor=counter, reason="wrong place")
    with refused("count_status"):
        counted(count, lot, 1, counter)
    assert not count.lines.exists()
    assert begin(world, counter).status == "counting", "the place is free again"


@pytest.mark.requirement("STC-01")
def test_two_people_do_not_both_begin(plant: str) -> None:
    world = make_world()
    people = [make_user(site=world.site, permissions=COUNTS) for _ in range(2)]

    def act(number: int) -> None:
        services.begin_count(location=world.store, actor=people[number])

    assert sorted(at_once(2, act)) == ["done", "open_count"]
    assert StockCount.objects.filter(location=world.store).count() == 1


# --- Doors ------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("STC-01", "STC-02")
def test_the_pages_lead_through_a_count_without_telling_what_is_expected(world: World, approver: Any) -> None:
    lot, other = world.lot(777), world.lot(10)
    desk = visit_as(make_user(site=world.site, permissions=ALL))
    desk.post(reverse("traceability:stockcount_create"), {"location": world.store.code})
    count = StockCount.objects.get()
    add = reverse("traceability:stockcountline_create", args=[count.pk])
    page = text_of(desk.get(count.get_absolute_url()))
    assert "Still to be counted" in page and lot.number in page and ">777&nbsp;" not in page
    assert f'value="{lot.number}"' in text_of(desk.get(f"{add}?lot={lot.number}"))
    desk.post(add, {"lot": lot.number, "counted": "776"})
    assert "There is no lot" in text_of(desk.post(add, {"lot": "NONE", "counted": "1"}))
    assert "was not counted" in text_of(desk.get(reverse("traceability:stockcount_move", args=[count.pk, "submit"])))
    desk.post(add, {"lot": other.number, "counted": "10"})
    desk.post(reverse("traceability:stockcount_move", args=[count.pk, "submit"]), {})
    with CaptureQueriesContext(connection) as asked:
        page = text_of(desk.get(count.get_absolute_url()))
    assert len(asked) <= MOST_STATEMENTS
    assert ">777&nbsp;" in page
    assert "-1" in page or "−1" in page
    assert "You counted here yourself" in text_of(
        desk.get(reverse("traceability:stockcount_move", args=[count.pk, "book"]))
    )


@pytest.mark.requirement("STC-01")
def test_a_lot_is_counted_by_its_label(world: World) -> None:
    lot = world.lot(5, world.material(gtin="09506000134352"), number="SAME")
    world.lot(5, number="SAME")
    desk = visit_as(make_user(site=world.site, permissions=ALL))
    desk.post(reverse("traceability:stockcount_create"), {"location": world.store.code})
    add = reverse("traceability:stockcountline_create", args=[StockCount.objects.get().pk])
    assert "Several materials" in text_of(desk.post(add, {"lot": "SAME", "counted": "5"}))
    assert "check digit" in text_of(desk.post(add, {"lot": "(01)09506000134353(10)SAME", "counted": "5"}))
    desk.post(add, {"lot": build([("01", "09506000134352"), ("10", "SAME")]).raw(), "counted": "5"})
    assert StockCountLine.objects.get().lot == lot


def test_the_list_keeps_to_its_statements(world: World, counter: Any, client: Client) -> None:
    for place in (world.store, world.production, world.quarantine):
        services.begin_count(location=place, actor=counter)
    desk = visit_as(make_user(site=world.site, permissions=ALL))
    with CaptureQueriesContext(connection) as asked:
        page = text_of(desk.get(reverse("traceability:stockcount_list")))
    assert len(asked) <= MOST_STATEMENTS
    assert page.count("COUNT-00000") >= 3


# --- One lot; units ---------------------------------------------------------------------------------------------------


@pytest.mark.requirement("STC-04")
def test_a_correction_of_one_lot_waits_for_a_second_person(world: World, counter: Any, approver: Any) -> None:
    lot, _other = world.lot(10), world.lot(5)
    given: dict[str, Any] = {"lot": lot, "location": world.store, "actor": counter}
    with refused("reason"):
        services.count_lot(**given, counted=Decimal(8), reason=" ")
    with refused("no_difference"):
        services.count_lot(**given, counted=Decimal(10), reason="Looked")
    count = services.count_lot(**given, counted=Decimal(8), reason="Two broke")
    assert (count.status, count.lot, on_hand(lot)) == ("submitted", lot, 10)
    with refused("open_count"):
        services.count_lot(**given, counted=Decimal(7), reason="Again")
    services.begin_count(location=world.store, actor=counter)
    book(count, approver)
    assert on_hand(lot) == 8


@pytest.mark.requirement("STC-04")
@pytest.mark.parametrize("door", ["screen", "api"])
def test_the_page_of_a_lot_and_the_api_hand_a_count_in(world: World, door: str) -> None:
    lot, person = world.lot(10), make_user(site=world.site, permissions=(*ALL, MAKE))
    sent = {"any_location": world.store.pk, "counted": "9", "reason": "One broke"}
    if door == "screen":
        answer: Any = visit_as(person).post(reverse("traceability:lot_count", args=[lot.pk]), sent)
        assert answer.status_code == 302, text_of(answer)
    else:
        answer = program_of(person).post(f"traceability/lots/{lot.pk}/count/", sent)
        assert answer.status_code < 300, text_of(answer)
    assert (StockCount.objects.get(lot=lot).status, on_hand(lot)) == ("submitted", 10)


@pytest.mark.requirement("STC-05")
def test_units_are_counted_by_scanning_each(world: World, counter: Any, approver: Any) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    here, missing, found = (world.unit(lot) for _ in range(3))
    services.move_stock(
        lot=lot, unit=found, quantity=Decimal(1), from_location=world.production, to_location=world.store,
        actor=world.operator,
    )  # fmt: skip
    count = services.begin_count(location=world.production, actor=counter)
    with refused("serial"):
        counted(count, lot, 1, counter)
    services.record_unit(count=count, unit=here, actor=counter)
    with refused("not_counted"):
        perform(count, "submit", actor=counter)
    services.record_unit(count=count, unit=missing, is_there=False, actor=counter)
    services.record_unit(count=count, unit=found, actor=counter)
    with refused("reason"):
        services.record_unit(count=count, unit=found, actor=counter)
    perform(count, "submit", actor=counter)
    book(count, approver)
    assert on_hand(lot, world.production) == 2 and on_hand(lot, world.store) == 0
    booked = list(count.lines.exclude(movement=None).order_by("pk").values_list("unit", "movement__kind"))
    assert booked == [(missing.pk, "adjust"), (found.pk, "move")]


@pytest.mark.requirement("STC-05")
def test_a_found_unit_that_is_gone_by_the_records_is_not_booked(world: World, counter: Any, approver: Any) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    unit, held = world.unit(lot, stocked=False), world.unit(lot)
    count = services.begin_count(location=world.production, actor=counter)
    services.record_unit(count=count, unit=unit, actor=counter)
    services.record_unit(count=count, unit=held, is_there=False, actor=counter)
    services.place_hold(unit=held, reason="Dull", actor=world.operator)
    perform(count, "submit", actor=counter)
    with refused("unit_gone", "hold"):
        book(count, approver)


@pytest.mark.requirement("STC-05")
@pytest.mark.parametrize("door", ["screen", "api"])
def test_a_unit_is_scanned_on_the_page_and_by_the_api(world: World, door: str) -> None:
    unit = world.unit(world.lot(0, world.material(tracking="serial")))
    person = make_user(site=world.site, permissions=(*ALL, MAKE))
    count = services.begin_count(location=world.production, actor=person)
    if door == "screen":
        desk = visit_as(person)
        assert f"Unit {unit} is not there" in text_of(desk.get(count.get_absolute_url()))
        add = reverse("traceability:stockcountline_create", args=[count.pk])
        assert "there or, with 0, not there" in text_of(desk.post(add, {"lot": unit.serial, "counted": "3"}))
        desk.post(add, {"lot": unit.serial, "counted": ""})
    else:
        answer = program_of(person).post(f"traceability/counts/{count.pk}/add/", {"lot": unit.serial})
        assert answer.status_code < 300, text_of(answer)
    line = StockCountLine.objects.get()
    assert (line.unit, line.expected, line.counted) == (unit, 1, 1)


@pytest.mark.requirement("RCV-05")
def test_what_comes_without_a_delivery_needs_a_reason(world: World) -> None:
    desk = visit_as(make_user(site=world.site, permissions=ALL))
    assert reverse("traceability:receipt_create") in text_of(desk.get(reverse("traceability:lot_list")))
    address, sent = reverse("traceability:lot_create"), {"site": world.site.pk, "quantity": "3"}
    sent["material"] = world.material().number
    assert "Take in without a delivery" in text_of(desk.get(address))
    assert desk.post(address, sent).status_code == 422
    assert desk.post(address, {**sent, "reason": "Found behind the rack"}).status_code == 302
    lot = Lot.objects.latest("pk")
    assert Transition.objects.get(subject_id=lot.pk, subject_type__model="lot").reason == "Found behind the rack"
