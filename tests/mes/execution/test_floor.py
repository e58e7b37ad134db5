"""Every verb of the terminal over HTTP: allowed once, refused once in words; a double tap is one deed."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.organization.models import WorkCenter
from core.signing.models import Signature
from mes.execution import services
from mes.execution.models import Andon, Consumption, DataRecord, DefectReport, LaborEntry, Output, StepRecord
from mes.execution.queries import steps_at
from mes.instructions.models import InstructionStep
from tests.mes.execution.floor import OPERATOR, Floor, counts, make_floor
from tests.mes.execution.refusals import everything
from tests.mes.execution.station import Station, make_station
from tests.support.people import make_site, make_user
from traceability.services import place_hold

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-05", "ACC-04")]


@pytest.fixture
def station(floor: Floor) -> Station:
    """A terminal at the floor's work center, the operator signed on."""
    return make_station(floor.work_center, floor.operator)


def words(answer: Any) -> str:
    return str(answer.content.decode())


def refused(answer: Any, *said: str) -> None:
    """The page says why not, in words, and is no server error."""
    assert answer.status_code == 409, words(answer)[-2000:]
    for one in ("This was not done", *said):
        assert one in words(answer)


# --- each verb --------------------------------------------------------------------------------------------------------


def test_start_pause_resume_leave(floor: Floor, station: Station) -> None:
    operation = floor.first(floor.order())
    for deed, kind in (("start", "start"), ("pause", "pause"), ("start", "resume"), ("leave", "end")):
        assert station.do(operation, deed).status_code == 302
        assert LaborEntry.objects.latest("id").kind == kind
    refused(station.do(operation, "pause"), "is not clocked on to", "under your own name")
    refused(station.do(floor.last(operation.order), "start"), "it comes before", "Complete the earlier operation first")


@pytest.mark.requirement("ORD-04")
def test_start_says_every_reason_and_changes_nothing(floor: Floor, station: Station) -> None:
    order = floor.order()
    place_hold(lot=order.lot, reason="wrong label", actor=floor.world.quality)
    before = everything()
    refused(station.do(floor.last(order), "start"), "wrong label", "only they release the hold")
    assert everything() == before


def test_a_step_is_confirmed_and_refused_without_being_clocked_on(floor: Floor, station: Station) -> None:
    operation = floor.assembling()
    step = InstructionStep.objects.get()
    assert station.do(operation, "step", step=step.pk).status_code == 302
    assert StepRecord.objects.get().done
    station.sign_on(floor.colleague)
    refused(station.do(operation, "step", step=step.pk), "is not clocked on to")
    assert StepRecord.objects.count() == 1
    assert station.do(operation, "step", step="999999").status_code == 404


@pytest.mark.requirement("ORD-06")
def test_a_value_is_recorded_and_one_out_of_limits_said_at_once(floor: Floor, station: Station) -> None:
    operation = floor.assembling()
    key = floor.torque.pk
    answer = station.do(operation, "value", data_point=key, **{f"value-{key}": "11,5"})
    assert answer.status_code == 302
    assert DataRecord.objects.get().value_number == Decimal("11.5")
    answer = station.do(operation, "value", data_point=key, reason="slipped", **{f"value-{key}": "13"})
    page = words(station.client.get(answer["Location"]))
    record = DataRecord.objects.latest("id")
    assert record.judgement == "out" and record.nonconformance is not None
    for said in ("Torque 13 recorded.", "was raised", "is on hold", "Out of limits"):
        assert said in page
    for offered in ("Measure again", "Report defect", "Call lead", record.nonconformance.number):
        assert offered in page
    refused(station.do(operation, "value", data_point=key, **{f"value-{key}": "x"}), "x")
    station.lock()
    assert DataRecord.objects.count() == 2


