"""The pages and the API of containers, splits, merges and replacements do what the services do, within their cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.errors import Blocker
from core.kernel.wiring import GUARDS, Guard
from tests.api.conftest import MAKE, program_of
from tests.support.people import make_site, make_user, proof
from tests.support.visits import visit_as
from tests.traceability.goods import draft, leads
from tests.traceability.refusals import refused
from tests.traceability.test_containers import box, put_in
from tests.traceability.test_replacing import built, unit_of
from tests.traceability.test_views import ALL, MOST_STATEMENTS
from tests.traceability.world import World
from traceability import services
from traceability.models import CompanyPrefix, Container, ContainerEntry, Lot, Transformation
from traceability.queries import components_of, in_container, on_hand


@pytest.fixture
def user(world: World) -> Any:
    """Somebody who holds every right of this storey at the world's site."""
    return make_user(site=world.site, permissions=ALL)


@pytest.fixture
def desk(user: Any) -> Client:
    """Their browser."""
    return visit_as(user)


def address(name: str, *args: Any) -> str:
    return reverse(f"traceability:{name}", args=[getattr(one, "pk", one) for one in args])


def post(desk: Client, where: str, **values: Any) -> Any:
    return desk.post(where, {name: str(value) for name, value in values.items()})


@pytest.mark.requirement("GEN-01")
def test_a_lot_is_split_and_taken_back_on_its_pages(world: World, desk: Client) -> None:
    lot = world.lot(10)
    services.place_hold(lot=lot, quantity=Decimal(3), reason="Dull", actor=world.operator)
    page = address("lot_split", lot)
    assert "The part that is on hold" in desk.get(page).text
    refusal = post(desk, page, quantity=4, location=world.store.pk)
    assert refusal.status_code == 409 and "Say whether the held part or a free part is split off." in refusal.text
    done = post(desk, page, quantity=4, location=world.store.pk, held="free", reason="Second line")
    child = Lot.objects.get(number=f"{lot.number}.1")
    assert (done.status_code, done["Location"]) == (302, child.get_absolute_url())
    assert f"Came from {lot}" in desk.get(child.get_absolute_url()).text
    assert f"Went into {child}" in desk.get(lot.get_absolute_url()).text
    undo = address("transformation_undo", Transformation.objects.get())
    assert undo in desk.get(child.get_absolute_url()).text
    assert f"Comes back into {lot}" in desk.get(undo).text
    assert post(desk, undo).status_code == 422
    assert post(desk, undo, reason="Wrong lot")["Location"] == child.get_absolute_url()
    assert (on_hand(lot), on_hand(child)) == (10, 0)


@pytest.mark.requirement("GEN-03")
def test_lots_are_merged_on_a_page(world: World, desk: Client) -> None:
    lot = world.lot(10)
    other, alien = world.lot(5, lot.material), world.lot(5)
    page = address("lot_merge", lot)
    assert "There is no lot NOWHERE at this site." in post(desk, page, lots=f"{other.number}\nNOWHERE").text
    refusal = post(desk, page, lots=alien.number)
    assert refusal.status_code == 409 and "is of another material" in refusal.text
    assert post(desk, page, lots=f" {other.number}, ", number="TANK").status_code == 302
    assert on_hand(Lot.objects.get(number="TANK")) == 15


@pytest.mark.requirement("GEN-06")
def test_a_component_is_replaced_on_a_page(world: World, desk: Client) -> None:
    screws = world.lot(10)
    other, machine = world.lot(10, screws.material), unit_of(world)
    link = built(world, screws, machine, 4)
    page = address("serializedunit_replace", machine)
    assert page in desk.get(machine.get_absolute_url()).text
    assert screws.number in desk.get(page).text
    done = post(desk, page, component=link.pk, quantity=1, outcome="keep", new=other.number, reason="Worn out")
    assert (done.status_code, done["Location"]) == (302, machine.get_absolute_url())
    assert {one.parent_lot: one.quantity for one in components_of(machine)} == {screws: 3, other: 1}
    shown = desk.get(machine.get_absolute_url()).text
    assert "Replacement: Worn out" in shown and other.number in shown
    elsewhere = post(desk, page, component=0, outcome="keep", reason="Worn out")
    assert elsewhere.status_code == 422


