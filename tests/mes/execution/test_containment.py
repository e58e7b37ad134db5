"""Containments of an order, equipment and a document revision: what was made with it is held, and what will be."""

from __future__ import annotations

import functools
import itertools
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import Equipment
from core.organization.services import system_user
from mes.execution import services
from mes.execution.models import Output, ProductionOrder
from tests.mes.execution.floor import Floor, make_floor
from tests.mes.execution.test_races import at_once
from tests.support.people import make_user
from traceability.models import Containment, Hold, SerializedUnit
from traceability.queries import Scope, everything_in, holds_of, scope_record
from traceability.services import place_containment

RIGHTS = (
    "traceability.place_containment",
    "traceability.view_lot",
    "mes_execution.view_productionorder",
    "qms_documents.view_document",
)
_numbers = itertools.count(1)


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def quality(floor: Floor) -> Any:
    return make_user(site=floor.site, permissions=RIGHTS)


def oven(floor: Floor) -> Equipment:
    """A piece of equipment at the floor's work center."""
    made = Equipment(work_center=floor.work_center, code=f"OVEN-{next(_numbers)}", name="Oven")
    with transaction.atomic(), acting(floor.world.system):
        made.save()
    return made


def contain(floor: Floor, kind: str, record: Any, **values: Any) -> Containment:
    scope = Scope(kind, floor.site, record=record, **values)
    return place_containment(scope=scope, reason="Too hot", actor=quality(floor))


def held_by(containment: Containment) -> set[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return {hold.held for hold in holds_of(containment).filter(status="open")}


def unit_of(outcome: Any) -> SerializedUnit:
    unit = outcome.record.unit
    assert isinstance(unit, SerializedUnit)
    return unit


@pytest.mark.requirement("HLD-02")
def test_an_order_is_held_as_its_lot_and_the_operator_reads_why(floor: Floor) -> None:
    operation = floor.assembling(quantity=3)
    floor.finish_unit(operation)
    made = contain(floor, "order", operation.order)
    assert held_by(made) == {operation.order.lot}
    done = Output.objects.count()
    with pytest.raises(Blocked) as refusal:
        floor.finish_unit(operation)
    assert "hold" in refusal.value.codes
    assert f"{made.number}: Too hot" in str(refusal.value)
    assert Output.objects.count() == done


@pytest.mark.requirement("HLD-03")
def test_an_order_that_is_released_later_is_held_when_its_work_begins(floor: Floor) -> None:
    order = floor.order(release=False)
    made = contain(floor, "order", order)
    assert held_by(made) == set()
    services.release_order(order=order, actor=floor.planner)
    order = ProductionOrder.objects.get(pk=order.pk)
    operation = floor.start(floor.first(order))
    assert held_by(made) == {order.lot}
    with pytest.raises(Blocked) as refusal:
        services.report_output(order_operation=operation, good=order.quantity, actor=floor.operator)
    assert "hold" in refusal.value.codes


@pytest.mark.requirement("HLD-02", "HLD-03")
def test_equipment_holds_the_pieces_that_were_finished_at_it_and_those_that_will_be(floor: Floor) -> None:
    machine = oven(floor)
    operation = floor.assembling(quantity=4)
    early = unit_of(floor.finish_unit(operation))
    at = now()
    inside = unit_of(floor.finish_unit(operation))
    made = contain(floor, "equipment", machine, since=at)
    assert held_by(made) >= {inside}
    assert early not in held_by(made)
    later = unit_of(floor.finish_unit(operation))
    assert later in held_by(made)
    assert Hold.objects.get(unit=later).placed_by == system_user("containment")
    closed = contain(floor, "equipment", machine, since=at, until=now())
    after = unit_of(floor.finish_unit(operation))
    assert held_by(closed) >= {inside, later} and after not in held_by(closed)


@pytest.mark.requirement("HLD-02")
def test_where_no_single_piece_is_named_the_lot_of_the_order_is_held(floor: Floor) -> None:
    machine = oven(floor)
    order, other = floor.order(), floor.order()
    floor.finish_first(order)
    made = contain(floor, "equipment", machine)
    assert held_by(made) == {order.lot}
    operation = floor.start(floor.first(other))
    assert held_by(made) == {order.lot, ProductionOrder.objects.get(pk=other.pk).lot}
    with pytest.raises(Blocked):
        services.report_output(order_operation=operation, good=other.quantity, actor=floor.operator)


@pytest.mark.requirement("HLD-02")
def test_a_document_revision_holds_what_was_made_by_it(floor: Floor) -> None:
    operation = floor.assembling(quantity=3)
    unit = unit_of(floor.finish_unit(operation))
    assert operation.document_revision == floor.instruction
    scope = Scope("document", floor.site, record=floor.instruction)
    assert unit.pk in everything_in(scope).units or unit.lot_id in everything_in(scope).lots
    made = contain(floor, "document", floor.instruction)
    later = unit_of(floor.finish_unit(operation))
    assert {unit, later} <= held_by(made)


@pytest.mark.requirement("HLD-02")
def test_a_scope_is_found_by_its_number_as_far_as_somebody_may_see_it(floor: Floor) -> None:
    order, machine = floor.order(), oven(floor)
    actor, stranger = quality(floor), make_user(site=floor.site)
    document = floor.instruction.document
    found = {
        ("order", order.number): order,
        ("equipment", machine.code): machine,
        ("document", document.number): floor.instruction,
        ("document", f"{document.number}/{floor.instruction.revision}"): floor.instruction,
        ("order", machine.code): None,
        ("document", f"{document.number}/none"): None,
    }
    for (kind, text), record in found.items():
        assert scope_record(kind, text, floor.site, actor) == record, text
    assert scope_record("order", order.number, floor.site, stranger) is None
    assert scope_record("document", document.number, floor.site, stranger) is None


@pytest.mark.requirement("HLD-06")
def test_stations_that_finish_pieces_while_their_equipment_is_contained_leave_none_unheld(plant: str) -> None:
    floor = make_floor()
    machine = oven(floor)
    operation = floor.assembling(quantity=40)
    at = now()
    who = quality(floor)
    for _round in range(4):
        kits = [floor.kit() for _ in range(3)]
        serials = [f"U-{next(_numbers)}" for _ in kits]
        scope = Scope("equipment", floor.site, record=machine, since=at)
        contains = functools.partial(place_containment, scope=scope, reason="Too hot", actor=who)
        finishes = [
            functools.partial(floor.finish_unit, operation, serial, components=kit)
            for kit, serial in zip(kits, serials, strict=True)
        ]
        outcomes = at_once(contains, *finishes)
        assert isinstance(outcomes[0], Containment), outcomes
        done = set(SerializedUnit.objects.filter(serial__in=serials).values_list("pk", flat=True))
        held = set(holds_of(outcomes[0]).filter(status="open").values_list("unit", flat=True))
        assert done and done <= held
    assert threading.active_count() < 20