@pytest.mark.requirement("ORD-06")
def test_a_replaced_value_out_of_limits_stays_visible_with_the_reason(floor: Floor, station: Station) -> None:
    operation = floor.assembling()
    key = floor.torque.pk
    station.do(operation, "value", data_point=key, **{f"value-{key}": "12.60"})
    refused(station.do(operation, "value", data_point=key, **{f"value-{key}": "11"}), "a new value needs a reason")
    assert DataRecord.objects.count() == 1
    station.do(operation, "value", data_point=key, reason="Wrench not zeroed", **{f"value-{key}": "11"})
    page = station.client.get(station.address(operation)).content.decode()
    assert "<del>12.60" in page and "Wrench not zeroed" in page
    assert DataRecord.objects.count() == 2


def test_components_are_consumed_and_an_unknown_one_is_refused(floor: Floor, station: Station) -> None:
    operation = floor.assembling()
    lot = floor.lot(floor.parts[1])
    answer = station.ask(operation, "consume", code=lot.number, quantity="1")
    assert answer.status_code == 302 and answer["Location"].endswith("dialog/consume/")
    assert Consumption.objects.get().lot == lot
    refused(station.ask(operation, "consume", code="NOWHERE", quantity="1"), "NOWHERE", "Scan the lot number")
    assert Consumption.objects.count() == 1


def test_good_and_scrap_are_reported_and_more_than_ordered_refused(floor: Floor, station: Station) -> None:
    operation = floor.start(floor.first(floor.order()))
    reason = floor.scrap_reason.pk
    assert station.ask(operation, "output", good="1", scrap="1", scrap_reason=reason).status_code == 302
    assert (Output.objects.get().good, Output.objects.get().scrap) == (1, 1)
    refused(station.ask(operation, "output", good="5", scrap="0"), "xplain")
    refused(station.ask(operation, "output", good="0", scrap="1", explanation="trial"), "scrap")
    assert Output.objects.count() == 1


def test_a_unit_is_finished_and_one_with_a_strange_component_is_not(floor: Floor, station: Station) -> None:
    operation = floor.assembling()
    kit = floor.kit()
    codes = "\n".join([kit[0].unit.serial if kit[0].unit else "", f"{kit[1].lot.number} 1,0"])
    values = {"serial": "U-1", "components": codes, f"value-{floor.torque.pk}": "11"}
    assert station.ask(operation, "unit", **values).status_code == 302
    assert Output.objects.filter(serial="U-1").count() == 1
    before = counts()
    answer = station.ask(operation, "unit", **{**values, "serial": "U-2", "components": "NOWHERE"})
    assert answer.status_code == 422 and "NOWHERE" in words(answer)
    refused(station.ask(operation, "unit", **values), "U-1")
    assert counts() == before


@pytest.mark.requirement("ORD-07")
def test_a_defect_is_reported_and_refused_without_words_or_right(floor: Floor, station: Station) -> None:
    operation = floor.start(floor.first(floor.order()))
    answer = station.ask(operation, "defect", title="Scratched", severity="minor")
    assert answer.status_code == 302
    assert DefectReport.objects.get().nonconformance.title == "Scratched"
    assert station.ask(operation, "defect", title="", severity="minor").status_code == 422
    looking = make_user(site=floor.site, permissions=("mes_execution.view_productionorder",))
    station.sign_on(looking)
    refused(station.ask(operation, "defect", title="Scratched", severity="minor"), "has no right")
    assert DefectReport.objects.count() == 1


