"""Consume and report: one refusal per guard; the denial survives its rollback, nothing else changed."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from mes.execution import services
from mes.execution.models import Consumption, OrderOperation, Output
from mes.execution.queries import Component
from mes.routing import services as routings
from tests.mes.execution.floor import Floor, make_floor
from tests.mes.execution.refusals import refused
from tests.support.people import proof
from traceability.services import place_hold, release_hold

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-04", "REC-08")]


# --- Consume --------------------------------------------------------------------------------------------------------


def consume(floor: Floor, operation: OrderOperation, component: Component) -> None:
    services.consume_lot(
        order_operation=operation,
        lot=component.lot,
        quantity=component.quantity,
        unit=component.unit,
        explanation=component.explanation,
        actor=floor.operator,
    )


def test_a_wrong_component_needs_an_explanation(floor: Floor) -> None:
    operation = floor.assembling()
    other = floor.world.lot()
    with refused("consume", "component"):
        consume(floor, operation, Component(other))
    consume(floor, operation, Component(other, explanation="substitute agreed by engineering"))
    assert operation.consumptions.get().explanation == "substitute agreed by engineering"


@pytest.mark.parametrize(
    ("values", "code"),
    [({"status": "quarantine"}, "lot_status"), ({"expires_on": dt.date(2020, 1, 1)}, "expired")],
)
def test_an_unreleased_or_expired_lot_is_not_consumed(floor: Floor, values: dict[str, Any], code: str) -> None:
    operation = floor.assembling()
    lot = floor.world.lot(material=floor.parts[1], **values)
    with refused("consume", code):
        consume(floor, operation, Component(lot))


def test_a_held_lot_is_not_consumed_until_its_hold_is_released(floor: Floor) -> None:
    operation = floor.assembling()
    lot = floor.lot(floor.parts[1])
    hold = place_hold(lot=lot, reason="certificate missing", actor=floor.world.quality)
    with refused("consume", "hold"):
        consume(floor, operation, Component(lot))
    quality = floor.world.quality
    release_hold(hold=hold, reason="certificate came", signature=proof(quality, "hold_released"), actor=quality)
    consume(floor, operation, Component(lot))


@pytest.mark.requirement("REC-05")
def test_postgresql_refuses_the_consumption_of_a_held_lot_whoever_writes_it(floor: Floor) -> None:
    operation = floor.assembling()
    used = services.consume_lot(order_operation=operation, lot=floor.lot(floor.parts[1]), actor=floor.operator).record
    place_hold(lot=used.lot, reason="certificate missing", actor=floor.world.quality)
    before = Consumption.objects.count()
    with pytest.raises(IntegrityError, match="on hold"), transaction.atomic(), acting(floor.operator):
        Consumption.objects.create(
            order_operation=operation,
            run=used.run,
            material=used.material,
            lot=used.lot,
            quantity=1,
            uom=used.uom,
            movement=used.movement,
        )
    assert Consumption.objects.count() == before


def test_a_held_unit_is_not_consumed(floor: Floor) -> None:
    operation = floor.assembling()
    piece = floor.piece(floor.parts[0])
    place_hold(unit=piece.unit, reason="dropped", actor=floor.world.quality)
    with refused("consume", "hold", "quantity"):
        consume(floor, operation, piece)


def test_a_unit_is_consumed_once(floor: Floor) -> None:
    operation = floor.assembling()
    piece = floor.piece(floor.parts[0])
    consume(floor, operation, piece)
    with refused("consume", "unit_status", "unit_stock", "quantity"):
        consume(floor, operation, piece)


def test_not_more_is_consumed_than_there_is(floor: Floor) -> None:
    operation = floor.assembling(quantity=50)
    lot = floor.lot(floor.parts[1], quantity=3)
    with refused("consume", "quantity"):
        consume(floor, operation, Component(lot, Decimal(4)))


def test_more_than_planned_needs_an_explanation(floor: Floor) -> None:
    operation = floor.assembling(quantity=2)
    lot = floor.lot(floor.parts[1])
    with refused("consume", "more_than_planned"):
        consume(floor, operation, Component(lot, Decimal(3)))
    consume(floor, operation, Component(lot, Decimal(3), explanation="one was bent"))


def test_a_serialized_component_is_scanned_as_a_unit(floor: Floor) -> None:
    operation = floor.assembling()
    piece = floor.piece(floor.parts[0])
    with refused("consume", "unit_missing"):
        consume(floor, operation, Component(piece.lot))


def test_nothing_below_zero_is_consumed(floor: Floor) -> None:
    operation = floor.assembling()
    lot = floor.lot(floor.parts[1])
    with refused("consume", "quantity"):
        consume(floor, operation, Component(lot, Decimal(-1)))


def test_a_lot_of_another_site_is_not_consumed(floor: Floor) -> None:
    operation = floor.assembling()
    lot = make_floor().world.lot(material=floor.parts[1])
    with refused("consume", "component_site"):
        consume(floor, operation, Component(lot))


def test_one_unit_is_not_built_in_twice_at_once(floor: Floor) -> None:
    operation = floor.assembling()
    kit = floor.kit()
    with refused("complete_unit", "serial_twice", "quantity"):
        floor.finish_unit(operation, components=[*kit, kit[0]], explanation="")


# --- Report and finish units ----------------------------------------------------------------------------------------


def test_nothing_is_reported_on_a_held_lot(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order()))
    place_hold(lot=operation.order.lot, reason="wrong label", actor=floor.world.quality)
    with refused("report", "hold"):
        services.report_output(order_operation=operation, good=Decimal(1), actor=floor.operator)


@pytest.mark.parametrize(
    ("good", "scrap", "code"), [(0, 0, "quantity"), (-1, 0, "quantity"), (3, 0, "over_completion")]
)
def test_a_report_is_plausible_or_explained(floor: Floor, good: int, scrap: int, code: str) -> None:
    operation = floor.start(floor.first(floor.order(2)))
    with refused("report", code):
        services.report_output(
            order_operation=operation, good=Decimal(good), scrap=Decimal(scrap), actor=floor.operator
        )


@pytest.mark.requirement("USE-02")
@pytest.mark.parametrize(("good", "scrap"), [("0.5", "0"), ("1", "0.5")])
def test_half_a_piece_is_neither_reported_nor_ordered(floor: Floor, good: str, scrap: str) -> None:
    operation = floor.start(floor.first(floor.order(2)))
    with refused("report", "fraction"):
        services.report_output(
            order_operation=operation, good=Decimal(good), scrap=Decimal(scrap), scrap_reason=floor.scrap_reason,
            actor=floor.operator,
        )  # fmt: skip
    with pytest.raises(Blocked) as refusal:
        services.create_order(site=floor.site, material=floor.product, quantity=Decimal("1.5"), actor=floor.planner)
    assert refusal.value.codes == ("fraction",)


def test_over_completion_is_recorded_with_its_explanation(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order(2)))
    services.report_output(
        order_operation=operation, good=Decimal(3), explanation="bar gave three", actor=floor.operator
    )
    assert Output.objects.get().explanation == "bar gave three"


def test_no_more_leave_than_arrived_unless_explained(floor: Floor) -> None:
    order = floor.order(2)
    first = floor.start(floor.first(order))
    services.report_output(order_operation=first, good=Decimal(1), actor=floor.operator)
    services.complete_operation(order_operation=first, explanation="one to follow", actor=floor.operator)
    operation = floor.start(floor.last(order))
    floor.finish_unit(operation)
    kit = floor.kit()
    with refused("complete_unit", "more_than_arrived"):
        floor.finish_unit(operation, components=kit)


def test_scrap_needs_an_active_reason(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order()))
    with refused("report", "scrap_reason"):
        services.report_output(order_operation=operation, scrap=Decimal(1), actor=floor.operator)
    retired = routings.create_scrap_reason(code="OLD", name="Old", is_active=False, actor=floor.world.system)
    with refused("report", "scrap_reason"):
        services.report_output(order_operation=operation, scrap=Decimal(1), scrap_reason=retired, actor=floor.operator)


def test_serialized_units_are_not_reported_in_bulk(floor: Floor) -> None:
    operation = floor.assembling()
    with refused("report", "serial"):
        services.report_output(order_operation=operation, good=Decimal(2), actor=floor.operator)


def test_a_serial_number_is_given_once(floor: Floor) -> None:
    operation = floor.assembling()
    floor.finish_unit(operation, "U-1")
    kit = floor.kit()
    with refused("complete_unit", "serial_taken"):
        floor.finish_unit(operation, "U-1", components=kit)


def test_only_the_last_operation_finishes_units(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order()))
    with refused("complete_unit", "no_units"):
        services.complete_unit(order_operation=operation, serial="U-1", actor=floor.operator)
