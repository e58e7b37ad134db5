"""Start, record, orders: one refusal per guard; the denial survives its rollback, nothing else changed."""

import uuid
from decimal import Decimal

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision
from core.lifecycle.services import perform
from core.organization.models import Equipment, EquipmentClass, Terminal, WorkCenter
from mes.execution import services
from mes.execution.models import DataRecord, OrderOperation
from mes.execution.queries import gate
from mes.routing.models import OperationRequirement
from qms.documents.services import create_document, revise_document
from qms.training.services import create_curriculum, grant_qualification, suspend
from tests.mes.execution.conftest import Clock
from tests.mes.execution.floor import OPERATOR, Floor, make_floor, make_instruction, put_into_force
from tests.mes.execution.refusals import everything, refused
from tests.support.people import make_site, make_user, proof, work_center_of
from traceability.services import place_hold

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-04", "REC-08")]


def start(floor: Floor, operation: OrderOperation, **values: object) -> None:
    services.start_operation(order_operation=operation, actor=floor.operator, **values)  # type: ignore[arg-type]


# --- Start ----------------------------------------------------------------------------------------------------------


def test_no_start_before_release(floor: Floor) -> None:
    order = floor.order()
    services.cancel_order(order=order, actor=floor.planner, reason="not needed")
    with refused("start", "order_released"):
        start(floor, floor.first(order))


def test_no_start_before_the_operation_before(floor: Floor) -> None:
    order = floor.order()
    with refused("start", "sequence"):
        start(floor, floor.last(order))


def test_an_overlapping_operation_starts_once_the_earlier_one_has(floor: Floor) -> None:
    order = floor.order()
    last = floor.last(order)
    with transaction.atomic(), acting(floor.world.system):
        last.operation.overlap_allowed = True
        last.operation.save()
    with refused("start", "sequence"):
        start(floor, last)
    floor.start(floor.first(order))
    start(floor, last)
    services.report_output(
        order_operation=last,
        scrap=Decimal(1),
        scrap_reason=floor.scrap_reason,
        explanation="trial piece",
        actor=floor.operator,
    )
    with refused("complete", "sequence", "data_missing"):
        services.complete_operation(
            order_operation=last, explanation="only one", material_explanation="a trial piece", actor=floor.operator
        )


def test_no_start_on_a_held_lot(floor: Floor) -> None:
    order = floor.order()
    place_hold(lot=order.lot, reason="wrong label", actor=floor.world.quality)
    with refused("start", "hold"):
        start(floor, floor.first(order))


def test_no_start_without_the_right(floor: Floor) -> None:
    order = floor.order()
    stranger = make_user(site=make_site(), permissions=OPERATOR)
    with refused("start", "permission"):
        services.start_operation(order_operation=floor.first(order), actor=stranger)


def test_no_joining_without_the_right(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order()))
    stranger = make_user(site=make_site(), permissions=OPERATOR)
    with refused("join", "permission"):
        services.start_operation(order_operation=operation, actor=stranger)


def test_no_start_at_a_terminal_of_another_work_center(floor: Floor) -> None:
    order = floor.order()
    with transaction.atomic(), acting(floor.world.system):
        elsewhere = WorkCenter(area=floor.work_center.area, code="WC9", name="Paint")
        elsewhere.save()
        terminal = Terminal(work_center=elsewhere, code=f"t-{uuid.uuid4().hex[:8]}", name="Paint 1")
        terminal.save()
    with refused("start", "work_center"):
        start(floor, floor.first(order), terminal=terminal)


def test_only_the_qualified_start_and_only_while_they_are() -> None:
    curriculum = create_curriculum(code="SOLD", name="Soldering", actor=make_floor().world.system)
    floor = make_floor(requirements=[{"curriculum": curriculum}])
    order = floor.order()
    floor.finish_first(order)
    with refused("start", "not_qualified"):
        start(floor, floor.last(order))
    granted = grant_qualification(
        user=floor.operator, curriculum=curriculum, basis="observed", actor=floor.world.system
    )
    operation = floor.start(floor.last(order))
    suspend(qualification=granted, reason="mistakes", actor=floor.world.system)
    with refused("record", "qualification_suspended"):
        services.record_value(order_operation=operation, data_point=floor.torque, value="11", actor=floor.operator)