def test_a_booking_is_undone_at_once_and_later_only_with_a_reason(floor: Floor, station: Station, clock: Any) -> None:
    used = floor.assembling(floor.order())
    lot = floor.lot(floor.parts[1])
    station.ask(used, "consume", code=lot.number, quantity="1")
    assert station.do(used, "undo", fact=f"consumption-{Consumption.objects.get().pk}").status_code == 302
    assert Consumption.objects.count() == 2
    operation = floor.start(floor.first(floor.order(5)))
    for good in ("1", "2"):
        station.ask(operation, "output", good=good, scrap="0")
    first, second = Output.objects.filter(order_operation=operation).order_by("id")
    assert station.do(operation, "undo", fact=f"output-{second.pk}").status_code == 302
    clock.later(seconds=11)
    station.sign_on(floor.operator)
    refused(station.do(operation, "undo", fact=f"output-{first.pk}"), "Write why it is taken back")
    assert station.do(operation, "undo", fact=f"output-{first.pk}", reason="miscounted").status_code == 302
    assert list(Output.objects.filter(reverses__isnull=False).values_list("reason", flat=True))[-1] == "miscounted"


@pytest.mark.requirement("ORD-04")
def test_a_signature_is_refused_with_a_wrong_secret_and_nothing_is_signed() -> None:
    floor = make_floor(requirements=[{"meaning": "witnessed", "witness": True}])
    station = make_station(floor.work_center, floor.operator)
    operation = floor.assembling()
    values = {"meaning": "witnessed", "user_id": floor.operator.badge, "secret": "0000"}
    answer = station.ask(operation, "sign", **values)
    assert answer.status_code == 409
    assert not Signature.objects.filter(subject_type__model="orderoperation").exists()


# --- one deed however often it is tapped ------------------------------------------------------------------------------


def test_a_double_tap_is_one_deed(floor: Floor, station: Station) -> None:
    one = {"client_id": str(uuid.uuid4())}
    operation = floor.first(floor.order(9))
    for _tap in range(2):
        assert station.do(operation, "start", **one).status_code == 302
    assert LaborEntry.objects.count() == 1
    key, lot = floor.torque.pk, floor.lot(floor.parts[1])
    taps: list[tuple[Any, dict[str, Any], Any]] = [
        (station.ask, {"dialog": "output", "good": "1", "scrap": "0"}, Output),
        (station.ask, {"dialog": "defect", "title": "Scratched", "severity": "minor"}, DefectReport),
        (station.do, {"deed": "call"}, Andon),
    ]
    for send, values, model in taps:
        one = {"client_id": str(uuid.uuid4())}
        assert [send(operation, **values, **one).status_code for _tap in range(2)] == [302, 302]
        assert model.objects.count() == 1
    assembling = floor.assembling(floor.order())
    step = InstructionStep.objects.get()
    taps = [
        (station.do, {"deed": "value", "data_point": key, f"value-{key}": "11"}, DataRecord),
        (station.do, {"deed": "step", "step": step.pk}, StepRecord),
        (station.ask, {"dialog": "consume", "code": lot.number, "quantity": "1"}, Consumption),
    ]
    for send, values, model in taps:
        one = {"client_id": str(uuid.uuid4())}
        before = model.objects.count()
        assert [send(assembling, **values, **one).status_code for _tap in range(2)] == [302, 302]
        assert model.objects.count() == before + 1


def test_an_id_that_was_used_for_another_operation_is_refused(floor: Floor, station: Station) -> None:
    one = {"client_id": str(uuid.uuid4())}
    station.do(floor.first(floor.order()), "start", **one)
    refused(station.do(floor.first(floor.order()), "start", **one), "already used for another operation")


# --- who, and where ---------------------------------------------------------------------------------------------------


def test_nobody_acts_at_a_locked_or_left_station(floor: Floor, station: Station) -> None:
    operation = floor.start(floor.first(floor.order()))
    before = counts()
    station.lock()
    answer = station.ask(operation, "output", good="1", scrap="0")
    assert answer.status_code == 302 and "/sign-on/?next=" in answer["Location"]
    session = station.sign_on(floor.operator)
    station.client.post(station.address(rest="lock/"), {"leave": "1"})
    session.refresh_from_db()
    assert session.ended_at is not None
    assert "/sign-on/" in station.do(operation, "pause")["Location"]
    assert counts() == before


