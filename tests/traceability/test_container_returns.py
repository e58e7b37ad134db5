"""A shipped container comes back as a container; a recall says in which containers things are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.html import strip_tags

from core.lifecycle.services import perform
from tests.api.conftest import MAKE, program_of
from tests.support.people import make_user
from tests.support.visits import visit_as
from tests.traceability.goods import LEAD, draft, leads
from tests.traceability.packing import fill
from tests.traceability.recalled import drilled, make_head
from tests.traceability.refusals import refused
from tests.traceability.test_views import ALL
from tests.traceability.world import World
from traceability import services
from traceability.models import Container, Hold, Lot
from traceability.queries import on_hand, packed_in

requirement = pytest.mark.requirement
PACKER = ("traceability.view_container", "traceability.change_container", "traceability.move_stock")


def shipped_pallet(world: World) -> tuple[Container, Container, Lot]:
    """A pallet with a carton in it, at a customer's."""
    lead, packer = leads(world), make_user(site=world.site, permissions=PACKER)
    lot = world.lot(10)
    where: dict[str, Any] = {"site": world.site, "location": world.store, "actor": packer}
    pallet, carton = (services.create_container(**where, kind=kind) for kind in ("pallet", "box"))
    services.pack(container=carton, lot=lot, quantity=Decimal(4), actor=packer)
    services.pack(container=pallet, lot=lot, quantity=Decimal(2), actor=packer)
    services.nest_container(container=pallet, child=carton, actor=packer)
    shipment = draft(world, lead)
    services.add_container_lines(shipment=shipment, container=pallet, actor=lead)
    perform(shipment, "ship", actor=lead)
    pallet.refresh_from_db()
    return pallet, carton, lot


@requirement("CNT-08")
def test_a_container_comes_back_packed_as_it_left_and_on_hold(world: World) -> None:
    pallet, carton, lot = shipped_pallet(world)
    lead = make_user(site=world.site, permissions=LEAD)
    with refused("reason"):
        services.return_container(container=pallet, reason=" ", actor=lead)
    with refused("not_shipped"):
        services.return_container(container=carton, reason="Wrong", actor=lead)
    services.return_container(container=pallet, reason="Refused at the dock", actor=lead)
    connection.check_constraints()
    for one in (pallet, carton):
        one.refresh_from_db()
        assert one.status == "closed"
    assert (pallet.location, carton.parent) == (world.quarantine, pallet)
    assert [(line.goods, line.quantity) for line in packed_in(pallet) if line.lot] == [(lot, 2), (lot, 4)]
    assert (on_hand(lot, world.quarantine), Hold.objects.get(lot=lot, status="open").quantity) == (6, 6)
    with refused("not_shipped"):
        services.return_container(container=pallet, reason="Again", actor=lead)


@requirement("CNT-08")
def test_what_came_back_by_itself_opened_its_container(world: World) -> None:
    pallet, _carton, lot = shipped_pallet(world)
    lead = make_user(site=world.site, permissions=LEAD)
    services.return_goods(line=lot.shipment_lines.get(), quantity=Decimal(1), reason="Broken", actor=lead)
    with refused("opened"):
        services.return_container(container=pallet, reason="The rest", actor=lead)


@requirement("CNT-08")
@pytest.mark.parametrize("door", ["screen", "api"])
def test_the_page_and_the_api_take_a_container_back(world: World, door: str) -> None:
    pallet, _carton, _lot = shipped_pallet(world)
    person = make_user(site=world.site, permissions=(*ALL, MAKE))
    address = reverse("traceability:container_return", args=[pallet.pk])
    if door == "screen":
        desk = visit_as(person)
        assert address in desk.get(pallet.get_absolute_url()).content.decode()
        assert desk.post(address, {"reason": "Refused"}).status_code == 302
    else:
        answer = program_of(person).post(f"traceability/containers/{pallet.pk}/take-back/", {"reason": "Refused"})
        assert answer.status_code == 200, answer.content.decode()
    pallet.refresh_from_db()
    assert pallet.status == "closed"


@requirement("RCL-09")
def test_a_recall_says_in_which_containers_it_is(world: World) -> None:
    lot, packer = world.lot(10), make_user(site=world.site, permissions=PACKER)
    box = services.create_container(site=world.site, location=world.store, actor=packer)
    services.pack(container=box, lot=lot, quantity=Decimal(4), actor=packer)
    fill(box, world.lot(1), world.system)
    recall = drilled(world, make_head(world), lot)
    person = make_user(site=world.site, permissions=(*ALL, MAKE))
    listed = f"{reverse('traceability:recallline_list')}?recall={recall.pk}"
    assert box.number in visit_as(person).get(listed).content.decode()
    rows = program_of(person).get(f"traceability/recall-lines/?recall={recall.pk}").json()["results"]
    assert [row["containers"] for row in rows if row["lot"] == lot.pk] == [box.number]


@requirement("TRC-08")
def test_a_forward_trace_ends_at_containers_and_customers(world: World) -> None:
    pallet, _carton, lot = shipped_pallet(world)
    raw, packer = world.lot(5), make_user(site=world.site, permissions=PACKER)
    world.link(raw, lot)
    box = services.create_container(site=world.site, location=world.store, actor=packer)
    services.pack(container=box, lot=lot, quantity=Decimal(1), actor=packer)
    desk = visit_as(make_user(site=world.site, permissions=ALL))
    address = reverse("traceability:lot_trace", args=[raw.pk])
    page = " ".join(strip_tags(desk.get(f"{address}?direction=forward").content.decode()).split())
    shipment = lot.shipment_lines.get().shipment
    assert f"{shipment.customer} · {shipment} · {pallet}" in page and box.number in page
    answer: Any = desk.get(f"{address}?direction=forward&export=csv")
    file = b"".join(answer.streaming_content).decode()
    assert str(shipment) in file and box.number in file
    own = desk.get(reverse("traceability:lot_trace", args=[lot.pk]) + "?direction=forward").content.decode()
    assert f"Of {lot} itself with customers" in own
    few = visit_as(make_user(site=world.site, permissions=("traceability.view_lot", "traceability.view_genealogylink")))
    assert str(shipment) not in few.get(f"{address}?direction=forward").content.decode()