def test_no_start_without_equipment_of_the_class(floor: Floor) -> None:
    order = floor.order()
    with transaction.atomic(), acting(floor.world.system):
        press = EquipmentClass(code="PRESS", name="Press")
        press.save()
        OperationRequirement(
            operation=floor.first(order).operation, kind="equipment_class", equipment_class=press
        ).save()
        machine = Equipment(work_center=floor.work_center, equipment_class=press, code="P-1", name="Press 1")
        machine.is_active = False
        machine.save()
    with refused("start", "equipment"):
        start(floor, floor.first(order))
    with transaction.atomic(), acting(floor.world.system):
        machine.is_active = True
        machine.save()
    start(floor, floor.first(order))


def test_no_start_by_a_withdrawn_instruction(floor: Floor) -> None:
    order = floor.order()
    floor.finish_first(order)
    operation = floor.last(order)
    with transaction.atomic(), acting(floor.world.system):
        operation.document_revision = None
        operation.save()
    with refused("start", "instruction"):
        start(floor, operation)


def test_a_superseded_instruction_stays_good_for_its_order(floor: Floor) -> None:
    order = floor.order()
    floor.finish_first(order)
    system = floor.world.system
    newer = revise_document(document=floor.instruction.document, change_summary="clearer", actor=system)
    put_into_force(newer, system)
    floor.instruction.refresh_from_db()
    assert floor.instruction.status == "superseded"
    operation = floor.start(floor.last(order))
    assert operation.document_revision == floor.instruction
    assert floor.last(floor.order()).document_revision == newer


def test_an_instruction_that_open_operations_follow_is_not_withdrawn(floor: Floor) -> None:
    """The answer to the question WhereUsed."""
    floor.order()
    approver = floor.world.system
    with pytest.raises(Blocked) as refusal:
        perform(
            floor.instruction, "make_obsolete", reason="gone", signature=proof(approver, "approved"), actor=approver
        )
    assert any("Open operation" in str(blocker.message) for blocker in refusal.value.blockers)


# --- Record ---------------------------------------------------------------------------------------------------------


def test_nothing_is_recorded_by_who_is_not_clocked_on(floor: Floor) -> None:
    operation = floor.assembling()
    with refused("record", "clocked_on"):
        services.record_value(order_operation=operation, data_point=floor.torque, value="11", actor=floor.colleague)


def test_nothing_is_recorded_while_the_operation_rests(floor: Floor) -> None:
    operation = floor.assembling()
    services.pause_operation(order_operation=operation, actor=floor.operator)
    with refused("record", "clocked_on", "operation_running"):
        services.record_value(order_operation=operation, data_point=floor.torque, value="11", actor=floor.operator)


def test_only_values_of_the_own_instruction_are_recorded(floor: Floor) -> None:
    operation = floor.assembling()
    _revision, foreign = make_instruction(floor.world)
    with refused("record", "data_point"):
        services.record_value(order_operation=operation, data_point=foreign, value="11", actor=floor.operator)


def test_only_steps_of_the_own_instruction_are_confirmed(floor: Floor) -> None:
    operation = floor.assembling()
    _revision, foreign = make_instruction(floor.world)
    with refused("step", "step"):
        services.complete_step(order_operation=operation, step=foreign.step, actor=floor.operator)
    services.complete_step(order_operation=operation, step=floor.torque.step, actor=floor.operator)
    assert operation.step_records.get().done


def test_a_value_names_a_unit_of_its_own_order(floor: Floor) -> None:
    operation = floor.assembling()
    other = floor.kit()[0].unit
    with refused("record", "unit"):
        services.record_value(
            order_operation=operation, data_point=floor.torque, value="11", unit=other, actor=floor.operator
        )


