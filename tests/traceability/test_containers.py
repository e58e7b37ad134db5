"""Containers: what is packed is in one of them only, goes where it goes, and is taken out before it is used."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.kernel.deeds import acting
from core.kernel.gs1 import parse
from core.lifecycle.services import perform
from core.organization.services import system_user
from tests.support.people import make_user, proof
from tests.support.stock import issue_stock
from tests.traceability.goods import draft, leads, put
from tests.traceability.refusals import refused
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Container, ContainerEntry, Lot, SerializedUnit, StockMovement
from traceability.queries import containers_with, entries_of, on_hand, packed_in, place_of, state_of

RIGHTS = ("traceability.view_container", "traceability.change_container", "traceability.move_stock")


@pytest.fixture
def packer(world: World) -> Any:
    """Somebody who packs, and nothing else."""
    return make_user(site=world.site, permissions=RIGHTS)


def box(world: World, place: Any = None, **values: Any) -> Container:
    return services.create_container(site=world.site, location=place or world.store, actor=world.system, **values)


def put_in(container: Container, goods: Lot | SerializedUnit, actor: Any, quantity: int = 1, **values: Any) -> Any:
    lot = goods.lot if isinstance(goods, SerializedUnit) else goods
    assert lot is not None
    unit = goods if isinstance(goods, SerializedUnit) else None
    made = services.pack(container=container, lot=lot, unit=unit, quantity=Decimal(quantity), actor=actor, **values)
    connection.check_constraints()
    return made


def take_out(container: Container, goods: Lot | SerializedUnit, actor: Any, quantity: int = 1) -> Any:
    lot = goods.lot if isinstance(goods, SerializedUnit) else goods
    assert lot is not None
    unit = goods if isinstance(goods, SerializedUnit) else None
    made = services.unpack(container=container, lot=lot, unit=unit, quantity=Decimal(quantity), actor=actor)
    connection.check_constraints()
    return made


@pytest.mark.requirement("CNT-01")
def test_an_sscc_is_built_of_the_prefix_of_the_site(world: World) -> None:
    assert (box(world).number, box(world).sscc) == ("CNT-000001", "")
    with refused("prefix"):
        services.set_company_prefix(site=world.site, company_prefix="12", actor=world.system)
    # The example of GS1 for the prefix 0614141: SSCC 1 0614141 192837465 7 has the check digit of its digits.
    services.set_company_prefix(site=world.site, company_prefix="0614141", extension=1, actor=world.system)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_organization_numberseries (site_id, prefix, last_number) VALUES (NULL, %s, %s)",
            ["SSCC10614141", 192837464],
        )
    made = box(world)
    assert (made.sscc, made.number) == ("106141411928374657", "CNT-000003")
    assert parse(f"00{made.sscc}").get("00") == made.sscc
    elsewhere = make_world()
    services.set_company_prefix(site=elsewhere.site, company_prefix="0614141", extension=1, actor=world.system)
    assert box(elsewhere).sscc == "106141411928374664"
    with refused("taken"):
        box(world, number="CNT-000001")
    with refused("place"):
        box(world, elsewhere.store)


@pytest.mark.requirement("CNT-02")
def test_what_is_packed_and_unpacked_is_told_with_who_when_and_where(world: World, packer: Any) -> None:
    lot, serial = world.lot(10), world.lot(0, world.material(tracking="serial"))
    unit, made = world.unit(serial), box(world, world.production)
    services.move_stock(
        lot=lot,
        quantity=Decimal(6),
        from_location=world.store,
        to_location=world.production,
        actor=world.operator,
    )
    sent = uuid.uuid4()
    entry = put_in(made, lot, packer, 4, client_id=sent)
    assert put_in(made, lot, packer, 4, client_id=sent) == entry
    put_in(made, unit, packer)
    put_in(made, lot, packer, 2)
    take_out(made, lot, packer, 1)
    assert [(line.goods, line.quantity) for line in packed_in(made)] == [(lot, 5), (unit, 1)]
    first = entries_of(made).last()
    assert first is not None
    assert (first.kind, first.quantity, first.actor, first.location) == ("in", 4, packer, world.production)
    assert [(one.container, one.quantity) for one in containers_with(lot)] == [(made, 5)]
    assert [one.container for one in containers_with(unit)] == [made]
    assert (state_of(lot).loose(world.production.pk), state_of(lot).loose(world.store.pk)) == (1, 4)
    with refused("not_in_container"):
        take_out(made, lot, packer, 6)
    beside, far = box(world, world.production), box(world)
    with refused("in_container"):
        put_in(beside, unit, packer)
    with refused("in_container"):
        put_in(made, lot, packer, 2)
    with refused("place"):
        put_in(made, lot, packer, 7)
    with refused("unit_missing"):
        put_in(made, serial, packer)
    take_out(made, unit, packer)
    with refused("place"):
        put_in(far, unit, packer)
    with refused("permission"):
        put_in(made, lot, world.operator)


@pytest.mark.requirement("CNT-02")
def test_held_goods_are_packed_in_a_quarantine_only(world: World, packer: Any) -> None:
    lot = world.lot(10)
    services.move_stock(
        lot=lot,
        quantity=Decimal(5),
        from_location=world.store,
        to_location=world.quarantine,
        actor=world.operator,
    )
    services.place_hold(lot=lot, reason="Dull", actor=world.operator)
    outside = box(world)
    with refused("hold"):
        put_in(outside, lot, packer, 2)
    made = box(world, world.quarantine)
    put_in(made, lot, packer, 2)
    with refused("hold"):
        services.move_container(container=made, location=world.store, actor=packer)
    assert place_of(made) == world.quarantine


@pytest.mark.requirement("CNT-03")
def test_a_container_moves_with_all_that_is_in_it(world: World, packer: Any) -> None:
    lot, other = world.lot(10), world.lot(10)
    pallet, carton = box(world, kind="pallet"), box(world)
    put_in(carton, lot, packer, 4)
    put_in(carton, other, packer, 3)
    put_in(pallet, lot, packer, 2)
    services.nest_container(container=pallet, child=carton, actor=packer)
    connection.check_constraints()
    pallet.refresh_from_db()
    carton.refresh_from_db()
    assert (carton.parent, carton.location, place_of(carton)) == (pallet, None, world.store)
    assert [(line.level, line.goods, line.quantity) for line in packed_in(pallet)] == [
        (1, lot, 2),
        (1, carton, 0),
        (2, lot, 4),
        (2, other, 3),
    ]
    with refused("in_container"):
        services.move_container(container=carton, location=world.production, actor=packer)
    movements = services.move_container(container=pallet, location=world.production, actor=packer)
    connection.check_constraints()
    assert {(m.lot, m.quantity, m.kind) for m in movements} == {(lot, 2, "move"), (lot, 4, "move"), (other, 3, "move")}
    assert state_of(lot).places == {world.store.pk: 4, world.production.pk: 6}
    assert (place_of(carton), state_of(lot).packed) == (world.production, {world.production.pk: 6})
    entry = services.unnest_container(child=carton, actor=packer)
    assert (entry.child, entry.kind, entry.location) == (carton, "out", world.production)
    carton.refresh_from_db()
    assert (carton.parent, carton.location) == (None, world.production)
    with refused("not_in_container"):
        services.unnest_container(child=carton, actor=packer)
    with refused("place"):
        services.move_container(container=carton, location=world.production, actor=packer)


@pytest.mark.requirement("CNT-03")
def test_moving_does_not_cost_more_statements_for_more_goods(world: World, packer: Any) -> None:
    def cost(lots: int) -> int:
        made = box(world)
        for _ in range(lots):
            put_in(made, world.lot(5), packer, 2)
        with CaptureQueriesContext(connection) as queries:
            services.move_container(container=made, location=world.production, actor=packer)
        return len(queries)

    assert cost(12) == cost(2)


@pytest.mark.requirement("CNT-03")
def test_no_container_is_in_itself_or_too_deep(world: World, packer: Any) -> None:
    boxes = [box(world) for _ in range(9)]
    for outer, inner in zip(boxes[:7], boxes[1:8], strict=True):
        services.nest_container(container=outer, child=inner, actor=packer)
    with refused("loop"):
        services.nest_container(container=boxes[5], child=boxes[0], actor=packer)
    with refused("loop"):
        services.nest_container(container=boxes[0], child=boxes[0], actor=packer)
    with refused("too_deep"):
        services.nest_container(container=boxes[7], child=boxes[8], actor=packer)
    with refused("in_container"):
        services.nest_container(container=boxes[8], child=boxes[3], actor=packer)
    far = box(world, world.production)
    with refused("place"):
        services.nest_container(container=boxes[8], child=far, actor=packer)
    assert len(packed_in(boxes[0])) == 7


@pytest.mark.requirement("CNT-04")
def test_what_is_packed_is_taken_out_before_it_is_used_moved_or_scrapped(world: World, packer: Any) -> None:
    lot, serial = world.lot(10), world.lot(0, world.material(tracking="serial"))
    unit, made, other = world.unit(serial), box(world), world.lot(5, lot.material)
    crate = box(world, world.production)
    put_in(made, lot, packer, 8)
    put_in(crate, unit, packer)
    splitter = make_user(site=world.site, permissions=("traceability.split_lot",))
    with refused("in_container"):
        issue_stock(lot=lot, quantity=Decimal(3), actor=world.operator)
    with refused("in_container"):
        issue_stock(lot=serial, unit=unit, quantity=Decimal(1), actor=world.operator)
    with refused("in_container"):
        services.move_stock(
            lot=lot,
            quantity=Decimal(3),
            from_location=world.store,
            to_location=world.production,
            actor=world.operator,
        )
    with refused("in_container"):
        services.scrap_stock(lot=lot, quantity=Decimal(3), reason="Dull", actor=world.operator)
    with refused("in_container"):
        services.scrap_unit(unit=unit, reason="Dull", actor=world.operator)
    count = services.count_lot(
        lot=lot, location=world.store, counted=Decimal(2), reason="Count", actor=system_user("counter")
    )
    with refused("in_container"):
        perform(count, "book", actor=world.system, signature=proof(world.system, "approved"))
    with refused("in_container"):
        services.split_lot(lot=lot, quantity=Decimal(3), actor=splitter)
    with refused("in_container"):
        services.merge_lots(lots=[lot, other], actor=splitter)
    issue_stock(lot=lot, quantity=Decimal(2), actor=world.operator)
    take_out(made, lot, packer, 3)
    take_out(crate, unit, packer)
    issue_stock(lot=lot, quantity=Decimal(3), actor=world.operator)
    issue_stock(lot=serial, unit=unit, quantity=Decimal(1), actor=world.operator)
    connection.check_constraints()


@pytest.mark.requirement("CNT-04")
def test_postgresql_keeps_packed_stock_where_its_container_stands(world: World, packer: Any) -> None:
    lot, serial = world.lot(10), world.lot(0, world.material(tracking="serial"))
    unit, made, other = world.unit(serial), box(world), box(world, world.production)
    put_in(made, lot, packer, 8)
    put_in(other, unit, packer)

    def broken(name: str, model: Any, **values: Any) -> None:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), acting(world.system):
            model.objects.create(**values)
            connection.check_constraints()

    broken(
        "more is packed",
        StockMovement,
        kind="issue",
        lot=lot,
        quantity=Decimal(3),
        uom=world.each,
        from_location=world.store,
    )
    entry = {"container": made, "lot": lot, "location": world.store}
    broken("more is packed", ContainerEntry, kind="in", quantity=Decimal(3), **entry)
    broken("than was in it", ContainerEntry, kind="out", quantity=Decimal(9), **entry)
    third = box(world, world.production)
    broken(
        "two containers|more is packed",
        ContainerEntry,
        container=third,
        kind="in",
        lot=serial,
        unit=unit,
        quantity=Decimal(1),
        location=world.production,
    )
    with pytest.raises(IntegrityError, match="more is packed"), transaction.atomic(), acting(world.system):
        made.location = world.production
        made.save()
        connection.check_constraints()
    made.refresh_from_db()
    inner = box(world)
    services.nest_container(container=made, child=inner, actor=packer)
    with pytest.raises(IntegrityError, match="in itself"), transaction.atomic(), acting(world.system):
        made.location, made.parent = None, inner
        made.save()
        connection.check_constraints()
    with pytest.raises(DatabaseError), transaction.atomic():
        ContainerEntry.objects.filter(container=made)._raw_delete("default")


@pytest.mark.requirement("CNT-05")
def test_a_container_is_closed_opened_and_ended(world: World, packer: Any) -> None:
    lot, made = world.lot(10), box(world)
    put_in(made, lot, packer, 4)
    perform(made, "close", actor=packer)
    with refused("container_status"):
        put_in(made, lot, packer)
    with refused("container_status"):
        take_out(made, lot, packer)
    services.move_container(container=made, location=world.production, actor=packer)
    with refused("state"):
        perform(made, "end", actor=packer)
    perform(made, "reopen", actor=packer, reason="One more")
    with refused("not_empty"):
        perform(made, "end", actor=packer)
    take_out(made, lot, packer, 4)
    outer = box(world, world.production)
    services.nest_container(container=outer, child=made, actor=packer)
    with refused("in_container"):
        perform(made, "end", actor=packer)
    with refused("not_empty"):
        perform(outer, "end", actor=packer)
    services.unnest_container(child=made, actor=packer)
    perform(made, "end", actor=packer)
    with refused("container_status"):
        services.move_container(container=made, location=world.store, actor=packer)
    with refused("container_status"):
        services.nest_container(container=outer, child=made, actor=packer)


@pytest.mark.requirement("CNT-06")
def test_a_container_is_shipped_with_all_that_is_in_it(world: World, packer: Any) -> None:
    lead = leads(world)
    lot, other = world.lot(10), world.lot(10)
    pallet, carton = box(world, kind="pallet"), box(world)
    put_in(carton, lot, packer, 4)
    put_in(pallet, lot, packer, 2)
    put_in(pallet, other, packer, 3)
    services.nest_container(container=pallet, child=carton, actor=packer)
    shipment = draft(world, lead)
    empty = box(world)
    with refused("container"):
        services.add_container_lines(shipment=shipment, container=empty, actor=lead)
    lines = services.add_container_lines(shipment=shipment, container=pallet, actor=lead)
    assert {(line.lot, line.quantity, line.container) for line in lines} == {(lot, 6, pallet), (other, 3, pallet)}
    with refused("on_shipment"):
        services.add_container_lines(shipment=shipment, container=pallet, actor=lead)
    take_out(pallet, other, packer)
    with refused("contents_changed"):
        perform(shipment, "ship", actor=lead)
    assert services.remove_container_lines(shipment=shipment, container=pallet, actor=lead) == 2
    with refused("not_on_shipment"):
        services.remove_container_lines(shipment=shipment, container=pallet, actor=lead)
    with refused("in_container"):
        put(shipment, lead, lot, 5)
    services.add_container_lines(shipment=shipment, container=pallet, actor=lead)
    perform(shipment, "ship", actor=lead)
    connection.check_constraints()
    for one in (pallet, carton):
        one.refresh_from_db()
        assert one.status == "shipped"
    assert pallet.location is not None and pallet.location.kind == "shipped"
    assert (on_hand(lot), on_hand(other)) == (4, 8)
    assert state_of(lot).packed == {}
    line = shipment.lines.get(lot=lot)
    services.return_goods(line=line, quantity=Decimal(1), reason="Dented", actor=lead)
    connection.check_constraints()


@pytest.mark.requirement("CNT-06")
def test_a_container_with_what_may_not_leave_stays(world: World, packer: Any) -> None:
    lead, lot, made = leads(world), world.lot(10), box(world)
    put_in(made, lot, packer, 4)
    services.place_hold(lot=lot, reason="Dull", actor=world.operator)
    shipment = draft(world, lead)
    with refused("hold"):
        services.add_container_lines(shipment=shipment, container=made, actor=lead)
    assert not shipment.lines.exists()
