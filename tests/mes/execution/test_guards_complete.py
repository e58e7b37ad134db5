"""Complete, sign, undo: one refusal per guard; the denial survives its rollback, nothing else changed."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.lifecycle.services import perform
from core.organization.models import Terminal, WorkCenter
from core.signing.queries.closures import closures_of
from mes.execution import services
from mes.execution.models import OrderOperation, Output
from tests.mes.execution.conftest import Clock
from tests.mes.execution.floor import OPERATOR, Floor, make_floor
from tests.mes.execution.refusals import refused
from tests.support.people import make_site, make_user, proof
from traceability.services import place_hold

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-04", "REC-08")]


# --- Complete -------------------------------------------------------------------------------------------------------


def signed_content(operation: OrderOperation) -> dict[str, Any]:
    """What a signature on the operation would cover now."""
    (closure,) = closures_of([operation]).values()
    content: dict[str, Any] = closure["content"]
    return content


def complete(floor: Floor, operation: OrderOperation, **values: object) -> None:
    services.complete_operation(order_operation=operation, actor=floor.operator, **values)  # type: ignore[arg-type]


def test_no_completion_without_the_required_data(floor: Floor) -> None:
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation, values=[])
    with refused("complete", "data_missing"):
        complete(floor, operation)
    services.record_value(order_operation=operation, data_point=floor.torque, value="11", actor=floor.operator)
    complete(floor, operation)


@pytest.mark.requirement("ORD-14")
def test_no_completion_with_a_step_that_must_be_confirmed() -> None:
    floor = make_floor(must_be_confirmed=True)
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation)
    step: dict[str, Any] = {"order_operation": operation, "step": floor.torque.step, "actor": floor.operator}
    with refused("complete", "step_open"):
        complete(floor, operation)
    services.complete_step(**step)
    services.complete_step(**step, done=False)
    with refused("complete", "step_open"):
        complete(floor, operation)
    services.complete_step(**step)
    complete(floor, operation)


@pytest.mark.requirement("ORD-14")
def test_a_step_that_need_not_be_confirmed_stops_nobody(floor: Floor) -> None:
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation)
    assert not operation.step_records.exists()
    complete(floor, operation)


def test_no_completion_with_a_unit_whose_data_is_missing(floor: Floor) -> None:
    operation = floor.assembling(quantity=2)
    floor.finish_unit(operation, "U-1")
    floor.finish_unit(operation, "U-2", values=[])
    with refused("complete", "data_missing"):
        complete(floor, operation)


@pytest.mark.requirement("ORD-06")
def test_no_completion_while_a_value_out_of_limits_is_undecided(floor: Floor) -> None:
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation, values=[services.Measured(floor.torque, "13")])
    with refused("complete", "nonconformance_open"):
        complete(floor, operation)


@pytest.mark.requirement("ORD-06")
def test_no_completion_of_a_try_out_with_a_value_out_of_limits(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order(1, is_sandbox=True)), floor.operator)
    services.report_output(order_operation=operation, good=Decimal(1), actor=floor.operator)
    complete(floor, operation)
    operation = floor.start(floor.last(operation.order))
    floor.finish_unit(operation, values=[services.Measured(floor.torque, "13")])
    with refused("complete", "out_of_limits"):
        complete(floor, operation)


def test_no_completion_by_somebody_who_is_not_clocked_on(floor: Floor) -> None:
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation)
    with refused("complete", "clocked_on"):
        services.complete_operation(order_operation=operation, actor=floor.colleague)


def test_no_work_at_a_terminal_of_another_work_center(floor: Floor) -> None:
    operation = floor.assembling(quantity=1)
    with transaction.atomic(), acting(floor.world.system):
        elsewhere = WorkCenter(area=floor.work_center.area, code="WC9", name="Paint")
        elsewhere.save()
        paint = Terminal(work_center=elsewhere, code="paint-1", name="Paint 1")
        paint.save()
    with refused("record", "work_center"):
        services.record_value(
            order_operation=operation, data_point=floor.torque, value="11", actor=floor.operator, terminal=paint
        )
    kit = floor.kit()
    with refused("complete_unit", "work_center"):
        floor.finish_unit(operation, components=kit, terminal=paint)
    floor.finish_unit(operation, components=kit)
    with refused("complete", "work_center"):
        complete(floor, operation, terminal=paint)


def test_no_completion_below_the_quantity_unless_explained(floor: Floor) -> None:
    operation = floor.assembling(quantity=2)
    floor.finish_unit(operation)
    with refused("complete", "quantity_open"):
        complete(floor, operation)
    complete(floor, operation, explanation="one blank was missing")
    operation.refresh_from_db()
    assert operation.explanation == "one blank was missing"


def test_no_completion_with_material_missing_unless_explained(floor: Floor) -> None:
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation, components=floor.kit()[:1])
    with refused("complete", "material_open"):
        complete(floor, operation)
    complete(floor, operation, material_explanation="The bolt is fitted at the customer's")
    operation.refresh_from_db()
    assert (operation.explanation, operation.material_explanation) == ("", "The bolt is fitted at the customer's")


@pytest.mark.requirement("ORD-17")
def test_each_gate_is_explained_for_itself(floor: Floor) -> None:
    """Why there are fewer pieces says nothing about the components that those pieces lack, nor the other way round."""
    operation = floor.assembling(quantity=2)
    floor.finish_unit(operation, components=floor.kit()[:1])
    with refused("complete", "material_open"):
        complete(floor, operation, explanation="One blank was missing")
    with refused("complete", "quantity_open"):
        complete(floor, operation, material_explanation="The bolt is fitted later")
    operation.refresh_from_db()
    assert (operation.explanation, operation.material_explanation) == ("", "")
    complete(floor, operation, explanation="One blank was missing", material_explanation="The bolt is fitted later")
    operation.refresh_from_db()
    assert operation.explanation == "One blank was missing"
    assert operation.material_explanation == "The bolt is fitted later"
    assert signed_content(operation)["material_explanation"] == "The bolt is fitted later"


@pytest.mark.requirement("ORD-17")
def test_what_was_signed_before_components_were_explained_apart_still_fits(floor: Floor) -> None:
    """A field that came later is content only where it says something: the digest of older records is as it was."""
    operation = floor.assembling(quantity=1)
    content = signed_content(operation)
    assert content["explanation"] == "" and "material_explanation" not in content


def test_no_completion_on_a_held_lot(floor: Floor) -> None:
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation)
    place_hold(lot=operation.order.lot, reason="wrong label", actor=floor.world.quality)
    with refused("complete", "hold"):
        complete(floor, operation)


def test_no_completion_without_the_signatures_and_the_second_person() -> None:
    floor = make_floor(requirements=[{"meaning": "performed"}, {"meaning": "verified", "witness": True}])
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation)
    with refused("complete", "signature_missing", "signature_missing"):
        complete(floor, operation)
    with refused("sign", "second_person"):
        services.sign_operation(
            order_operation=operation,
            meaning="verified",
            signature=proof(floor.operator, "verified"),
            actor=floor.operator,
        )
    with refused("complete", "signature_missing"):
        complete(floor, operation, signature=proof(floor.operator, "performed"))
    services.sign_operation(
        order_operation=operation,
        meaning="verified",
        signature=proof(floor.colleague, "verified"),
        actor=floor.colleague,
    )
    complete(floor, operation, signature=proof(floor.operator, "performed"))
    operation.refresh_from_db()
    assert operation.status == "completed"


def test_a_signature_given_before_the_record_changed_does_not_count() -> None:
    floor = make_floor(requirements=[{"meaning": "verified", "witness": True}])
    operation = floor.assembling(quantity=2)
    floor.finish_unit(operation)
    services.sign_operation(
        order_operation=operation,
        meaning="verified",
        signature=proof(floor.colleague, "verified"),
        actor=floor.colleague,
    )
    floor.finish_unit(operation)
    with refused("complete", "signature_broken"):
        complete(floor, operation)


def test_nobody_signs_without_the_right(floor: Floor) -> None:
    operation = floor.assembling()
    stranger = make_user(site=make_site(), permissions=OPERATOR)
    with refused("sign", "permission"):
        services.sign_operation(
            order_operation=operation, meaning="performed", signature=proof(stranger, "performed"), actor=stranger
        )


# --- Undo, reopen ---------------------------------------------------------------------------------------------------


def test_after_ten_seconds_a_correction_needs_a_reason(floor: Floor, clock: Clock) -> None:
    operation = floor.start(floor.first(floor.order()))
    output = services.report_output(order_operation=operation, good=Decimal(1), actor=floor.operator).record
    clock.later(seconds=11)
    with refused("undo", "reason"):
        services.undo_output(output=output, actor=floor.operator)
    services.undo_output(output=output, reason="counted twice", actor=floor.operator)
    with refused("undo", "reversed"):
        services.undo_output(output=output, reason="again", actor=floor.operator)


def test_the_entries_of_others_are_corrected_by_the_lead(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order()))
    output = services.report_output(order_operation=operation, good=Decimal(1), actor=floor.operator).record
    with refused("undo", "permission"):
        services.undo_output(output=output, reason="wrong", actor=floor.colleague)
    services.undo_output(output=output, reason="wrong", actor=floor.lead)


def test_a_completed_operation_is_corrected_only_after_reopening(floor: Floor) -> None:
    order = floor.order(1)
    floor.finish_first(order)
    output = Output.objects.get()
    with refused("undo", "operation_completed"):
        services.undo_output(output=output, reason="wrong", actor=floor.operator)
    with refused("reopen", "permission", "reason"):
        services.reopen_operation(order_operation=floor.first(order), reason="", actor=floor.operator)
    services.reopen_operation(order_operation=floor.first(order), reason="wrong count", actor=floor.lead)
    services.undo_output(output=output, reason="wrong", actor=floor.operator)


def test_an_operation_of_a_decided_lot_is_not_reopened(floor: Floor) -> None:
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation)
    complete(floor, operation)
    quality = floor.world.quality
    perform(floor.finished(operation), "reject", reason="dents", signature=proof(quality, "rejected"), actor=quality)
    with refused("reopen", "lot_decided"):
        services.reopen_operation(order_operation=operation, reason="look again", actor=floor.lead)


def test_a_unit_that_moved_on_stays_finished(floor: Floor) -> None:
    operation = floor.assembling()
    output = floor.finish_unit(operation).record
    perform(output.unit, "scrap", reason="fell", actor=floor.operator)
    with refused("undo", "unit_status"):
        services.undo_output(output=output, actor=floor.operator)


def test_a_part_is_taken_out_with_its_unit_only(floor: Floor) -> None:
    operation = floor.assembling()
    floor.finish_unit(operation)
    with refused("undo", "part_of_unit"):
        services.undo_consumption(consumption=operation.consumptions.all()[0], actor=floor.operator)
