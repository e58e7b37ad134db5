"""Goods arrive: in quarantine, with supplier, expiry and certificate, counted on the order; and what is refused."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.files.queries import attachments_of
from core.kernel.errors import Blocked
from core.organization.models import Partner, Site
from tests.api.conftest import MAKE, program_of
from tests.support.people import make_site, make_user, proof
from tests.support.stock import issue_stock
from tests.support.visits import visit_as
from tests.traceability.goods import delivered, kept, ordered, partner, receive
from tests.traceability.refusals import refused
from tests.traceability.test_races import at_once
from tests.traceability.test_views import ALL
from tests.traceability.world import World, make_world
from traceability import services
from traceability.forms.goods import GoodsForm
from traceability.models import Lot, PurchaseOrderLine, Receipt, StockMovement, StorageLocation
from traceability.queries import day_at, on_hand, state_of

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def arrived(line: PurchaseOrderLine) -> Decimal:
    """How much the line says arrived."""
    return PurchaseOrderLine.objects.get(pk=line.pk).received


@pytest.mark.requirement("RCV-01")
def test_what_an_order_expects_arrives_in_quarantine_and_is_counted(world: World) -> None:
    line = ordered(world)
    receipt = receive(world, line)
    lot = Lot.objects.get(pk=receipt.lot_id)
    assert (lot.status, lot.supplier_lot, lot.material_id) == ("quarantine", "S-77", line.material_id)
    assert (receipt.supplier, receipt.line, receipt.over_reason) == (line.order.supplier, line, "")
    assert (receipt.movement.kind, receipt.movement.to_location) == ("receipt", world.quarantine)
    assert (on_hand(lot), arrived(line)) == (4, 4)
    with refused("lot_status"):
        issue_stock(lot=lot, quantity=Decimal(1), actor=world.operator)


@pytest.mark.requirement("RCV-01")
def test_more_of_the_same_goes_into_the_same_lot_until_it_is_decided_about(world: World) -> None:
    line = ordered(world)
    first, second = receive(world, line), receive(world, line, quantity=Decimal(2))
    assert second.lot == first.lot
    assert (on_hand(first.lot), arrived(line)) == (6, 6)
    assert receive(world, line, supplier_lot="S-78", quantity=Decimal(1)).lot != first.lot
    tomorrow = day_at(world.site) + dt.timedelta(days=1)
    assert receive(world, line, expires_on=tomorrow, quantity=Decimal(1)).lot != first.lot
    assert receive(world, ordered(world, 10, line.material)).lot != first.lot, "another supplier"
    services.release_lot(lot=first.lot, actor=world.quality, signature=proof(world.quality, "released"))
    assert receive(world, line, quantity=Decimal(1)).lot != first.lot


@pytest.mark.requirement("RCV-01")
def test_without_an_order_a_delivery_names_supplier_and_material(world: World) -> None:
    material, supplier = world.material(), partner(world)
    receipt = services.receive_unordered(
        site=world.site, supplier=supplier, material=material, delivery=delivered(), actor=world.quality
    )
    assert (receipt.line, receipt.supplier, receipt.lot.status) == (None, supplier, "quarantine")
    assert on_hand(receipt.lot) == 4


@pytest.mark.requirement("RCV-01")
def test_the_certificate_lies_at_the_lot(world: World) -> None:
    receipt = receive(world, ordered(world), certificate=io.BytesIO(PDF))
    attachment = attachments_of(receipt.lot)[0]
    assert (attachment.media_type, attachment.caption) == ("application/pdf", "Certificate of the supplier's lot S-77")


@pytest.mark.requirement("RCV-01")
def test_a_refused_certificate_leaves_nothing(world: World) -> None:
    line = ordered(world)
    with refused("file_empty"):
        receive(world, line, certificate=io.BytesIO(b""))
    assert arrived(line) == 0


REFUSALS: list[tuple[str, Callable[[World], PurchaseOrderLine], dict[str, Any]]] = [
    ("more_than_ordered", lambda w: ordered(w, 3), {}),
    ("more_than_ordered", lambda w: ordered(w, 10, received=Decimal(7)), {"over_reason": "  "}),
    ("order_closed", lambda w: ordered(w, is_closed=True), {}),
    ("supplier", lambda w: ordered(w, supplier=partner(w, is_active=False)), {}),
    ("supplier", lambda w: ordered(w, supplier=partner(w, is_supplier=False, is_customer=True)), {}),
    ("fraction", lambda w: ordered(w), {"quantity": Decimal("1.5")}),
    ("quantity", lambda w: ordered(w), {"quantity": Decimal(0)}),
    ("supplier_lot", lambda w: ordered(w), {"supplier_lot": " "}),
    ("material_inactive", lambda w: ordered(w, material=unused(w)), {}),
    ("expired", lambda w: ordered(w), {"expires_on": dt.date(2020, 1, 1)}),
    ("expiry_missing", lambda w: ordered(w, material=w.material(shelf_life_days=30)), {}),
    ("shelf_life", lambda w: ordered(w, material=w.material(shelf_life_days=30)), {"expires_on": dt.date(2999, 1, 1)}),
]


def unused(world: World) -> Any:
    """A material that is no longer used."""
    material = world.material()
    material.is_active = False
    return kept(world, material)


@pytest.mark.requirement("RCV-02")
@pytest.mark.parametrize(
    ("code", "expected", "values"), REFUSALS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_what_may_not_come_in_is_refused_and_nothing_changes(
    world: World, code: str, expected: Callable[[World], PurchaseOrderLine], values: dict[str, Any]
) -> None:
    line = expected(world)
    before = arrived(line)
    with refused(code):
        receive(world, line, **values)
    assert (arrived(line), Receipt.objects.count()) == (before, 0)


@pytest.mark.requirement("RCV-02")
def test_every_reason_is_told_at_once(world: World) -> None:
    line = ordered(world, 3, is_closed=True, supplier=partner(world, is_active=False))
    with refused("supplier", "expired", "order_closed"):
        receive(world, line, expires_on=dt.date(2020, 1, 1))


@pytest.mark.requirement("RCV-02")
def test_the_last_day_of_use_is_no_expiry_and_the_whole_shelf_life_is_not_too_long(world: World) -> None:
    today = day_at(world.site)
    line = ordered(world, 10, world.material(shelf_life_days=30))
    for day in (today, today + dt.timedelta(days=30)):
        assert receive(world, line, expires_on=day).lot.expires_on == day


@pytest.mark.requirement("RCV-02")
def test_a_site_without_quarantine_takes_nothing_in(world: World) -> None:
    place = StorageLocation.objects.get(pk=world.quarantine.pk)
    place.is_active = False
    kept(world, place)
    with refused("no_quarantine"):
        receive(world, ordered(world))


@pytest.mark.requirement("RCV-02")
def test_more_than_was_ordered_needs_a_reason_that_is_kept(world: World) -> None:
    line = ordered(world, 3)
    receipt = receive(world, line, over_reason="A full pallet; purchasing agreed.")
    assert (receipt.over_reason, arrived(line)) == ("A full pallet; purchasing agreed.", 4)
    assert receive(world, ordered(world), over_reason="Not needed.").over_reason == ""


@pytest.mark.requirement("RCV-02")
def test_nobody_takes_in_without_the_right_there(world: World) -> None:
    line = ordered(world)
    stranger = make_user(site=make_site(), permissions=("traceability.create_lot",))
    for who in (world.operator, stranger):
        with pytest.raises(Blocked):
            services.receive_ordered(line=line, delivery=delivered(), actor=who)
        with pytest.raises(Blocked):
            services.receive_unordered(
                site=world.site,
                supplier=line.order.supplier,
                material=line.material,
                delivery=delivered(),
                actor=who,
            )
    assert (arrived(line), Lot.objects.filter(material=line.material).count()) == (0, 0)


@pytest.mark.requirement("RCV-03")
def test_the_same_entry_twice_is_one_receipt(world: World) -> None:
    line, once = ordered(world), uuid.uuid4()
    first, again = (receive(world, line, client_id=once) for _ in range(2))
    assert (first, arrived(line)) == (again, 4)
    with refused("client_id"):
        receive(world, ordered(world), client_id=once)
    supplier, twice = partner(world), uuid.uuid4()
    found = {
        services.receive_unordered(
            site=world.site,
            supplier=supplier,
            material=line.material,
            delivery=delivered(client_id=twice),
            actor=world.quality,
        ).pk
        for _ in range(2)
    }
    assert len(found) == 1


@pytest.mark.requirement("RCV-03")
def test_two_people_do_not_both_receive_the_last_of_an_order(plant: str) -> None:
    world = make_world()
    line = ordered(world, 4)
    outcomes = at_once(2, lambda number: receive(world, line, supplier_lot=f"S-{number}"))
    assert sorted(outcomes) == ["done", "more_than_ordered"]
    assert (arrived(line), StockMovement.objects.filter(lot__material=line.material).count()) == (4, 1)


@pytest.mark.requirement("RCV-01", "RCV-02")
def test_the_page_takes_in_what_is_scanned(world: World) -> None:
    line = ordered(world, number="PO-7001")
    desk = visit_as(make_user(site=world.site, permissions=(
        "traceability.view_lot", "traceability.create_lot", "traceability.view_purchaseorder",
        "core_organization.view_partner",
    )))  # fmt: skip
    address = reverse("traceability:receipt_create")
    shown = desk.get(line.get_absolute_url()).content.decode()
    assert f"{address}?site={world.site.pk}&amp;line=PO-7001" in shown
    opened = desk.get(address, {"site": str(world.site.pk), "line": str(line)}).content.decode()
    assert 'value="PO-7001 · 10"' in opened
    sent = {"site": world.site.pk, "line": "PO-7001", "quantity": "11", "supplier_lot": "S-9"}
    answer = desk.post(address, {**sent, "client_id": str(uuid.uuid4())})
    assert answer.status_code == 409
    assert "would be more than was ordered" in answer.content.decode()
    certificate = SimpleUploadedFile("coa.pdf", PDF, "application/pdf")
    answer = desk.post(address, {**sent, "quantity": "6", "certificate": certificate, "client_id": str(uuid.uuid4())})
    assert answer.status_code == 302, answer.content.decode()
    lot = Lot.objects.get(supplier_lot="S-9")
    assert answer["Location"] == lot.get_absolute_url()
    assert line.order.supplier.name in desk.get(lot.get_absolute_url()).content.decode()
    assert "S-9" in desk.get(reverse("traceability:receipt_list")).content.decode()


@pytest.mark.requirement("RCV-02")
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Needed without a purchase order."),
        ({"line": "PO-NONE"}, "There is no such line"),
        ({"line": "PO-7002"}, "Several lines of PO-7002 are open"),
        ({"line": "PO-7002 · 20", "supplier": "V"}, "leave these empty"),
        ({"supplier": "NOBODY"}, "no partner with this code"),
    ],
)
def test_the_page_says_what_is_wrong_with_the_entry(world: World, values: dict[str, str], words: str) -> None:
    line = ordered(world, number="PO-7002")
    kept(
        world,
        PurchaseOrderLine(order=line.order, position="20", material=line.material, quantity=1, due_on=line.due_on),
    )
    kept(world, Partner(code="V", name="V", is_supplier=True))
    desk = visit_as(world.quality)
    sent = {"site": world.site.pk, "quantity": "1", "supplier_lot": "S", **values}
    answer = desk.post(reverse("traceability:receipt_create"), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Receipt.objects.exists()


def test_a_site_of_five_thousand_digits_is_no_site(world: World) -> None:
    form = GoodsForm({"site": "9" * 5000, "line": "PO-1"}, sites=Site.objects.all())
    assert {"site", "line"} <= set(form.errors)


# --- Entered wrongly --------------------------------------------------------------------------------------------------


@pytest.mark.requirement("RCV-04")
def test_a_receipt_entered_wrongly_is_taken_back_and_expected_again(world: World) -> None:
    line = ordered(world, 10)
    receipt = receive(world, line, quantity=Decimal(7))
    other = receive(world, line, quantity=Decimal(2))
    assert other.lot == receipt.lot
    back = services.take_back_receipt(receipt=receipt, reason="7 are of the other order", actor=world.quality)
    line.refresh_from_db()
    assert (line.received, on_hand(receipt.lot)) == (2, 2)
    assert (back.reverses, back.note, back.actor) == (receipt.movement, "7 are of the other order", world.quality)
    with refused("reversed"):
        services.take_back_receipt(receipt=receipt, reason="again", actor=world.quality)
    line.refresh_from_db()
    assert line.received == 2


@pytest.mark.requirement("RCV-04")
def test_what_is_decided_about_held_or_without_reason_is_not_taken_back(world: World) -> None:
    def received() -> Receipt:
        return receive(world, ordered(world, 10))

    released, held, plain = received(), received(), received()
    services.release_lot(lot=released.lot, actor=world.quality, signature=proof(world.quality, "released"))
    services.place_hold(lot=held.lot, reason="dull", actor=world.quality)
    for receipt, code in ((released, "lot_status"), (held, "hold")):
        with refused(code):
            services.take_back_receipt(receipt=receipt, reason="wrong", actor=world.quality)
    with refused("reason"):
        services.take_back_receipt(receipt=plain, reason=" ", actor=world.quality)
    with refused("permission"):
        services.take_back_receipt(receipt=plain, reason="wrong", actor=world.operator)
    assert all(on_hand(one.lot) == one.movement.quantity for one in (released, held, plain))


@pytest.mark.requirement("RCV-04")
def test_the_list_of_receipts_leads_to_it(world: World) -> None:
    receipt = receive(world, ordered(world, 10))
    desk = visit_as(make_user(site=world.site, permissions=ALL))
    page, take_back = reverse("traceability:receipt_list"), reverse("traceability:receipt_take_back", args=[receipt.pk])
    assert take_back in desk.get(page).content.decode()
    desk.post(take_back, {"reason": "wrong"})
    shown = desk.get(page).content.decode()
    assert take_back not in shown and "Taken back" in shown


# --- Pieces with serial numbers ---------------------------------------------------------------------------------------


@pytest.mark.requirement("RCV-06")
def test_pieces_with_serial_numbers_become_units(world: World) -> None:
    line = ordered(world, 5, world.material(tracking="serial"))
    with refused("serials"):
        receive(world, line, quantity=Decimal(2), serials=("A-1",))
    with refused("taken"):
        receive(world, line, quantity=Decimal(2), serials=("A-1", "A-1"))
    lot = receive(world, line, quantity=Decimal(2), serials=("A-1", "A-2")).lot
    assert receive(world, line, quantity=Decimal(3)).lot == lot
    units = list(lot.units.order_by("pk"))
    assert [unit.serial for unit in units[:2]] == ["A-1", "A-2"] and len(units) == 5
    assert all(unit.serial.startswith("SN-") for unit in units[2:])
    assert all(state_of(lot, unit).unit_stock == 1 for unit in units)
    line.refresh_from_db()
    assert (line.received, on_hand(lot), lot.receipts.count()) == (5, 5, 5)


@pytest.mark.requirement("RCV-06")
@pytest.mark.parametrize("door", ["screen", "api"])
def test_serial_numbers_are_scanned_when_goods_are_received(world: World, door: str) -> None:
    line = ordered(world, 5, world.material(tracking="serial"))
    person = make_user(site=world.site, permissions=("traceability.view_lot", "traceability.create_lot", MAKE))
    sent = {
        "site": world.site.pk,
        "line": line.order.number,
        "quantity": "2",
        "supplier_lot": "S-1",
        "serials": "A-1\nA-2",
    }
    answer: Any = (
        visit_as(person).post(reverse("traceability:receipt_create"), sent)
        if door == "screen"
        else program_of(person).post("traceability/receipts/", sent)
    )
    assert answer.status_code < 400, answer.content.decode()
    assert set(Lot.objects.get(supplier_lot="S-1").units.values_list("serial", flat=True)) == {"A-1", "A-2"}
