"""Notes, hand-overs and calls for help: gated by nothing but the right to work here, kept once, seen by the next."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from core.files.models import Attachment
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import Grant, Role, WorkCenter
from core.organization.services import system_user
from core.worklist.models import Assignment, Escalation, Notification
from core.worklist.services import escalate_due, set_escalation_rule
from mes.execution import services
from mes.execution.models import Andon, FloorNote
from mes.execution.queries import changes_since, last_shift, open_calls
from tests.mes.execution.conftest import Clock
from tests.mes.execution.floor import OPERATOR, Floor
from tests.mes.execution.station import Station, make_station
from tests.support.ladders import raised_by
from tests.support.people import make_site, make_user
from traceability.services import place_hold

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def station(floor: Floor) -> Station:
    return make_station(floor.work_center, floor.operator)


def send(station: Station, **values: Any) -> Any:
    return station.client.post(station.address(rest="notes/"), {"kind": "note", **values}, **JSON)  # type: ignore[arg-type]


def photo() -> SimpleUploadedFile:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    return SimpleUploadedFile("part.png", picture.getvalue(), "image/png")


def lead_of(floor: Floor) -> Any:
    """Gives the floor's lead the role that is called."""
    with transaction.atomic(), acting(system_user("test")):
        role, _made = Role.objects.get_or_create(code="lead", defaults={"name": "Lead"})
        Grant(user=floor.lead, role=role, site=floor.site, starts=now()).save()
    return floor.lead


# --- notes ------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("TRM-04")
def test_a_note_from_the_queue_is_kept_once_with_the_time_of_the_station(floor: Floor, station: Station) -> None:
    operation = floor.first(floor.order())
    client_id, at = str(uuid.uuid4()), now() - dt.timedelta(hours=2)
    entry = {
        "text": "Jig is loose",
        "operation": operation.pk,
        "operator": floor.operator.pk,
        "client_id": client_id,
        "noted_at": at.isoformat(),
    }
    answers = [send(station, **entry) for _sending in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    note = FloorNote.objects.get()
    assert (note.actor, note.order_operation, note.text, note.noted_at) == (
        floor.operator,
        operation,
        "Jig is loose",
        at,
    )
    assert note.stamped_at > at
    assert "Jig is loose" in answers[0].json()["said"]


@pytest.mark.requirement("TRM-04")
def test_what_somebody_wrote_waits_until_they_are_signed_on_again(floor: Floor, station: Station) -> None:
    station.sign_on(floor.colleague)
    answer = send(station, text="Mine", operator=floor.operator.pk)
    assert (answer.status_code, answer.json()["waits"]) == (409, True)
    assert str(floor.operator) in answer.json()["said"]
    station.lock()
    assert send(station, text="Mine", operator=floor.operator.pk).status_code == 302
    assert not FloorNote.objects.exists()


@pytest.mark.requirement("TRM-04")
def test_counts_times_and_photos_are_notes_too(floor: Floor, station: Station) -> None:
    assert send(station, kind="count", number="12,5").status_code == 200
    assert send(station, kind="timer", number="90", text="Curing").status_code == 200
    assert send(station, kind="photo", photo=photo(), text="Scratch").status_code == 200
    kinds = list(FloorNote.objects.order_by("id").values_list("kind", "number"))
    assert kinds == [("count", Decimal("12.5")), ("timer", Decimal(90)), ("photo", None)]
    assert Attachment.objects.get(subject_id=FloorNote.objects.latest("id").pk).caption == "Scratch"


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"kind": "count"},
        {"kind": "count", "number": "abc"},
        {"kind": "timer", "number": "-1"},
        {"kind": "count", "number": "1e400"},
        {"kind": "photo"},
        {"kind": "consume", "text": "x"},
        {"text": "a\x00b"},
        {"text": "x" * 4001},
        {"text": "x", "operation": "999999"},
        {"text": "x", "operation": "²"},
        {"text": "x", "operator": "999999"},
        {"text": "x", "client_id": "no"},
        {"text": "x", "noted_at": "yesterday"},
    ],
)
def test_a_wrong_note_is_refused_in_words(station: Station, wrong: dict[str, Any]) -> None:
    answer = send(station, **wrong)
    assert answer.status_code in (409, 422)
    assert len(answer.json()["said"]) > 10 and not answer.json()["waits"]
    assert not FloorNote.objects.exists()


