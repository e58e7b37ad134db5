"""Orders and work on them: what each service does when nothing forbids it."""

import uuid
from decimal import Decimal

import pytest
from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision, Transition
from core.organization.models import Grant, Role, RolePermission
from core.organization.services import system_user
from mes.execution import services
from mes.execution.models import Consumption, DataRecord, LaborEntry, OrderOperation, Output
from mes.execution.queries import counters, dispatch_list, material_lines, order_facts, progress
from mes.routing.queries import content_hash
from tests.mes.execution.floor import Floor, counts
from tests.support.people import make_user
from traceability.models import GenealogyLink, SerializedUnit, StockMovement
from traceability.queries import on_hand, trace

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-05")]


@pytest.mark.requirement("ORD-03")
def test_release_pins_routing_and_instruction_and_makes_the_lot(floor: Floor) -> None:
    order = floor.order()
    assert order.status == "released"
    assert order.routing_hash == content_hash(floor.revision) != ""
    assert order.lot is not None and order.lot.status == "in_production"
    rows = list(order.operations.values_list("sequence", "status", "document_revision"))
    assert rows == [(10, "waiting", None), (20, "waiting", floor.instruction.pk)]


def test_starting_clocks_on_and_moves_operation_and_order(floor: Floor) -> None:
    order = floor.order()
    outcome = services.start_operation(order_operation=floor.first(order), actor=floor.operator)
    order.refresh_from_db()
    assert (order.status, floor.first(order).status) == ("in_progress", "in_progress")
    assert (outcome.record.operator, outcome.record.status) == (floor.operator, "running")
    assert [entry.kind for entry in LaborEntry.objects.all()] == ["start"]
    decision = GateDecision.objects.get(
        action="start", subject_id=floor.first(order).pk, allowed=True, subject_type__model="orderoperation"
    )
    assert {"Earlier operations done", "Qualified", "Instruction in force"} <= {r["title"] for r in decision.results}


def test_a_colleague_joins_and_pausing_waits_for_the_last(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order()))
    floor.start(operation, floor.colleague)
    services.pause_operation(order_operation=operation, actor=floor.operator, note="break")
    operation.refresh_from_db()
    assert operation.status == "in_progress"
    services.pause_operation(order_operation=operation, actor=floor.colleague)
    operation.refresh_from_db()
    assert operation.status == "paused"
    services.resume_operation(order_operation=operation, actor=floor.operator)
    operation.refresh_from_db()
    assert operation.status == "in_progress"
    services.leave_operation(order_operation=operation, actor=floor.operator)
    operation.refresh_from_db()
    assert (operation.status, operation.runs.get(operator=floor.operator).status) == ("paused", "ended")


def test_a_unit_is_finished_with_all_that_is_in_it(floor: Floor) -> None:
    operation = floor.assembling()
    kit = floor.kit()
    outcome = floor.finish_unit(operation, "U-77", components=kit)
    unit = SerializedUnit.objects.get(serial="U-77")
    assert outcome.record.unit == unit and unit.status == "completed" and unit.lot == operation.order.lot
    assert "1 of 2 remain" in outcome.next_step
    assert {used.into_unit_id for used in Consumption.objects.all()} == {unit.pk}
    assert all(used.movement_id and used.link_id and used.output_id for used in Consumption.objects.all())
    assert on_hand(kit[1].lot) == 99
    assert on_hand(floor.finished(operation)) == 1
    built_in = kit[0].unit
    assert built_in is not None
    built_in.refresh_from_db()
    assert built_in.status == "consumed"
    used = {row.node for row in trace(unit, "backward") if row.relation == "used"}
    assert used == {(2, built_in.pk), (1, kit[1].lot.pk)}
    record = DataRecord.objects.get()
    assert (record.unit, record.output, record.judgement) == (unit, outcome.record, "in")


def test_the_whole_order_ends_completed_and_its_lot_waits_for_quality(floor: Floor) -> None:
    operation = floor.assembling()
    floor.finish_unit(operation)
    floor.finish_unit(operation)
    outcome = services.complete_operation(order_operation=operation, actor=floor.operator)
    order = operation.order
    order.refresh_from_db()
    assert order.status == "completed"
    assert floor.finished(operation).status == "quarantine"
    assert "waits for quality" in outcome.next_step
    assert not operation.runs.exclude(status="ended").exists()
    assert all(run.ended_at is not None for run in operation.runs.all())
    facts = order_facts(order)
    assert [len(row.consumptions) for row in facts] == [0, 4]
    assert [row.counters.good for row in facts] == [2, 2]


def test_good_and_scrap_are_one_report(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order(10)))
    services.report_output(
        order_operation=operation,
        good=Decimal(3),
        scrap=Decimal(1),
        scrap_reason=floor.scrap_reason,
        actor=floor.operator,
    )
    services.report_output(order_operation=operation, good=Decimal(2), actor=floor.operator)
    done = counters(operation)
    assert (done.good, done.scrap, done.remaining) == (Decimal(5), Decimal(1), Decimal(4))
    assert not StockMovement.objects.filter(lot=operation.order.lot).exists()


def test_an_undone_report_is_reversed_not_changed(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order(10)))
    output = services.report_output(order_operation=operation, good=Decimal(3), actor=floor.operator).record
    services.undo_output(output=output, actor=floor.operator)
    assert counters(operation).good == 0
    reversal = Output.objects.get(reverses=output)
    assert (reversal.good, reversal.reason) == (Decimal(3), "Undone within 10 seconds")


