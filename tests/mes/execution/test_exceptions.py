"""Values out of limits, defects and calls for help: what follows in the same transaction."""

import io
import uuid
from decimal import Decimal

import pytest

from core.kernel.errors import Blocked
from core.kernel.wiring import ask
from core.lifecycle.models import GateDecision
from core.worklist.models import Assignment
from mes.execution import services
from mes.execution.lifecycle import CHANGE
from mes.execution.models import Andon, DataRecord, DefectReport, OrderOperation
from mes.execution.queries import GateContext
from qms.nonconformance.models import NonConformance
from qms.nonconformance.questions import MeasuredValues
from tests.mes.execution.floor import Floor
from tests.support.people import make_user
from traceability.models import Hold
from traceability.queries import open_holds

TRIAGE = "qms_nonconformance.triage_nonconformance"

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-06")]


def record(
    floor: Floor,
    operation: OrderOperation,
    value: str,
    *,
    reason: str = "",
    client_id: uuid.UUID | None = None,
) -> services.Outcome[DataRecord]:
    return services.record_value(
        order_operation=operation,
        data_point=floor.torque,
        value=value,
        reason=reason,
        client_id=client_id,
        actor=floor.operator,
    )


@pytest.mark.parametrize(
    ("value", "verdict", "tone"),
    [("10", "in", "good"), ("11,25", "in", "good"), ("11.8", "warning", "warn"), ("12", "warning", "warn")],
)
def test_a_value_in_limits_is_recorded_and_nothing_follows(floor: Floor, value: str, verdict: str, tone: str) -> None:
    outcome = record(floor, floor.assembling(), value)
    assert (outcome.record.judgement, outcome.tone) == (verdict, tone)
    assert (outcome.record.lower_limit, outcome.record.upper_limit) == (Decimal(10), Decimal(12))
    assert not NonConformance.objects.exists() and not Hold.objects.exists()


def test_a_value_out_of_limits_raises_and_holds_in_the_same_transaction(floor: Floor) -> None:
    operation = floor.assembling()
    outcome = record(floor, operation, "12.01")
    found = outcome.nonconformance
    assert (outcome.record.value_number, outcome.record.judgement) == (Decimal("12.01"), "out")
    assert (found.status, found.reported_by, found.source) == ("draft", floor.operator, operation)
    assert found.context["measured"] == "12.01" and found.context["order"] == operation.order.number
    assert [hold.lot for hold in open_holds(lot=operation.order.lot)] == [operation.order.lot]
    assert outcome.record.nonconformance == found and outcome.tone == "bad"
    assert found.number in outcome.next_step and "hold" in outcome.next_step
    assert Assignment.objects.filter(kind="triage", to_permission=TRIAGE).count() == 1


def test_measuring_again_keeps_the_first_value_and_completion_waits_for_quality(floor: Floor) -> None:
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation, values=[])
    first = record(floor, operation, "13").record
    with pytest.raises(Blocked) as refusal:
        services.complete_operation(order_operation=operation, actor=floor.operator)
    assert set(refusal.value.codes) == {"hold", "nonconformance_open"}
    again = record(floor, operation, "11", reason="gauge was not zeroed").record
    assert again.supersedes == first and NonConformance.objects.count() == 1
    with pytest.raises(Blocked) as refusal:
        services.complete_operation(order_operation=operation, actor=floor.operator)
    assert set(refusal.value.codes) == {"hold", "nonconformance_open"}
    assert GateDecision.objects.filter(action="complete", allowed=False).count() == 2
    operation.refresh_from_db()
    assert operation.status == "in_progress"


def test_a_unit_with_a_value_out_of_limits_is_finished_and_held_alone(floor: Floor) -> None:
    operation = floor.assembling()
    outcome = floor.finish_unit(operation, "U-5", values=[services.Measured(floor.torque, "9.5")])
    unit = outcome.record.unit
    assert [hold.unit for hold in Hold.objects.all()] == [unit]
    assert outcome.nonconformance.number in outcome.next_step and "U-5" in outcome.next_step
    floor.finish_unit(operation, "U-6")
    with pytest.raises(Blocked) as refusal:
        services.complete_operation(order_operation=operation, actor=floor.operator)
    assert refusal.value.codes == ("nonconformance_open",)


def test_the_nonconformance_hears_the_values_before_it(floor: Floor) -> None:
    operation = floor.assembling(quantity=3)
    for value in ("11", "11.2"):
        floor.finish_unit(operation, values=[services.Measured(floor.torque, value)])
    found = floor.finish_unit(operation, values=[services.Measured(floor.torque, "14")]).nonconformance
    (series,) = ask(
        MeasuredValues(
            nonconformance_id=found.pk,
            source_label=found.source_label,
            source_type_id=found.source_type_id,
            source_id=found.source_id,
        )
    )
    assert [(point.value, point.is_within, point.is_this) for point in series.points] == [
        (Decimal(11), True, False),
        (Decimal("11.2"), True, False),
        (Decimal(14), False, True),
    ]
    assert (series.lower, series.upper) == (Decimal(10), Decimal(12))


def test_what_is_no_value_changes_nothing(floor: Floor) -> None:
    operation = floor.assembling()
    with pytest.raises(Blocked) as refusal:
        record(floor, operation, "eleven")
    assert refusal.value.codes == ("value_not_a_number",)
    assert not DataRecord.objects.exists()