def test_a_note_needs_the_right_to_work_here_and_its_own_work_center(floor: Floor) -> None:
    stranger = make_user(site=make_site(), permissions=OPERATOR)
    with pytest.raises(Blocked) as refused:
        services.leave_note(work_center=floor.work_center, kind="note", text="x", actor=stranger)
    assert refused.value.codes == ("permission",)
    with transaction.atomic(), acting(floor.world.system):
        elsewhere = WorkCenter(area=floor.work_center.area, code="WC9", name="Paint")
        elsewhere.save()
    operation = floor.first(floor.order())
    with pytest.raises(Blocked) as refused:
        services.leave_note(
            work_center=elsewhere, kind="note", text="x", order_operation=operation, actor=floor.operator
        )
    assert refused.value.codes == ("work_center",)
    client_id = uuid.uuid4()
    services.leave_note(work_center=floor.work_center, kind="note", text="x", client_id=client_id, actor=floor.operator)
    with pytest.raises(Blocked) as refused:
        services.leave_note(
            work_center=floor.work_center, kind="note", text="x", client_id=client_id, actor=floor.colleague
        )
    assert refused.value.codes == ("client_id",)
    assert FloorNote.objects.count() == 1


# --- hand-over --------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("TRM-06")
def test_the_next_shift_reads_what_was_handed_over_and_what_happened(floor: Floor, station: Station) -> None:
    order = floor.order()
    operation = floor.assembling(order)
    services.record_value(order_operation=operation, data_point=floor.torque, value="13", actor=floor.operator)
    services.report_defect(order_operation=operation, title="Dented", actor=floor.operator)
    services.call_lead(order_operation=operation, actor=floor.operator)
    place_hold(lot=order.lot, reason="wrong label", actor=floor.world.quality)
    answer = station.client.post(station.address(rest="notes/"), {"kind": "handover", "text": "Change the bit"})
    assert answer["Location"] == station.address(rest="handover/")
    station.sign_on(floor.colleague)
    page = station.client.get(station.address(rest="handover/")).content.decode()
    for said in ("Change the bit", "Torque: 13", "Dented", "wrong label", "Call the lead", "Completed"):
        assert said in page
    _since, changes = changes_since(floor.work_center, floor.colleague)
    assert changes[0].is_handover
    assert "1 hand-over to read" in station.client.get(station.address()).content.decode()


@pytest.mark.requirement("TRM-06")
def test_since_is_the_last_shift_of_the_person_here(floor: Floor, clock: Clock) -> None:
    services.leave_note(work_center=floor.work_center, kind="handover", text="Old news", actor=floor.colleague)
    floor.start(floor.first(floor.order()))
    assert last_shift(floor.work_center, floor.operator) is None
    clock.later(seconds=5 * 3600)
    came = last_shift(floor.work_center, floor.operator)
    assert came is not None
    assert last_shift(floor.work_center, floor.colleague) is None
    assert not changes_since(floor.work_center, floor.operator)[1]
    told = [change.text for change in changes_since(floor.work_center, floor.colleague)[1] if change.is_handover]
    assert told == ["Old news"]


def test_a_refused_hand_over_keeps_what_was_typed(station: Station) -> None:
    answer = station.client.post(station.address(rest="notes/"), {"kind": "nothing", "text": "Change the bit"})
    assert answer.status_code == 422
    assert "Change the bit" in answer.content.decode()


# --- calls for help ---------------------------------------------------------------------------------------------------


@pytest.mark.requirement("TRM-05")
def test_a_call_is_told_answered_and_settled(floor: Floor) -> None:
    lead = lead_of(floor)
    operation = floor.first(floor.order())
    outcome = services.call_lead(order_operation=operation, actor=floor.operator)
    assert str(lead) in outcome.next_step
    assert Notification.objects.filter(user=lead).exists()
    asked = Assignment.objects.get(status="open")
    assert (asked.to_role, asked.subject) == ("lead", outcome.record)
    assert services.call_lead(order_operation=operation, actor=floor.colleague).repeated
    assert Andon.objects.count() == 1
    assert [call.answered_by for call in open_calls(operation)] == [""]
    andon = services.acknowledge_andon(andon=outcome.record, actor=lead)
    assert [call.answered_by for call in open_calls(operation)] == [str(lead)]
    mine = Assignment.objects.get(status="open")
    assert (mine.to_user, mine.due_at) == (lead, None)
    services.close_andon(andon=andon, actor=lead, reason="Bit changed")
    assert not open_calls(operation) and not Assignment.objects.filter(status="open").exists()
    assert not services.call_lead(order_operation=operation, actor=floor.operator).repeated