def test_an_undone_unit_gives_everything_back_and_can_be_finished_again(floor: Floor) -> None:
    operation = floor.assembling()
    kit = floor.kit()
    output = floor.finish_unit(operation, "U-1", components=kit).record
    services.undo_output(output=output, actor=floor.operator)
    unit, part = SerializedUnit.objects.get(serial="U-1"), kit[0].unit
    assert part is not None
    part.refresh_from_db()
    assert (unit.status, part.status) == ("in_process", "completed")
    assert on_hand(kit[1].lot) == 100
    assert on_hand(floor.finished(operation)) == 0
    assert counters(operation).good == 0
    assert [row for row in trace(unit, "backward") if row.relation == "used"] == []
    floor.finish_unit(operation, "U-1", components=kit)
    unit.refresh_from_db()
    assert unit.status == "completed"
    assert counters(operation).good == 1


def test_consumption_into_the_lot_and_its_undo(floor: Floor) -> None:
    operation = floor.assembling()
    lot = floor.lot(floor.parts[1])
    used = services.consume_lot(order_operation=operation, lot=lot, quantity=Decimal(2), actor=floor.operator).record
    assert on_hand(lot) == 98
    assert used.link is not None and used.link.child_lot == operation.order.lot
    services.undo_consumption(consumption=used, actor=floor.operator)
    assert on_hand(lot) == 100
    lines = {line.material.pk: line for line in material_lines(operation, with_choices=True)}
    assert lines[lot.material_id].consumed == 0
    assert [choice.lot for choice in lines[lot.material_id].lots] == [lot]


def test_a_repeated_request_gets_the_first_result(floor: Floor) -> None:
    operation = floor.assembling()
    twice, kit = uuid.uuid4(), floor.kit()
    first = floor.finish_unit(operation, "U-9", components=kit, client_id=twice)
    before = counts()
    second = floor.finish_unit(operation, "U-9", components=kit, client_id=twice)
    assert (second.record, second.repeated, first.repeated) == (first.record, True, False)
    assert counts() == before


def test_a_request_id_is_not_used_for_another_operation(floor: Floor) -> None:
    first, second = floor.start(floor.first(floor.order())), floor.start(floor.first(floor.order()))
    once = uuid.uuid4()
    services.report_output(order_operation=first, good=Decimal(1), client_id=once, actor=floor.operator)
    with pytest.raises(Blocked) as refused:
        services.report_output(order_operation=second, good=Decimal(1), client_id=once, actor=floor.operator)
    assert refused.value.codes == ("client_id",)
    assert Output.objects.count() == 1


def test_a_sandbox_order_runs_the_same_code_and_reaches_no_stock(floor: Floor) -> None:
    order = floor.order(1, is_sandbox=True)
    assert order.lot is None and order.number.startswith("TRY-")
    kit = floor.kit()
    before = StockMovement.objects.count(), GenealogyLink.objects.count()
    operation = floor.assembling(order)
    outcome = floor.finish_unit(operation, "U-1", components=kit, values=[services.Measured(floor.torque, "13")])
    assert outcome.tone == "bad" and outcome.nonconformance is None
    assert (StockMovement.objects.count(), GenealogyLink.objects.count()) == before
    assert not SerializedUnit.objects.filter(serial="U-1").exists()
    assert all(used.is_sandbox and used.movement_id is None for used in Consumption.objects.all())
    with pytest.raises(Blocked) as refused:
        services.complete_operation(order_operation=operation, actor=floor.operator)
    assert refused.value.codes == ("out_of_limits",)
    assert services.close_order(order=order, actor=floor.planner).status == "closed"


def test_a_grant_at_the_work_center_is_enough_to_work_there(floor: Floor) -> None:
    person = make_user()
    with transaction.atomic(), acting(floor.world.system):
        role = Role(code="wc-operator", name="Operator")
        role.save()
        RolePermission(role=role, permission="mes_execution.execute_orderoperation").save()
        Grant(user=person, role=role, work_center=floor.work_center, starts=now()).save()
    operation = floor.assembling()
    floor.start(operation, person)
    outcome = floor.finish_unit(operation, "U-1", actor=person, values=[services.Measured(floor.torque, "15")])
    assert outcome.record.actor == person and outcome.record.movement.actor == system_user("execution")
    assert outcome.nonconformance.context["operator"] == str(person)
    services.undo_output(output=floor.finish_unit(operation, "U-2", actor=person).record, actor=person)


def test_the_dispatch_list_says_what_is_ready_and_why_not(floor: Floor) -> None:
    order = floor.order()
    rows = dispatch_list(floor.work_center, floor.operator)
    assert [(row.operation.sequence, row.action, row.is_ready) for row in rows] == [
        (10, "start", True),
        (20, "start", False),
    ]
    assert [blocker.code for blocker in rows[1].blockers] == ["sequence"]
    floor.start(floor.first(order))
    rows = dispatch_list(floor.work_center, floor.operator)
    assert (rows[0].action, rows[0].people[0].operator) == ("", floor.operator)
    assert dispatch_list(floor.work_center, floor.colleague)[0].action == "join"


def test_progress_has_every_operation(floor: Floor) -> None:
    order = floor.order()
    assert [row.counters.planned for row in progress(order)] == [2, 2]


def test_orders_are_transitioned_by_the_engine_only(floor: Floor) -> None:
    order = floor.order()
    operations = OrderOperation.objects.filter(order=order)
    births = Transition.objects.filter(subject_type__model="orderoperation", subject_id__in=operations)
    assert births.count() == 2