@pytest.mark.requirement("CNT-02")
def test_a_container_from_its_beginning_to_its_shipment_on_the_pages(world: World, desk: Client, user: Any) -> None:
    lot, serial = world.lot(10), world.lot(0, world.material(tracking="serial"))
    unit = world.unit(serial)
    done = post(desk, address("companyprefix_create"), site=world.site.pk, company_prefix="0614141", extension=1)
    assert done.status_code == 302 and CompanyPrefix.objects.get().prefix == "0614141"
    begin = {"site": world.site.pk, "kind": "pallet", "location": world.store.code}
    assert post(desk, address("container_create"), **{**begin, "location": "NOWHERE"}).status_code == 422
    assert post(desk, address("container_create"), **begin).status_code == 302
    made = Container.objects.get()
    assert "Nothing is in it" in desk.get(made.get_absolute_url()).text
    pack = address("container_pack", made)
    assert "Needed for a lot." in post(desk, pack, goods=lot.number).text
    assert "There is no lot, unit or container with this number here." in post(desk, pack, goods="NOWHERE").text
    refusal = post(desk, pack, goods=unit.serial)
    assert refusal.status_code == 409 and "where the container stands" in refusal.text
    assert post(desk, pack, goods=lot.number, quantity=4)["Location"] == pack
    assert post(desk, pack, goods=f"(10){lot.number}", quantity=2).status_code == 302
    inner = box(world)
    assert post(desk, pack, goods=inner.number).status_code == 302
    shown = desk.get(made.get_absolute_url()).text
    assert lot.number in shown and inner.number in shown and made.sscc in shown
    assert "In containers" in desk.get(lot.get_absolute_url()).text
    out = f"{address('container_unpack', made)}?goods={lot.number}"
    assert lot.number in desk.get(out).text
    assert post(desk, out, goods=lot.number, quantity=1).status_code == 302
    assert in_container(made, lot) == 5
    assert post(desk, address("container_lift", inner)).status_code == 302
    assert post(desk, address("container_transfer", made), location=world.production.pk).status_code == 302
    assert post(desk, pack, goods=unit.serial).status_code == 302
    assert made.number in desk.get(unit.get_absolute_url()).text
    assert post(desk, address("container_unpack", made), goods=unit.serial).status_code == 302
    assert post(desk, address("container_move", made, "close")).status_code == 302
    assert post(desk, pack, goods=lot.number, quantity=1).status_code == 409
    shipment = draft(world, leads(world))
    add = address("shipment_add_container", shipment)
    assert "This is no container." in post(desk, add, container=lot.number).text
    assert post(desk, add, container=f"(00){made.sscc}").status_code == 302
    assert post(desk, address("shipment_remove_container", shipment), container=made.number).status_code == 302
    assert not shipment.lines.exists()
    post(desk, add, container=made.number)
    assert post(desk, address("shipment_move", shipment, "ship")).status_code == 302
    made.refresh_from_db()
    assert made.status == "shipped"


@pytest.mark.requirement("CNT-07")
def test_a_scan_of_the_sscc_opens_the_container_and_its_label_carries_it(world: World, desk: Client) -> None:
    services.set_company_prefix(site=world.site, company_prefix="0614141", actor=world.system)
    made = box(world)
    for text in (made.number, made.sscc, f"(00){made.sscc}", f"]C100{made.sscc}"):
        found = desk.get(reverse("core_web:scan"), {"code": text}, follow=True)
        assert made.get_absolute_url() in (found.text + str(found.redirect_chain)), text
    label = desk.get(address("container_labels"), {"row": made.pk})
    assert label["Content-Type"] == "application/pdf" and label.content.startswith(b"%PDF")
    assert desk.get(address("container_labels")).status_code == 302