def test_nobody_acts_at_an_idle_station(floor: Floor, station: Station, clock: Any) -> None:
    operation = floor.start(floor.first(floor.order()))
    clock.later(seconds=station.terminal.idle_lock_seconds + 5)
    assert "/sign-on/" in station.do(operation, "pause")["Location"]
    assert LaborEntry.objects.count() == 1


def test_a_colleague_signed_on_does_not_act_in_the_run_of_another(floor: Floor, station: Station) -> None:
    operation = floor.start(floor.first(floor.order()))
    station.sign_on(floor.colleague)
    before = counts()
    for answer in (
        station.ask(operation, "output", good="1", scrap="0"),
        station.ask(operation, "complete", explanation=""),
        station.do(operation, "leave"),
    ):
        refused(answer, "is not clocked on to")
    assert counts() == before


@pytest.mark.requirement("ORD-04")
def test_a_station_elsewhere_does_not_work_on_this_run(floor: Floor) -> None:
    operation = floor.assembling()
    with transaction.atomic(), acting(floor.world.system):
        elsewhere = WorkCenter(area=floor.work_center.area, code="WC9", name="Paint")
        elsewhere.save()
    paint = make_station(elsewhere, floor.operator)
    key, lot = floor.torque.pk, floor.lot(floor.parts[1])
    before = counts()
    for answer in (
        paint.do(operation, "value", data_point=key, **{f"value-{key}": "11"}),
        paint.do(operation, "step", step=InstructionStep.objects.get().pk),
        paint.ask(operation, "consume", code=lot.number, quantity="1"),
        paint.ask(operation, "output", good="1", scrap="0"),
        paint.ask(operation, "unit", serial="U-1", components=""),
        paint.ask(operation, "complete", explanation="done"),
    ):
        refused(answer, "stands at", "Go to a terminal of that work center")
    assert counts() == before


@pytest.mark.requirement("ACC-03")
def test_a_browser_that_is_not_this_station_and_a_person_of_another_site_see_nothing(
    floor: Floor, station: Station
) -> None:
    operation = floor.first(floor.order())
    other = make_station(floor.work_center, floor.operator)
    assert other.client.get(station.address(operation)).status_code == 403
    stranger = make_user(site=make_site(), permissions=OPERATOR)
    station.sign_on(stranger)
    assert station.client.get(station.address(operation)).status_code == 404
    assert station.do(operation, "start").status_code == 404
    assert not LaborEntry.objects.exists()


# --- bad input --------------------------------------------------------------------------------------------------------

BAD_NUMBERS = ("abc", "1,2,3", "1.000,5", "-1", "1e400", "NaN", "Infinity", "9" * 40, "1\x00", "")


@pytest.mark.parametrize("number", BAD_NUMBERS)
def test_a_bad_number_is_refused_in_words_everywhere(floor: Floor, station: Station, number: str) -> None:
    operation = floor.assembling()
    key, lot = floor.torque.pk, floor.lot(floor.parts[1])
    before = counts()
    answers = [
        station.do(operation, "value", data_point=key, **{f"value-{key}": number}),
        station.ask(operation, "consume", code=lot.number, quantity=number),
        station.ask(operation, "output", good=number, scrap="0"),
    ]
    if number:
        answers.append(station.ask(operation, "unit", serial="U-1", components=f"{lot.number} {number}"))
    if number == "-1":  # a number, and far out of limits: kept, as any measured value
        assert answers.pop(0).status_code == 302
        before = {**before, "mes_execution.DataRecord": before["mes_execution.DataRecord"] + 1}
    for answer in answers:
        assert answer.status_code in (409, 422), (number, answer.status_code)
        assert "tl-notice" in words(answer) or "tl-error" in words(answer)
    assert counts() == before


