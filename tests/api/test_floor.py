"""An operation worked by programs, as at a terminal; a nonconformance raised, triaged and disposed of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.lifecycle.models import GateDecision
from core.organization.models import ApiToken
from core.organization.services import people
from mes.execution.models import Consumption, DataRecord, FloorNote, OperationRun, Output, ProductionOrder
from qms.nonconformance.models import NonConformance
from tests.api.conftest import MAKE, Program, program_of
from tests.api.test_kit import refused
from tests.mes.execution.floor import Floor, counts, make_floor
from tests.support.people import grant

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("API-01")]
AT = "mes/execution/order-operations/"


@pytest.fixture
def floor(db: None) -> Floor:
    return make_floor()


def of(floor: Floor, user: Any, *more: str) -> Program:
    grant(user, floor.site, MAKE, *more)
    return program_of(user)


def done(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.content
    return answer.json()


def test_an_order_is_created_and_released(floor: Floor) -> None:
    planner = of(floor, floor.planner)
    body = {"site": floor.site.pk, "material": floor.product.pk, "quantity": 3, "priority": 5}
    made = done(planner.post("mes/execution/production-orders/", body))
    address = f"mes/execution/production-orders/{made['id']}/"
    released = done(planner.post(f"{address}release/", {}, If_Match=f'"{made["version"]}"'))
    assert released["status"] == "released"
    assert ProductionOrder.objects.get(pk=made["id"]).status == "released"
    rows = done(planner.get(f"{address}operations/"))["results"]
    assert [row["operation"]["sequence"] for row in rows] == sorted(row["operation"]["sequence"] for row in rows)
    refused(planner.post(f"{address}release/", {}, If_Match=f'"{released["version"]}"'), 409)


def test_an_operation_is_worked(floor: Floor) -> None:
    operator = of(floor, floor.operator)
    order = floor.order(2)
    first, second = order.operations.order_by("sequence")
    dispatch = done(operator.get(f"mes/execution/work-centers/{floor.work_center.pk}/dispatch/"))["results"]
    rows = {row["operation"]["id"]: row for row in dispatch}
    assert rows[first.pk]["is_ready"] is True and rows[first.pk]["action"] == "start"
    assert rows[second.pk]["is_ready"] is False and rows[second.pk]["blockers"][0]["message"]
    refused(operator.post(f"{AT}{second.pk}/start/"), 409)

    assert done(operator.post(f"{AT}{first.pk}/start/"))["status"] == "running"
    assert done(operator.post(f"{AT}{first.pk}/pause/", {"note": "break"}))["status"] == "paused"
    assert done(operator.post(f"{AT}{first.pk}/resume/"))["status"] == "running"
    refused(operator.post(f"{AT}{first.pk}/report-output/", {"good": "x", "scrap": 0}), 400)
    output = done(operator.post(f"{AT}{first.pk}/report-output/", {"good": 2, "scrap": 0}))
    assert Decimal(output["good"]) == 2
    undo = {"kind": "output", "booking": output["id"], "reason": "counted wrongly"}
    done(operator.post(f"{AT}{first.pk}/undo/", undo))
    assert Output.objects.filter(reverses_id=output["id"]).exists()
    done(operator.post(f"{AT}{first.pk}/report-output/", {"good": 2, "scrap": 0}))
    done(operator.post(f"{AT}{first.pk}/complete/", {"explanation": ""}))

    done(operator.post(f"{AT}{second.pk}/start/"))
    body = {"data_point": floor.torque.pk, "value": "11"}
    value = done(operator.post(f"{AT}{second.pk}/record-value/", body))
    assert value["judgement"] == DataRecord.objects.get(pk=value["id"]).judgement
    refused(operator.post(f"{AT}{second.pk}/record-value/", {**body, "data_point": 999}), 422)
    lot = floor.lot(floor.parts[1])
    used = operator.post(f"{AT}{second.pk}/consume/", {"code": lot.number, "quantity": 1})
    assert done(used)["lot"] == lot.pk and Consumption.objects.filter(lot=lot).count() == 1
    raised = done(operator.post(f"{AT}{second.pk}/report-defect/", {"title": "Scratched", "severity": "minor"}))
    assert NonConformance.objects.get(pk=raised["id"]).source_label


@pytest.mark.requirement("API-14")
def test_a_programs_booking_says_so_and_is_at_no_terminal(floor: Floor) -> None:
    operator, order = of(floor, floor.operator), floor.order(2)
    first, second = order.operations.order_by("sequence")
    token = ApiToken.objects.get(user=floor.operator)
    run = done(operator.post(f"{AT}{first.pk}/start/"))
    assert run["terminal"] is None and run["operator"] == floor.operator.pk
    output = done(operator.post(f"{AT}{first.pk}/report-output/", {"good": 2, "scrap": 0}))
    said = f"POST /api/v1/{AT}{first.pk}/report-output/ (API token {token.pk})"
    assert output["stamped_source"] == said == Output.objects.get(pk=output["id"]).stamped_source
    assert output["actor"] == floor.operator.pk

    refused(operator.post(f"{AT}{second.pk}/start/"), 409)  # the first is not completed: every gate is asked
    denied = GateDecision.objects.filter(allowed=False).latest("pk")
    assert denied.actor_id == floor.operator.pk and denied.stamped_source.endswith(f"(API token {token.pk})")
    refused(of(floor, floor.planner).post(f"{AT}{first.pk}/complete/", {"explanation": ""}), 409)
    assert not OperationRun.objects.filter(order_operation=second).exists()


@pytest.mark.requirement("API-14")
def test_a_pin_is_no_secret_where_there_is_no_terminal(db: None) -> None:
    floor = make_floor(requirements=[{"meaning": "performed"}])
    people.set_pin(pin="4711", actor=floor.operator)
    operation = floor.assembling(quantity=1)
    operator = of(floor, floor.operator)
    before = counts()
    signature = {"user_name": floor.operator.username, "secret": "4711", "meaning": "performed"}
    refused(operator.post(f"{AT}{operation.pk}/complete/", {"explanation": "", "signature": signature}), 409)
    assert counts() == before


@pytest.mark.requirement("API-14")
def test_a_note_is_left_at_a_work_center(floor: Floor) -> None:
    operator, at = of(floor, floor.operator), f"mes/execution/work-centers/{floor.work_center.pk}/note/"
    left = done(operator.post(at, {"kind": "count", "text": "pallets", "number": 3}))
    assert Decimal(left["number"]) == 3 and "API token" in left["stamped_source"]
    assert FloorNote.objects.get().actor_id == floor.operator.pk
    refused(operator.post(at, {"kind": "note", "text": ""}), 409)
    refused(operator.post(at, {"kind": "gossip", "text": "x"}), 422)
    refused(of(floor, floor.planner).post(at, {"kind": "note", "text": "no right to work here"}), 403)


def test_a_repeated_booking_is_done_once(floor: Floor) -> None:
    operator, first = of(floor, floor.operator), floor.order(2).operations.order_by("sequence")[0]
    done(operator.post(f"{AT}{first.pk}/start/"))
    body = {"good": 1, "scrap": 0}
    answers = [operator.post(f"{AT}{first.pk}/report-output/", body, Idempotency_Key="booked") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert Output.objects.filter(order_operation=first).count() == 1


def test_a_nonconformance_is_raised_and_triaged(floor: Floor) -> None:
    rights = [f"qms_nonconformance.{name}" for name in ("view_nonconformance", "raise_nonconformance",
              "triage_nonconformance", "propose_disposition", "change_defectcode")]  # fmt: skip
    quality = of(floor, floor.lead, *rights)
    lot = floor.world.lot(5)
    body = {
        "site": floor.site.pk, "kind": "nonconformance", "title": "Wet cartons", "severity": "minor",
        "thing_1": lot.number, "quantity_1": 2,
    }  # fmt: skip
    made = done(quality.post("qms/nonconformance/nonconformances/", body))
    address = f"qms/nonconformance/nonconformances/{made['id']}/"
    items = done(quality.get(f"{address}items/"))["results"]
    assert [(item["lot"], Decimal(item["quantity"])) for item in items] == [(lot.pk, Decimal(2))]
    refused(quality.post("qms/nonconformance/nonconformances/", {**body, "photos": "x"}), 400)

    code = done(quality.post("qms/nonconformance/codes/", {"code": "WET", "name": "Wet", "severity": "minor"}))
    judged = {"severity": "major", "defect_code": code["id"], "owner": floor.lead.pk, "title": "Wet"}
    assert done(quality.post(f"{address}triage/", judged))["severity"] == "major"
    proposal = {"item": items[0]["id"], "kind": "use_as_is", "quantity": 2, "justification": "Only the carton is wet."}
    done(quality.post(f"{address}propose/", proposal))
    lines = done(quality.get(f"{address}dispositions/"))["results"]
    assert [line["status"] for line in lines] == ["proposed"]