def test_a_recorded_value_is_superseded_with_a_reason(floor: Floor, clock: Clock) -> None:
    operation = floor.assembling()
    first = services.record_value(
        order_operation=operation, data_point=floor.torque, value="11", actor=floor.operator
    ).record
    clock.later(seconds=60)
    with refused("record", "reason"):
        services.record_value(order_operation=operation, data_point=floor.torque, value="10.5", actor=floor.operator)
    second = services.record_value(
        order_operation=operation, data_point=floor.torque, value="10.5", reason="misread", actor=floor.operator
    ).record
    assert (second.supersedes, second.reason) == (first, "misread")
    assert DataRecord.objects.get(pk=first.pk).value_number == 11


# --- Orders ---------------------------------------------------------------------------------------------------------


def test_no_release_by_a_routing_that_is_not_effective(floor: Floor) -> None:
    order = floor.order(release=False)
    system = floor.world.system
    perform(floor.revision, "make_obsolete", reason="wrong", signature=proof(system, "approved"), actor=system)
    with refused("release", "routing_effective"):
        services.release_order(order=order, actor=floor.planner)


def test_no_release_by_a_routing_that_was_changed_since_its_approval(floor: Floor) -> None:
    order = floor.order(release=False)
    with transaction.atomic(), acting(floor.world.system):
        operation = floor.revision.operations.first()
        assert operation is not None
        operation.name = "Something else"
        operation.save()
    with refused("release", "routing_changed"):
        services.release_order(order=order, actor=floor.planner)


def test_no_release_of_what_cannot_be_run(floor: Floor) -> None:
    order = floor.order(release=False)
    system = floor.world.system
    draft = create_document(kind="work_instruction", title="Not yet", site=floor.site, actor=system)
    with transaction.atomic(), acting(system):
        operation = floor.revision.operations.order_by("sequence")[0]
        operation.work_center, operation.document = None, draft
        operation.save()
    with refused("release", "routing_changed", "work_center", "instruction"):
        services.release_order(order=order, actor=floor.planner)


def test_no_order_is_completed_with_open_operations(floor: Floor) -> None:
    order = floor.order()
    floor.start(floor.first(order))
    order.refresh_from_db()
    with refused("complete", "operation_open", "operation_open"):
        perform(order, "complete", actor=floor.operator)


def test_no_close_with_open_operations(floor: Floor) -> None:
    order = floor.order()
    with refused("close", "operation_open", "operation_open"):
        services.close_order(order=order, actor=floor.planner)


def test_help_and_defects_need_the_right(floor: Floor) -> None:
    operation = floor.first(floor.order())
    stranger = make_user(site=make_site(), permissions=OPERATOR)
    with refused("call", "permission"):
        services.call_lead(order_operation=operation, actor=stranger)
    with refused("report_defect", "permission"):
        services.report_defect(order_operation=operation, title="Dent", actor=stranger)


@pytest.mark.parametrize("title", ["", " \n"])
def test_no_defect_without_words(floor: Floor, title: str) -> None:
    operation = floor.first(floor.order())
    with refused("report_defect", "title"):
        services.report_defect(order_operation=operation, title=title, actor=floor.operator)


# --- Why can't this person start this operation? --------------------------------------------------------------------


def test_the_gate_answers_for_any_person_and_stores_nothing(floor: Floor) -> None:
    order = floor.order()
    before, decisions = everything(), GateDecision.objects.count()
    stranger = make_user(site=make_site(), permissions=OPERATOR)
    for person, wrong in ((floor.operator, {"sequence"}), (stranger, {"sequence", "permission"})):
        results = gate(floor.last(order), "start", person)
        assert {blocker.code for result in results for blocker in result.blockers} == wrong
        assert any(result.passed for result in results)
    assert GateDecision.objects.count() == decisions
    assert {k: v for k, v in everything().items() if not k.startswith("core_organization")} == {
        k: v for k, v in before.items() if not k.startswith("core_organization")
    }
    assert work_center_of(floor.site) == floor.last(order).work_center