@pytest.mark.requirement("TRM-05", "ORD-08")
def test_a_call_that_nobody_answers_escalates_once(floor: Floor, clock: Clock) -> None:
    lead_of(floor)
    with transaction.atomic(), acting(system_user("test")):
        head = Role(code="quality_head", name="Head of quality")
        head.save()
        Grant(user=floor.colleague, role=head, site=floor.site, starts=now()).save()
    set_escalation_rule(kind="action", step=1, after=0, to_role="quality_head", actor=system_user("setup"))
    services.call_lead(order_operation=floor.first(floor.order()), actor=floor.operator)
    assert not escalate_due(actor=system_user("worklist"))
    clock.later(seconds=6 * 60)
    assert len(escalate_due(actor=system_user("worklist"))) == 1
    assert not escalate_due(actor=system_user("worklist"))
    assert raised_by(Escalation.objects.get()).to_user == floor.colleague


@pytest.mark.requirement("TRM-05")
def test_without_a_lead_the_operator_is_told_so(floor: Floor) -> None:
    outcome = services.call_lead(order_operation=floor.first(floor.order()), actor=floor.operator)
    assert "tell somebody by voice" in outcome.next_step


@pytest.mark.requirement("TRM-05")
def test_the_operation_shows_who_is_coming(floor: Floor, station: Station) -> None:
    operation = floor.first(floor.order())
    station.do(operation, "call")
    assert "Nobody has answered yet." in station.client.get(station.address(operation)).content.decode()
    services.acknowledge_andon(andon=Andon.objects.get(), actor=floor.lead)
    assert f"{floor.lead} is coming." in station.client.get(station.address(operation)).content.decode()


# --- the station ------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("TRM-02")
def test_the_hand_is_the_person_s_own_at_every_terminal(floor: Floor, station: Station) -> None:
    assert 'data-hand="right"' in station.client.get(station.address()).content.decode()
    assert station.client.post(station.address(rest="station/"), {"hand": "left"}).status_code == 302
    station.client.post(station.address(rest="station/"), {"hand": "both"})
    other = make_station(floor.work_center, floor.operator)
    assert 'data-hand="left"' in other.client.get(other.address()).content.decode()
    station.sign_on(floor.colleague)
    assert 'data-hand="right"' in station.client.get(station.address()).content.decode()


@pytest.mark.requirement("TRM-03")
def test_a_scan_leads_somewhere_or_says_what_was_expected(floor: Floor, station: Station) -> None:
    operation = floor.start(floor.first(floor.order()))
    lot = floor.lot(floor.parts[1])
    expected = {
        f"]C1^OP^{operation.pk}": station.address(operation),
        operation.order.number: station.address(operation),
        lot.number: station.address(operation, f"dialog/consume/?code={lot.number}"),
        floor.colleague.badge: station.address(rest=f"sign-on/?badge={floor.colleague.badge}"),
    }
    for code, address in expected.items():
        answer = station.client.get(station.address(rest="scan/"), {"code": code}, **JSON)  # type: ignore[arg-type]
        assert answer.json()["url"] == address
        assert station.client.get(station.address(rest="scan/"), {"code": code})["Location"] == address
    for code in ("NOWHERE", "", "\x00", "x" * 900, "^OP^99999999999999999999999"):
        answer = station.client.get(station.address(rest="scan/"), {"code": code}, **JSON)  # type: ignore[arg-type]
        assert answer.status_code == 404 and "a badge" in answer.json()["expected"]
        page = station.client.get(station.address(rest="scan/"), {"code": code})
        assert page.status_code == 404 and "Expected" in page.content.decode()


@pytest.mark.parametrize("off", [dt.timedelta(minutes=6), dt.timedelta(days=-7, minutes=-1)])
def test_a_note_with_a_time_that_cannot_be_right_is_refused(floor: Floor, station: Station, off: dt.timedelta) -> None:
    answer = send(station, text="Jig is loose", noted_at=(now() + off).isoformat())
    assert answer.status_code == 409 and b"cannot be right" in answer.content
    assert not FloorNote.objects.exists()


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_are_refused_in_words(floor: Floor, station: Station, at: str) -> None:
    assert send(station, text="Jig is loose", noted_at=at).status_code in (409, 422)
    assert not FloorNote.objects.exists()


@pytest.mark.parametrize("off", [dt.timedelta(minutes=4), dt.timedelta(days=-6, hours=-23)])
def test_a_clock_a_little_off_and_a_week_without_network_are_kept(
    floor: Floor, station: Station, off: dt.timedelta
) -> None:
    assert send(station, text="Jig is loose", noted_at=(now() + off).isoformat()).status_code == 200
    assert FloorNote.objects.count() == 1


def test_a_photo_of_a_note_must_be_a_picture(floor: Floor, station: Station) -> None:
    text = SimpleUploadedFile("part.png", b"only words", "image/png")
    answer = send(station, kind="photo", photo=text, text="Scratch")
    assert answer.status_code == 409 and b"no picture" in answer.content
    assert not FloorNote.objects.exists() and not Attachment.objects.exists()