def test_a_refused_value_stays_at_its_step_with_what_was_typed_and_why(floor: Floor, station: Station) -> None:
    operation = floor.assembling()
    key = floor.torque.pk
    step = next(s.number for s in steps_at(operation) for e in s.entries if e.point.pk == key)
    given = {"data_point": key, f"value-{key}": "12,x", "reason": "slipped"}
    answer = station.do(operation, "value", step_number=step, **given)
    assert answer.status_code == 409 and answer.context["step"].number == step
    field = re.search(rf'<input id="id_value_{key}"[^>]*>', words(answer))
    assert field and 'value="12,x"' in field[0] and 'aria-invalid="true"' in field[0]
    said = re.search(rf'id="id_value_{key}_error">(.*?)</p>', words(answer), re.DOTALL)
    assert said and answer.context["blockers"][0].message in unescape(said[1])
    other = station.do(operation, "value", step_number=len(steps_at(operation)), **given)
    assert other.context["step"].number == len(steps_at(operation))


def test_an_empty_quantity_is_none_and_the_dialog_says_what_is_left(floor: Floor, station: Station) -> None:
    operation = floor.first(floor.order())
    station.do(operation, "start")
    asked = station.client.get(station.address(operation) + "dialog/output/")
    assert "are not reported yet" in words(asked) and operation.order.material.uom.symbol in words(asked)
    assert station.ask(operation, "output", good="1", scrap="").status_code == 302
    assert [(o.good, o.scrap) for o in Output.objects.all()] == [(1, 0)]
    assert station.ask(operation, "output", good="", scrap="").status_code == 409


@pytest.mark.parametrize("deed", ["step", "value", "undo", "nothing"])
@pytest.mark.parametrize("wrong", ["²", "-1", "9" * 5000, "x", "", "output-²", "consumption-" + "9" * 30])
def test_wrong_ids_are_not_found(floor: Floor, station: Station, deed: str, wrong: str) -> None:
    operation = floor.assembling()
    before = counts()
    answer = station.do(operation, deed, step=wrong, data_point=wrong, fact=wrong, step_number=wrong)
    assert answer.status_code == 404
    assert counts() == before


def test_wrong_addresses_are_not_found(floor: Floor, station: Station) -> None:
    operation = floor.first(floor.order())
    assert station.client.get(station.address(operation) + "?step=²").status_code == 200
    for rest in ("operations/99999999999999999999999/", "operations/0/", "operations/x/", "dialog/none/"):
        assert station.client.get(station.address(rest=rest)).status_code == 404


def test_text_that_cannot_be_kept_is_refused_in_words(floor: Floor, station: Station) -> None:
    operation = floor.assembling()
    key = floor.torque.pk
    for text in ("a\x00b", "x" * 5000):
        answer = station.do(operation, "value", data_point=key, **{f"value-{key}": text})
        assert answer.status_code == 422
        assert "This was not done" in words(answer)
        assert (
            "at most 4000 characters" if len(text) > 4000 else "There is an invisible character in the text"
        ) in words(answer)
        assert station.do(operation, "undo", fact="output-1", reason=text).status_code == 404
        assert station.ask(operation, "defect", title=text, severity="minor").status_code == 422
        assert station.ask(operation, "consume", code=text, quantity="1").status_code == 422
    huge = station.do(operation, "value", data_point=key, **{f"value-{key}": "x" * 10_500_000})
    assert huge.status_code in (400, 413)
    assert not DataRecord.objects.exists()


def test_an_id_of_something_else_is_no_choice(floor: Floor, station: Station) -> None:
    operation = floor.start(floor.first(floor.order()))
    for reason in ("999999", "x", "-1", "9" * 40):
        answer = station.ask(operation, "output", good="0", scrap="1", scrap_reason=reason)
        assert answer.status_code == 422
    assert station.ask(operation, "defect", title="x", severity="worst").status_code == 422
    assert not Output.objects.exists()
    with pytest.raises(ValueError, match="worst"):
        services.raise_andon(order_operation=operation, category="worst", actor=floor.operator)