def test_a_slip_of_the_finger_is_corrected_at_once_without_a_reason(floor: Floor) -> None:
    operation = floor.assembling()
    first = record(floor, operation, "11").record
    second = record(floor, operation, "11.1").record
    assert second.supersedes == first and second.reason == "Corrected by the same person within 10 seconds"


def test_a_value_out_of_limits_is_never_a_slip(floor: Floor) -> None:
    operation = floor.assembling()
    first = record(floor, operation, "12.6").record
    with pytest.raises(Blocked) as refusal:
        record(floor, operation, "11")
    assert refusal.value.codes == ("reason",)
    assert list(DataRecord.objects.all()) == [first]
    second = record(floor, operation, "11", reason="Wrench was not zeroed").record
    assert (second.supersedes, second.reason) == (first, "Wrench was not zeroed")


def test_a_unit_with_a_value_out_of_limits_is_not_taken_back_without_a_reason(floor: Floor) -> None:
    operation = floor.assembling()
    output = floor.finish_unit(operation, values=[services.Measured(floor.torque, "14")]).record
    with pytest.raises(Blocked) as refusal:
        services.undo_output(output=output, actor=floor.operator)
    assert "reason" in refusal.value.codes
    assert not hasattr(output, "reversed_by")


def test_a_repeated_out_of_limit_value_raises_once(floor: Floor) -> None:
    operation, once = floor.assembling(), uuid.uuid4()
    first = record(floor, operation, "13", client_id=once)
    second = record(floor, operation, "13", client_id=once)
    assert (second.record, second.repeated) == (first.record, True)
    assert NonConformance.objects.count() == Hold.objects.count() == 1


def test_a_defect_is_reported_with_its_circumstances_and_a_photo(floor: Floor) -> None:
    operation = floor.assembling()
    once = uuid.uuid4()
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
        "e221bc330000000049454e44ae426082"
    )
    for _attempt in range(2):
        outcome = services.report_defect(
            order_operation=operation,
            title="Scratch on the cover",
            severity="major",
            photos=[io.BytesIO(png)],
            client_id=once,
            actor=floor.operator,
        )
    report = DefectReport.objects.get()
    assert outcome.repeated and outcome.record == report.nonconformance
    assert report.nonconformance.detection_point == "in_process"
    assert report.nonconformance.context["operation"] == str(operation)
    assert report.nonconformance.context["instruction"] == str(floor.instruction)
    assert [hold.lot for hold in Hold.objects.all()] == [operation.order.lot]


@pytest.mark.parametrize("data", [b"only words", b"%PDF-1.4\n%%EOF\n", bytes(range(256))])
def test_a_photo_of_a_defect_must_be_a_picture(floor: Floor, data: bytes) -> None:
    operation = floor.assembling()
    file = io.BytesIO(data)
    file.name = "photo.png"
    with pytest.raises(Blocked) as refused:
        services.report_defect(order_operation=operation, title="Scratch", photos=[file], actor=floor.operator)
    assert [blocker.code for blocker in refused.value.blockers] == ["not_a_picture"]
    assert not DefectReport.objects.exists() and not NonConformance.objects.exists() and not Hold.objects.exists()


def test_a_defect_on_a_sandbox_order_raises_nothing(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order(1, is_sandbox=True)))
    outcome = services.report_defect(order_operation=operation, title="Scratch", actor=floor.operator)
    assert outcome.record is None and not NonConformance.objects.exists()


def test_a_call_reaches_the_lead_and_is_answered(floor: Floor) -> None:
    operation = floor.assembling()
    once = uuid.uuid4()
    services.call_lead(order_operation=operation, client_id=once, actor=floor.operator)
    services.call_lead(order_operation=operation, client_id=once, actor=floor.operator)
    andon = Andon.objects.get()
    calls = Assignment.objects.filter(kind="action", subject_type__model="andon")
    assert calls.get().to_role == "lead"  # once, though tapped twice
    services.acknowledge_andon(andon=andon, actor=floor.lead)
    services.close_andon(andon=andon, reason="showed how", actor=floor.lead)
    assert andon.status == "closed" and {(call.to_user, call.status) for call in calls if call.to_user} == {
        (floor.lead, "done")
    }
    assert not calls.filter(status="open").exists()


def test_a_new_instruction_asks_for_a_decision_and_can_be_adopted(floor: Floor) -> None:
    from qms.documents.services import revise_document
    from tests.mes.execution.floor import put_into_force

    order = floor.order()
    system = floor.world.system
    newer = revise_document(document=floor.instruction.document, change_summary="clearer", actor=system)
    put_into_force(newer, system)
    asked = Assignment.objects.get(to_permission=CHANGE, kind="review", subject_id=newer.pk)
    assert "1 open operation" in asked.title and asked.site == floor.site
    engineer = make_user(site=floor.site, permissions=("mes_execution.change_orderoperation",))
    with pytest.raises(Blocked) as refusal:
        services.adopt_instruction(order_operation=floor.last(order), reason="", actor=engineer)
    assert refusal.value.codes == ("reason",)
    services.adopt_instruction(order_operation=floor.last(order), reason="safer", actor=engineer)
    assert floor.last(order).document_revision == newer
    assert GateContext(floor.last(order), engineer).data_points != []
