"""The pages: each does one deed through the service, and says why when it may not."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from core.files.queries import attachments_of
from core.kernel.deeds import acting
from core.kernel.wiring import ask
from core.organization.models import User
from core.organization.services import system_user
from core.web.questions import FindRecords, NavigationCount, ResolveScan, Scan
from core.worklist.queries import comments_on
from qms.nonconformance import questions
from qms.nonconformance.models import DefectCode, Disposition, NonConformance
from qms.nonconformance.questions import MeasuredPoint, MeasuredSeries, MeasuredValues
from tests.qms.nonconformance.conftest import Case, seen
from tests.support import visits
from tests.support.people import grant, make_site, make_user
from tests.support.stock import held_quantity

SECRET = "correct horse battery staple"


def signed_in(user: User) -> Client:
    """A client of a person with a password."""
    with transaction.atomic(), acting(system_user("test")):
        user.set_password(SECRET)
        user.save()
    return visits.visit_as(user)


def url(name: str, *args: Any) -> str:
    return reverse(f"qms_nonconformance:{name}", args=args)


def post(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"client_id": str(uuid.uuid4()), **values})


def signature(user: User) -> dict[str, str]:
    return {"user_id": user.username, "secret": SECRET}


@pytest.fixture
def desk(case: Case) -> Client:
    """The first quality engineer at the desk."""
    return signed_in(case.engineer)


def test_the_list_shows_what_the_visitor_may_see(case: Case, desk: Client) -> None:
    found = case.raised((case.world.lot(), 1))
    answer = desk.get(url("nonconformance_list"))
    assert answer.status_code == 200
    assert found.number in answer.content.decode()
    stranger = make_user(site=make_site(), permissions=("qms_nonconformance.view_nonconformance",))
    assert found.number not in signed_in(stranger).get(url("nonconformance_list")).content.decode()
    nobody = make_user(site=case.world.site)
    assert signed_in(nobody).get(url("nonconformance_list")).status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("work=open", 2),
        ("work=overdue", 0),
        ("work=mine", 1),
        ("status=draft", 1),
        ("severity=critical", 0),
        ("q=Bore", 2),
    ],
)
def test_the_list_is_filtered(case: Case, desk: Client, query: str, expected: int) -> None:
    lot = case.world.lot()
    case.raised((lot, 1))
    case.opened((lot, 1))
    answer = desk.get(f"{url('nonconformance_list')}?{query}")
    assert len(answer.context["page_of_rows"].rows) == expected


def test_raising_at_the_desk_holds_the_lot(case: Case, desk: Client) -> None:
    lot = case.world.lot(10)
    unit = case.world.unit(case.world.lot(0))
    picture = BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    answer = post(
        desk,
        url("nonconformance_create"),
        site=case.world.site.pk,
        kind="nonconformance",
        title="Scratch",
        severity="minor",
        thing_1=lot.number,
        quantity_1="2,0",
        thing_2=unit.serial,
        photos=SimpleUploadedFile("scratch.png", picture.getvalue(), "image/png"),
    )
    found = NonConformance.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, found.get_absolute_url())
    assert held_quantity(lot) == 2
    assert {str(item) for item in found.items.all()} == {lot.number, unit.serial}
    assert [file.name for file in attachments_of(found)] == ["scratch.png"]


def test_an_unknown_lot_is_said_at_its_field_and_nothing_is_raised(case: Case, desk: Client) -> None:
    answer = post(
        desk,
        url("nonconformance_create"),
        site=case.world.site.pk,
        kind="nonconformance",
        title="Scratch",
        severity="minor",
        thing_1="NOWHERE",
    )
    assert answer.status_code == 422
    assert "There is no lot or unit" in answer.content.decode()
    assert not NonConformance.objects.exists()


def test_two_lots_with_one_number_are_told_apart(case: Case, desk: Client) -> None:
    first, second = (case.world.lot(number="TWIN") for _ in range(2))
    values = {"site": case.world.site.pk, "kind": "nonconformance", "title": "Scratch", "severity": "minor"}
    answer = post(desk, url("nonconformance_create"), **values, thing_1="TWIN")
    assert answer.status_code == 422
    assert f"{second.material.number}/TWIN" in answer.content.decode()
    post(desk, url("nonconformance_create"), **values, thing_1=f"{second.material.number}/TWIN")
    assert NonConformance.objects.get().items.get().lot == second
    assert held_quantity(first) == 0


@pytest.mark.requirement("ORD-07")
def test_the_whole_triage_on_one_page(case: Case, desk: Client) -> None:
    lot = case.world.lot(100)
    found = case.raised(
        (lot, 30), defect_code=None, context={"operation": "PO-1 · OP 20", "measured": "12.041 mm", "operator": "Anna"}
    )
    page = desk.get(found.get_absolute_url()).content.decode()
    for words in ("What happened", "12.041 mm", "PO-1 · OP 20", lot.number, "Triage", "Similar records", "Timeline"):
        assert words in page

    answer = post(
        desk,
        url("nonconformance_open", found.pk),
        severity="major",
        defect_code=case.code.pk,
        owner=case.engineer.pk,
        title=found.title,
    )
    assert (answer.status_code, answer["Location"]) == (302, found.get_absolute_url())
    page = desk.get(found.get_absolute_url()).content.decode()
    assert "Recurrence is not answered" in page

    post(desk, url("nonconformance_recurrence", found.pk), recurrence="no")
    case.contain(found)
    post(desk, url("nonconformance_move", found.pk, "send_to_review"))
    found.refresh_from_db()
    assert found.status == "under_review"

    item = found.items.get()
    for kind, quantity in (("rework", "15"), ("scrap", "15")):
        post(
            desk,
            url("nonconformance_propose", found.pk),
            item=item.pk,
            kind=kind,
            quantity=quantity,
            justification="Because",
        )
    page = desk.get(found.get_absolute_url()).content.decode()
    assert "Sign 2 dispositions" in page

    answer = post(
        desk,
        url("nonconformance_sign", found.pk),
        lines=[line.pk for line in Disposition.objects.all()],
        **signature(case.engineer),
    )
    assert answer.status_code == 302, answer.content.decode()
    found.refresh_from_db()
    assert seen(found.status, held_quantity(lot)) == ("dispositioned", 0)

    rework = Disposition.objects.get(kind="rework")
    post(desk, url("disposition_move", rework.pk, "complete"), reason="Reamed, measured again: 12.010")
    post(desk, url("nonconformance_cause", found.pk), cause="Worn tool")
    post(desk, url("nonconformance_capa", found.pk), decision="not_needed", rationale="One of a kind.")
    answer = post(desk, url("nonconformance_move", found.pk, "close"), secret=SECRET)
    assert answer.status_code == 302, answer.content.decode()
    found.refresh_from_db()
    assert found.status == "closed"
    page = desk.get(found.get_absolute_url()).content.decode()
    assert "Worn tool" in page
    assert "Free" in page


@pytest.mark.requirement("ORD-07")
def test_the_page_says_who_may_not_sign_what_they_proposed(case: Case, desk: Client) -> None:
    lot = case.world.lot(10)
    found = case.under_review((lot, 10))
    line = case.propose(found.items.get(), "use_as_is", 10)
    answer = post(desk, url("disposition_move", line.pk, "approve"), **signature(case.engineer))
    assert answer.status_code == 409
    assert "another person has to approve" in answer.content.decode()
    line.refresh_from_db()
    assert seen(line.status, held_quantity(lot)) == ("proposed", 10)
    answer = post(signed_in(case.second), url("disposition_move", line.pk, "approve"), **signature(case.second))
    assert answer.status_code == 302
    assert held_quantity(lot) == 0


def test_a_wrong_password_signs_nothing(case: Case, desk: Client) -> None:
    lot = case.world.lot(10)
    found = case.under_review((lot, 10))
    line = case.propose(found.items.get(), "scrap", 10)
    answer = post(
        desk, url("nonconformance_sign", found.pk), lines=[line.pk], user_id=case.engineer.username, secret="wrong"
    )
    assert answer.status_code == 409
    line.refresh_from_db()
    assert seen(line.status, held_quantity(lot)) == ("proposed", 10)


def test_items_are_added_and_counted_again_on_the_page(case: Case, desk: Client) -> None:
    first, second = case.world.lot(10), case.world.lot(10)
    found = case.opened((first, 5))
    post(desk, url("affecteditem_create", found.pk), thing=second.number, quantity="3")
    assert held_quantity(second) == 3
    item = found.items.get(lot=first)
    answer = post(desk, url("affecteditem_count", item.pk), quantity="6", reason="Recount", **signature(case.engineer))
    assert answer.status_code == 302, answer.content.decode()
    assert held_quantity(first) == 6


def test_cancelling_is_signed_and_lifts_the_hold(case: Case, desk: Client) -> None:
    lot = case.world.lot(10)
    found = case.raised((lot, 5))
    answer = post(
        desk, url("nonconformance_move", found.pk, "cancel"), reason="Gauge was wrong", **signature(case.engineer)
    )
    assert answer.status_code == 302, answer.content.decode()
    assert held_quantity(lot) == 0


def test_a_withdrawn_line_says_why(case: Case, desk: Client) -> None:
    found = case.opened((case.world.lot(10), 5))
    line = case.propose(found.items.get(), "scrap", 5)
    assert post(desk, url("disposition_move", line.pk, "withdraw")).status_code == 422
    post(desk, url("disposition_move", line.pk, "withdraw"), reason="Measured again")
    line.refresh_from_db()
    assert line.status == "withdrawn"


def test_photos_and_comments_are_added_on_the_page(case: Case, desk: Client) -> None:
    found = case.opened((case.world.lot(10), 5))
    picture = BytesIO()
    Image.new("RGB", (4, 4), "blue").save(picture, "PNG")
    file = SimpleUploadedFile("bore.png", picture.getvalue(), "image/png")
    answer = post(desk, url("nonconformance_photo", found.pk), file=file, caption="The bore")
    assert answer.status_code == 302, answer.content.decode()
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(found).pk
    post(desk, reverse("core_worklist:comment_create", args=[kind, found.pk]), text="Looks like chatter")
    assert [comment.text for comment in comments_on(found)] == ["Looks like chatter"]
    assert "The bore" in desk.get(found.get_absolute_url()).content.decode()
    story = desk.get(f"{found.get_absolute_url()}?part=timeline").content.decode()
    assert "Looks like chatter" in story
    assert "Hold on" in story


def test_a_deed_is_closed_to_those_without_its_right(case: Case) -> None:
    found = case.opened((case.world.lot(10), 5))
    before = NonConformance.objects.values_list("row_version", flat=True).get(pk=found.pk)
    client = signed_in(case.operator)
    assert client.get(found.get_absolute_url()).status_code == 200
    for name in ("open", "recurrence", "cause", "propose", "sign", "places"):
        assert client.get(url(f"nonconformance_{name}", found.pk)).status_code == 403
        assert post(client, url(f"nonconformance_{name}", found.pk)).status_code == 403
    for move in ("send_to_review", "cancel"):
        assert post(client, url("nonconformance_move", found.pk, move)).status_code == 403
    found.refresh_from_db()
    assert (found.status, found.row_version) == ("open", before)


def test_other_sites_do_not_know_that_it_exists(case: Case) -> None:
    found = case.opened((case.world.lot(10), 5))
    other = make_site()
    stranger = make_user(site=other)
    grant(stranger, other, "qms_nonconformance.view_nonconformance", "qms_nonconformance.triage_nonconformance")
    client = signed_in(stranger)
    assert client.get(found.get_absolute_url()).status_code == 404
    assert client.get(url("nonconformance_open", found.pk)).status_code == 404


def test_defect_codes_are_kept_on_their_pages(case: Case, desk: Client) -> None:
    assert case.code.code in desk.get(url("defectcode_list")).content.decode()
    post(desk, url("defectcode_create"), code="SURF", name="Surface", severity="minor")
    made = DefectCode.objects.get(code="SURF")
    post(
        desk,
        url("defectcode_change", made.pk),
        name="Surface defect",
        severity="major",
        parent=case.code.pk,
        is_active="on",
        reason="Clearer",
        **visits.seen(made),
    )
    made.refresh_from_db()
    assert (made.code, made.name, made.parent) == ("SURF", "Surface defect", case.code)


def test_the_pages_need_few_statements(case: Case, desk: Client) -> None:
    lot = case.world.lot(100)
    for _ in range(6):
        found = case.under_review((lot, 10), (case.world.lot(10), 5))
        case.propose(found.items.order_by("pk")[0], "scrap", 5)
    desk.get(url("nonconformance_list"))
    with CaptureQueriesContext(connection) as listed:
        desk.get(url("nonconformance_list"))
    with CaptureQueriesContext(connection) as shown:
        desk.get(found.get_absolute_url())
    assert len(listed) <= 15, "\n".join(query["sql"][:200] for query in listed)
    assert len(shown) <= 16, "\n".join(query["sql"][:200] for query in shown)


def test_measured_values_are_drawn_when_an_app_above_knows_them(case: Case, desk: Client) -> None:
    found = case.opened((case.world.lot(10), 5), source=case.code)

    told = ["12.001", "12.004", "12.041"]

    def measured(question: MeasuredValues) -> Iterator[MeasuredSeries]:
        assert question.source_id == case.code.pk
        points = tuple(
            MeasuredPoint(at=found.reported_at, value=Decimal(value), label="U-1", is_within=value != "12.041")
            for value in told
        )
        yield MeasuredSeries("Bore", "mm", Decimal("11.98"), Decimal("12.02"), points)

    from core.kernel import wiring

    wiring.ANSWERS[questions.MeasuredValues].append(measured)
    try:
        page = desk.get(found.get_absolute_url()).content.decode()
        told[:] = ["500"]  # so far out that both limits are drawn at almost one height
        far = desk.get(found.get_absolute_url()).content.decode()
    finally:
        wiring.ANSWERS[questions.MeasuredValues].remove(measured)
    assert "Bore: the last 3 values, 1 outside the limits" in page
    assert page.count("nc-chart-bad") == 1
    assert "Bore: the last value, 0 outside the limits" in far and "last 1 value" not in far
    figures = re.compile(r'<text x="4" y="([0-9.]+)" dy="(-?[0-9]+)">([^<]+) mm</text>')
    (lower_y, lower_off, lower), (upper_y, upper_off, upper) = figures.findall(page)
    assert (lower, upper) == ("11.98", "12.02")
    assert (float(lower_y) + int(lower_off)) - (float(upper_y) + int(upper_off)) >= 30, "the figures overlap"
    assert [label for _y, _offset, label in figures.findall(far)] == ["11.98 to 12.02"]
    assert far.count("nc-chart-limit") == 2


def test_it_is_found_by_number_words_and_scan(case: Case) -> None:
    found = case.raised((case.world.lot(), 1))
    stranger = make_user(site=make_site(), permissions=("qms_nonconformance.view_nonconformance",))
    for words in (found.number, "bore over"):
        assert [f.label for f in ask(FindRecords(words, case.engineer))] == [found.number]
        assert ask(FindRecords(words, stranger)) == []
    assert [f.url for f in ask(ResolveScan(Scan(found.number), case.engineer))] == [found.get_absolute_url()]
    assert ask(ResolveScan(Scan(found.number), stranger)) == []


def test_drafts_are_counted_in_the_navigation(case: Case, desk: Client) -> None:
    case.raised((case.world.lot(), 1))
    counts = {count.url_name: count.waiting().count() for count in ask(NavigationCount(case.engineer))}
    assert counts["qms_nonconformance:nonconformance_list"] == 1


def test_the_kept_count_follows_the_drafts_and_the_visitor(case: Case, desk: Client) -> None:
    def shown(client: Client) -> list[str]:
        page = client.get("/core/worklist/inbox/").content.decode()
        return re.findall(r'href="/qms/nonconformance/nonconformances/"[^>]*>(?:(?!</li>).)*tl-nav-count">(\d+)', page)

    stranger = signed_in(make_user(site=make_site(), permissions=("qms_nonconformance.view_nonconformance",)))
    assert (shown(desk), shown(stranger)) == ([], [])
    for number in (1, 2):
        case.raised((case.world.lot(), 1))
        assert (shown(desk), shown(stranger)) == ([str(number)], [])