@pytest.mark.requirement("CNT-02")
def test_the_pages_keep_to_their_statements_however_much_is_in_a_container(world: World, desk: Client) -> None:
    made, lot, machine = box(world), world.lot(10), unit_of(world)

    def cost() -> dict[str, int]:
        found = {}
        for page in (
            address("container_list"),
            address("container_create"),
            made.get_absolute_url(),
            address("container_pack", made),
            address("container_transfer", made),
            lot.get_absolute_url(),
            address("lot_split", lot),
            address("lot_merge", lot),
            machine.get_absolute_url(),
            address("serializedunit_replace", machine),
        ):
            desk.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(page).status_code == 200
            found[page] = len(queries)
        return found

    put_in(made, lot, world.system, 1)
    built(world, lot, machine, 1)
    services.split_lot(lot=lot, quantity=Decimal(1), actor=world.system)
    few = cost()
    for _ in range(6):
        other = world.lot(10)
        put_in(made, other, world.system, 1)
        built(world, other, machine, 1)
        services.nest_container(container=made, child=box(world), actor=world.system)
        services.split_lot(lot=lot, quantity=Decimal(1), actor=world.system)
    many = cost()
    assert {page: number for page, number in many.items() if number > MOST_STATEMENTS} == {}
    assert {page: (few[page], many[page]) for page in few if many[page] > few[page] + 1} == {}


@pytest.mark.requirement("CNT-02")
def test_another_site_neither_sees_nor_touches_a_container(world: World) -> None:
    stranger = visit_as(make_user(site=make_site(), permissions=ALL))
    made = box(world)
    assert made.number not in stranger.get(address("container_list")).text
    for name in ("container_detail", "container_pack", "container_transfer"):
        assert stranger.get(address(name, made)).status_code == 404
    assert post(stranger, address("container_pack", made), goods="1").status_code == 404


@pytest.mark.requirement("CNT-02", "GEN-01")
def test_programs_do_the_same(world: World) -> None:
    program = program_of(make_user(site=world.site, permissions=(*ALL, MAKE)))

    def api(path: str, body: Any = None) -> Any:
        where = f"traceability/{path}"
        return program.get(where) if body is None else program.post(where, body)

    lot, machine = world.lot(10), unit_of(world)
    made = api("containers/", {"site": world.site.pk, "kind": "box", "location": world.store.code})
    assert made.status_code == 201, made.text
    pk = made.json()["id"]
    packed = api(f"containers/{pk}/pack/", {"goods": lot.number, "quantity": "4"})
    assert packed.status_code == 201 and packed.json()["quantity"] == "4.000000"
    assert [one["number"] for one in api(f"containers/{pk}/contents/").json()["results"]] == [lot.number]
    refusal = api(f"lots/{lot.pk}/split/", {"quantity": "7", "location": world.store.pk})
    assert refusal.status_code == 409 and refusal.json()["blockers"][0]["code"] == "in_container"
    child = api(f"lots/{lot.pk}/split/", {"quantity": "2", "location": world.store.pk})
    assert child.status_code == 201 and child.json()["number"] == f"{lot.number}.1"
    deed = Transformation.objects.get()
    assert api(f"transformations/{deed.pk}/undo/", {"reason": "Wrong lot"}).status_code == 200
    link = built(world, lot, machine, 2)
    body = {"component": link.pk, "outcome": "scrap", "reason": "Worn"}
    assert api(f"units/{machine.pk}/replace/", body).status_code == 200
    components = api(f"units/{machine.pk}/components/").json()["results"]
    assert [(one["lot"], one["why"]) for one in components] == [(lot.pk, "Replacement: Worn")]
    assert ContainerEntry.objects.count() == 1


@pytest.mark.requirement("GEN-08")
def test_a_sublot_waits_for_what_its_lot_waits_for(world: World, user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lot = world.lot(10, status="quarantine")
    child = services.split_lot(lot=lot, quantity=Decimal(4), actor=user)
    merged = services.merge_lots(lots=[child, world.lot(3, lot.material, status="quarantine")], actor=user)

    def not_reviewed(record: Lot, deed: Any) -> Any:
        if record == lot:
            yield Blocker("not_reviewed", "The record of its order was not reviewed.", remedy="Review it.")

    key = ("traceability.lot", "release")
    rule = Guard(*key, "Reviewed", not_reviewed)

    def release(one: Lot) -> None:
        one.refresh_from_db()
        services.release_lot(lot=one, actor=world.quality, signature=proof(world.quality, "released"))

    with monkeypatch.context() as changed:
        changed.setitem(GUARDS, key, [*GUARDS[key], rule])
        for one in (lot, child, merged):
            with refused("not_reviewed"):
                release(one)
    release(lot)
    with monkeypatch.context() as changed:
        changed.setitem(GUARDS, key, [*GUARDS[key], rule])
        release(merged)  # about the lot that was released nobody asks again
