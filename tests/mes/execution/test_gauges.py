"""A value that is measured with a gauge names one in calibration: on the terminal, by the service, through the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.services import places, system_user
from mes.execution import services
from mes.execution.models import DataRecord, OrderOperation
from mes.execution.queries import GateContext, dispatch_list
from mes.execution.services import Measured
from qms.calibration.models import CalibrationRecord
from qms.calibration.queries import look_back, today_at
from qms.calibration.services import answer_values, close_calibration
from tests.api.conftest import MAKE, program_of
from tests.mes.execution.floor import Floor, counts, denials, make_floor
from tests.mes.execution.station import make_station
from tests.qms.calibration.lab import Lab, make_kind, make_lab
from tests.support.kept import made_once
from tests.support.people import grant, make_site, proof, work_center_of
from tests.support.visits import visit_as
from tests.traceability.world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("CAL-03")]


def _make() -> tuple[Floor, Lab]:
    site = make_site()
    kind = make_kind()
    return make_floor(world=make_world(site=site), gauge_class=kind), make_lab(site, kind)


kept = made_once(_make)


@pytest.fixture
def both(kept: Callable[[], tuple[Floor, Lab]], db: None) -> tuple[Floor, Lab]:
    """A floor whose torque is measured with a gauge, and the laboratory that keeps the gauges."""
    return kept()


def refused(operation: OrderOperation, floor: Floor, **values: Any) -> tuple[str, ...]:
    """With which codes a value is refused, after checking that no fact was kept but the stored denial."""
    before, denied = counts(), len(denials("record"))
    with pytest.raises(Blocked) as found:
        services.record_value(
            order_operation=operation, data_point=floor.torque, value="11", actor=floor.operator, **values
        )
    assert counts() == before and len(denials("record")) == denied + 1
    assert all("gauge" in blocker.remedy for blocker in found.value.blockers)
    return found.value.codes


def test_a_value_takes_a_gauge_in_calibration_and_keeps_it(both: tuple[Floor, Lab]) -> None:
    floor, lab = both
    gauge = lab.good("TW-GOOD")
    operation = floor.assembling()
    assert refused(operation, floor) == ("gauge_missing",)
    done = services.record_value(
        order_operation=operation, data_point=floor.torque, value="11", gauge=gauge.equipment, actor=floor.operator
    )
    assert (done.record.gauge, done.record.calibration) == (gauge.equipment, gauge.in_force)


@pytest.mark.parametrize("wrong", ["overdue", "failed", "never", "out_of_service", "class", "unplanned"])
def test_a_gauge_that_may_not_be_used_is_refused(both: tuple[Floor, Lab], wrong: str) -> None:
    floor, lab = both
    lab.good()
    operation = floor.assembling()
    if wrong == "overdue":
        plan = lab.good(on=today_at(lab.site) - dt.timedelta(days=800))
    elif wrong == "class":
        plan = lab.good(equipment_class=make_kind())
    else:
        plan = lab.gauge() if wrong == "never" else lab.good()
    if wrong == "failed":
        lab.finished(plan, "12")
    if wrong == "out_of_service":
        perform(plan, "take_out", actor=lab.performer, reason="Dropped", signature=proof(lab.performer, "performed"))
    equipment = plan.equipment
    if wrong == "unplanned":
        equipment = places.create_equipment(
            work_center=work_center_of(lab.site), code="PLAIN", name="Wrench", equipment_class=lab.kind,
            actor=system_user("test"),
        )  # fmt: skip
    assert refused(operation, floor, gauge=equipment) == (f"gauge_{wrong}",)


def test_without_a_gauge_at_hand_the_operation_says_so_before_it_is_started(both: tuple[Floor, Lab]) -> None:
    floor, lab = both
    order = floor.order()
    floor.finish_first(order)

    def why() -> set[str]:
        rows = [row for row in dispatch_list(floor.work_center, floor.operator) if row.operation.order == order]
        return {blocker.code for blocker in rows[0].blockers}

    assert why() == {"gauge_none"}
    with pytest.raises(Blocked) as found:
        services.start_operation(order_operation=floor.last(order), actor=floor.operator)
    assert found.value.codes == ("gauge_none",)
    lab.good()
    assert why() == set()
    services.start_operation(order_operation=floor.last(order), actor=floor.operator)


def test_asking_for_gauges_does_not_grow_with_the_list(both: tuple[Floor, Lab]) -> None:
    floor, lab = both
    lab.good()
    spent = []
    for _round in range(2):
        for _one in range(3):
            floor.order()
        with CaptureQueriesContext(connection) as queries:
            dispatch_list(floor.work_center, floor.operator)
        spent.append(len(queries))
    assert spent[0] == spent[1] <= 15


def test_a_unit_is_finished_with_the_gauge_of_its_values(both: tuple[Floor, Lab]) -> None:
    floor, lab = both
    gauge = lab.good()
    operation, kit = floor.assembling(), floor.kit()
    before = counts()
    with pytest.raises(Blocked) as found:
        floor.finish_unit(operation, components=kit)
    assert found.value.codes == ("gauge_missing",) and counts() == before
    floor.finish_unit(operation, components=kit, values=[Measured(floor.torque, "11", gauge.equipment)])
    assert DataRecord.objects.get().calibration == gauge.in_force


@pytest.mark.requirement("CAL-02")
def test_the_look_back_lists_what_was_measured_since_the_last_good_calibration(both: tuple[Floor, Lab]) -> None:
    floor, lab = both
    gauge, other = lab.good(), lab.good()
    operation = floor.assembling()
    for value, used in (("11", gauge), ("10.5", other), ("11.2", gauge)):
        services.record_value(
            order_operation=operation, data_point=floor.torque, value=value, gauge=used.equipment,
            reason="Again", actor=floor.operator,
        )  # fmt: skip
    record = CalibrationRecord.objects.get(pk=lab.confirmed(gauge, "12", "10").pk)
    seen = look_back(record)
    expected = DataRecord.objects.filter(gauge=gauge.equipment).order_by("-pk")
    assert [value.key for value in seen.values] == [f"data-record-{one.pk}" for one in expected]
    assert len(seen.values) == 2 and seen.good == gauge.in_force
    closing: dict[str, Any] = {
        "record": record,
        "impact": "accepted",
        "impact_note": "All the same.",
        "actor": lab.quality,
    }
    with pytest.raises(Blocked) as found:
        close_calibration(**closing, signature=proof(lab.quality, "closed"))
    assert found.value.codes == ("values_open",) and not record.answers.exists()
    first, second = (value.key for value in seen.values)
    asked: dict[str, Any] = {"record": record, "keys": [first], "answer": "acceptable", "reason": "In limits."}
    for code, values in (("reason", {"reason": " "}), ("not_in_question", {"keys": ["data-record-0"]})):
        with pytest.raises(Blocked) as found:
            answer_values(**{**asked, **values}, actor=lab.quality)
        assert found.value.codes == (code,) and not record.answers.exists()
    answer_values(record=record, keys=[first, second], answer="unaffected", reason="Far off.", actor=lab.quality)
    answer_values(record=record, keys=[second], answer="action", reason="NC raised.", actor=lab.quality)
    with pytest.raises(Blocked) as found:
        close_calibration(**closing, signature=proof(lab.quality, "closed"))
    assert found.value.codes == ("impact_differs",), "one of the values says more than the whole"
    answer_values(record=record, keys=[second], answer="acceptable", reason="In limits.", actor=lab.quality)
    assert record.answers.count() == 4 and look_back(record).sha256 != seen.sha256
    close_calibration(
        record=record, impact="accepted", impact_note="Within the limits all the same.", actor=lab.quality,
        signature=proof(lab.quality, "closed"),
    )  # fmt: skip
    assert record.history.first().affected_values == 2
    with pytest.raises(Blocked) as found:
        answer_values(record=record, keys=[first], answer="action", reason="Late.", actor=lab.quality)
    assert found.value.codes == ("not_in_question",) and record.answers.count() == 4


@pytest.mark.requirement("CAL-02")
def test_values_in_question_are_answered_on_their_page_and_by_a_program(both: tuple[Floor, Lab]) -> None:
    floor, lab = both
    gauge = lab.good()
    operation = floor.assembling()
    services.record_value(
        order_operation=operation, data_point=floor.torque, value="11", gauge=gauge.equipment, actor=floor.operator
    )
    record = lab.confirmed(gauge, "12", "10")
    grant(lab.quality, floor.site, MAKE, "mes_execution.view_productionorder")
    client, program = visit_as(lab.quality), program_of(lab.quality)
    page = client.get(reverse("qms_calibration:calibrationrecord_look_back", args=[record.pk])).content.decode()
    assert "Of 1 value nothing is said yet." in page and "Answer for values" in page
    url = reverse("qms_calibration:calibrationrecord_answer", args=[record.pk])
    (value,) = look_back(record).values
    sent = {"values": [value.key], "answer": "acceptable", "reason": "In limits."}
    assert client.post(url, {**sent, "values": ["data-record-0"]}).status_code == 422
    assert client.post(url, {**sent, "reason": ""}).status_code in (409, 422) and not record.answers.exists()
    assert client.post(url, sent).status_code == 302
    at = f"qms/calibration/calibrations/{record.pk}/"
    answered = program.post(f"{at}answer-values/", {**sent, "answer": "unaffected", "reason": "Measured twice."})
    assert answered.status_code == 200, answered.content
    rows = program.get(f"{at}answers/").json()["results"]
    assert [(row["key"], row["answer"]) for row in rows] == [(value.key, "acceptable"), (value.key, "unaffected")]
    page = client.get(reverse("qms_calibration:calibrationrecord_look_back", args=[record.pk])).content.decode()
    assert "Not affected" in page and "Measured twice." in page and "nothing is said yet" not in page


def test_a_value_by_a_program_names_its_gauge(both: tuple[Floor, Lab]) -> None:
    floor, lab = both
    lab.good("TW-API")
    operation = floor.assembling()
    grant(floor.operator, floor.site, MAKE)
    program = program_of(floor.operator)
    address = f"mes/execution/order-operations/{operation.pk}/record-value/"
    body = {"data_point": floor.torque.pk, "value": "11"}
    assert program.post(address, body).status_code == 409
    unknown = program.post(address, {**body, "gauge": "NO-SUCH"})
    assert unknown.status_code == 409 and "NO-SUCH" in unknown.content.decode()
    assert program.post(address, {**body, "gauge": "tw-api"}).status_code == 200
    assert DataRecord.objects.get().gauge is not None


def test_at_the_terminal_the_gauge_is_scanned_and_an_overdue_one_is_refused(both: tuple[Floor, Lab]) -> None:
    floor, lab = both
    good = lab.good("TW-TERM")
    overdue = lab.good("TW-LATE", on=today_at(lab.site) - dt.timedelta(days=800))
    operation = floor.assembling()
    station = make_station(floor.work_center, floor.operator)
    told = station.client.get(station.address(rest="scan/"), {"code": "tw-term"}, HTTP_ACCEPT="application/json").json()
    assert told["url"] == station.address(operation, f"?gauge={good.number}")
    assert f'value="{good.number}"' in station.client.get(told["url"]).content.decode()
    entry = {"data_point": floor.torque.pk, f"value-{floor.torque.pk}": "11"}
    late = station.do(operation, "value", **entry, gauge=overdue.number)
    page = late.content.decode()
    assert late.status_code == 409 and "was due on" in page and "Scan another gauge." in page
    assert not DataRecord.objects.exists()
    done = station.do(operation, "value", **entry, gauge=good.number)
    assert done.status_code == 302 and f"gauge={good.number}" in done["Location"]
    assert DataRecord.objects.get().calibration == good.in_force
    assert f"measured with {good.equipment}" in station.client.get(done["Location"]).content.decode()


def test_equipment_that_is_a_gauge_is_present_while_it_is_in_calibration(both: tuple[Floor, Lab]) -> None:
    floor, lab = both
    operation = floor.first(floor.order())
    classes = GateContext(operation, floor.operator).equipment_classes
    plan = lab.gauge()
    assert lab.kind.pk not in classes
    assert lab.kind.pk not in GateContext(operation, floor.operator).equipment_classes
    lab.verified(plan)
    assert lab.kind.pk in GateContext(operation, floor.operator).equipment_classes
