"""The pages, the papers and the API of recalls."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import uuid
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.files import blobs
from core.lifecycle.services import perform
from core.printing.models import PrintedRecord
from core.printing.queries import judge_file
from tests.support.people import make_site, make_user, proof
from tests.support.stock import issue_stock
from tests.support.visits import visit_as
from tests.traceability.goods import ordered as ordered_from
from tests.traceability.goods import partner, receive, shipped
from tests.traceability.recalled import HEAD, RECALLS, begun, drilled, make_head, worked
from tests.traceability.refusals import refused
from tests.traceability.test_views import ALL, MOST_STATEMENTS
from tests.traceability.world import World
from traceability import services
from traceability.models import Hold, Recall, RecallDecision, RecallLine, ShipmentLine
from traceability.queries.recall_data import BLOCK, digests_of_blocks, lines_as_data, lines_digest


@pytest.fixture
def head(world: World) -> Any:
    """Somebody who may do everything with recalls."""
    return make_head(world)


@pytest.fixture
def desk(world: World) -> Client:
    """A browser of a person who holds every right of this storey at the world's site."""
    return visit_as(make_user(site=world.site, permissions=ALL))


def send(desk: Client, name: str, pk: int | None = None, query: str = "", **values: str) -> Any:
    """Send a form of this app's page."""
    address = reverse(f"traceability:{name}", args=[] if pk is None else [pk])
    return desk.post(address + query, {"client_id": str(uuid.uuid4()), **values})


def went_out(world: World, lead: Any) -> ShipmentLine:
    """Three of a product, of which something went into it, went to a customer."""
    raw, product = world.lot(10), world.lot(5, expires_on=dt.date(2030, 1, 31))
    issue_stock(lot=raw, quantity=Decimal(2), actor=world.operator)
    world.link(raw, product, 2)
    return shipped(world, lead, product, 3)


def words_of(printed: PrintedRecord) -> list[str]:
    """The words of each page of a sealed record."""
    content = blobs.load(printed.sha256)
    assert judge_file(content, expected=printed).is_good
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def data_of(printed: PrintedRecord) -> Any:
    """The data that is attached to a sealed record."""
    attached = pypdf.PdfReader(io.BytesIO(blobs.load(printed.sha256))).attachments["record.json"]
    return json.loads(attached[0])


@pytest.mark.requirement("RCL-02", "RCL-04", "RCL-06")
def test_a_drill_from_its_beginning_to_its_letters_on_the_pages(world: World, lead: Any, desk: Client) -> None:
    line = went_out(world, lead)
    raw = line.lot.links_to_parents.get().parent_lot
    assert raw is not None
    given: dict[str, Any] = {"site": str(world.site.pk), "kind": "drill", "title": "Spring drill", "reason": "Yearly"}
    answer = send(desk, "recall_create", **given, goods="NONE")
    assert (answer.status_code, "There is no lot or unit with this number here: NONE" in answer.content.decode()) == (
        422, True,
    )  # fmt: skip
    answer = send(desk, "recall_create", **given)
    assert "Enter at least one lot" in answer.content.decode()
    assert not Recall.objects.exists()
    answer = send(desk, "recall_create", **given, goods=f"{raw.number}\n{raw.number}")
    recall = Recall.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, recall.get_absolute_url())
    page = desk.get(recall.get_absolute_url()).content.decode()
    assert "DRILL" in page and "part=progress" in page and 'role="timer"' in page
    polled: Any = {"HTTP_HX_REQUEST": "true"}
    assert "Trace DRILL" in desk.get(recall.get_absolute_url() + "?part=progress", **polled).content.decode()
    worked(recall)
    answer = desk.get(recall.get_absolute_url() + "?part=progress", **polled)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    page = desk.get(recall.get_absolute_url()).content.decode()
    assert "100.0 %" in page and line.shipment.customer.name in page and "Decide all 2" in page
    lines = reverse("traceability:recallline_list") + f"?recall={recall.pk}"
    page = desk.get(lines).content.decode()
    assert "DRILL – Lines of" in page and page.count("Not decided") >= 3
    one = RecallLine.objects.get(recall=recall, lot=raw, where="site")
    form = desk.get(reverse("traceability:recallline_decide", args=[one.pk])).content.decode()
    assert "Found where the records say" in form and "Returned by the customer" not in form
    answer = send(desk, "recallline_decide", one.pk, disposition="confirmed")
    assert answer["Location"] == lines + "&is_open=true"
    answer = send(desk, "recallline_decide", one.pk, disposition="explained", note="At the lab")
    assert answer.status_code == 422, "a correction says why"
    answer = send(desk, "recallline_decide", one.pk, disposition="destroyed", note="Burnt", reason="Wrong shelf")
    assert (answer.status_code, "nothing says that it was destroyed" in answer.content.decode()) == (409, True)
    answer = send(desk, "recallline_decide", one.pk, disposition="explained", note="At the lab", reason="Wrong shelf")
    assert answer.status_code == 302
    page = desk.get(one.get_absolute_url()).content.decode()
    assert "<del>Found where the records say</del>" in page and "Wrong shelf" in page
    assert (
        "Decide about 1 open line: With a customer"
        in desk.get(reverse("traceability:recall_decide", args=[recall.pk]) + "?where=customer").content.decode()
    )
    answer = send(desk, "recall_decide", recall.pk, "?where=customer", where="customer", disposition="not_found")
    assert (answer.status_code, "This needs a note." in answer.content.decode()) == (409, True)
    answer = send(desk, "recall_decide", recall.pk, "?where=customer", where="customer", disposition="confirmed")
    assert answer["Location"] == recall.get_absolute_url()
    left = RecallLine.objects.get(recall=recall, lot=line.lot, where="site")
    answer = send(desk, "recallline_decide_many", None, f"?row={left.pk}&row={one.pk}", disposition="confirmed")
    assert "Done for" in answer.content.decode() and "is decided already" in answer.content.decode()
    assert RecallDecision.objects.filter(superseded_by__isnull=True).count() == 3
    assert send(desk, "recall_letters", recall.pk).status_code == 302
    worked(recall)
    page = desk.get(recall.get_absolute_url()).content.decode()
    assert f"Letter to {line.shipment.customer.name}" in page
    assert "Close and sign" in page
    assert "Every quantity" not in page
    close = desk.get(reverse("traceability:recall_finish", args=[recall.pk])).content.decode()
    assert "Meaning of your signature" in close and "100.0 %" in close


@pytest.mark.requirement("RCL-06")
def test_the_letters_say_who_got_what_and_a_changed_letter_gets_a_new_edition(
    world: World, head: Any, lead: Any
) -> None:
    line = went_out(world, lead)
    second = shipped(world, lead, line.lot, 1)
    recall = drilled(world, head, line.lot, advice="Do not ride it.")
    services.request_letters(recall=recall, actor=head)
    worked(recall)
    by_number = {printed.number: printed for printed in PrintedRecord.objects.filter(kind="recall-letter")}
    letters = [by_number.pop(f"{recall.number} · {sent.shipment.customer.code}") for sent in (line, second)]
    assert not by_number, "one letter for each customer"
    for printed, sent in zip(letters, (line, second), strict=True):
        pages = words_of(printed)
        for page in pages:
            assert "DRILL" in page
        text = " ".join(pages)
        assert sent.shipped_on is not None
        for words in (
            recall.number, sent.shipment.customer.name, sent.shipment.number, sent.lot.number, "Do not ride",
            "Pat Quality, +43 1 555 0100", sent.shipped_on.isoformat(), "usable until 2030-01-31", "Send this reply to",
        ):  # fmt: skip
            assert words in text, words
        assert data_of(printed)["lines"][0][4] == f"{sent.quantity.normalize():f}"
    other = second.shipment.customer.name
    assert other not in " ".join(words_of(letters[0])), "nobody reads of another customer"
    services.request_letters(recall=recall, actor=head)
    worked(recall)
    assert PrintedRecord.objects.filter(kind="recall-letter").count() == 2, "the same content is the same print"
    services.return_goods(line=line, quantity=Decimal(1), reason="Recalled", actor=lead)
    services.retrace_recall(recall=recall, actor=head)
    worked(recall)
    services.request_letters(recall=recall, actor=head)
    worked(recall)
    assert sorted(PrintedRecord.objects.filter(kind="recall-letter").values_list("number", "edition")) == sorted(
        [(letters[0].number, 1), (letters[0].number, 2), (letters[1].number, 1)]
    )


def digest_of_data(lines: list[list[str]]) -> str:
    """The digest as whoever has the file makes it, by docs/records.md alone."""
    blocks = []
    for first in range(0, len(lines), BLOCK):
        told = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines[first : first + BLOCK])
        blocks.append(hashlib.sha256(told.encode()).hexdigest())
    return hashlib.sha256("".join(f"{block}\n" for block in blocks).encode()).hexdigest()


@pytest.mark.requirement("RCL-05")
def test_the_signed_report_says_what_was_found_and_can_be_recomputed(world: World, head: Any, lead: Any) -> None:
    line = went_out(world, lead)
    raw = line.lot.links_to_parents.get().parent_lot
    assert raw is not None
    issue_stock(lot=raw, quantity=Decimal(1), actor=world.operator)
    recall = drilled(world, head, raw)
    services.decide_lines(recall=recall, disposition="confirmed", where="site", actor=head)
    services.decide_lines(recall=recall, disposition="confirmed", where="customer", actor=head)
    services.decide_lines(recall=recall, disposition="not_found", where="unknown", note="Nobody knows", actor=head)
    report = services.close_recall(
        recall=recall, actor=head, signature=proof(head, "closed"), conclusion="Book issues at once"
    )
    recall = worked(recall)
    printed = PrintedRecord.objects.get(kind="recall-report")
    pages = words_of(printed)
    assert all("DRILL" in page for page in pages)
    text = " ".join(pages)
    for words in (
        recall.number, report.time_in_all, "95.0 %", raw.number, line.shipment.customer.name, "Nobody knows",
        "Issued, and not recorded in anything that was made", "Book issues at once", head.full_name, "Closed", "Intact",
        report.lines_sha256[:16],
    ):  # fmt: skip
        assert words in text, words
    data = data_of(printed)
    assert data["lines"] == list(lines_as_data(recall)) and data["figures"]["coverage"] == "95.0"
    assert data["blocks"] == digests_of_blocks(recall)
    assert report.lines_sha256 == lines_digest(recall) == digest_of_data(data["lines"]), "also without the database"
    services.request_report(recall=recall, actor=head)
    worked(recall)
    assert PrintedRecord.objects.filter(kind="recall-report").count() == 1


@pytest.mark.requirement("RCL-06")
def test_without_customers_there_is_no_letter_and_before_the_end_no_report(world: World, head: Any) -> None:
    draft = begun(world, head, world.lot(3), kind="recall")
    with refused("recall_status"):
        services.request_letters(recall=draft, actor=head)
    recall = drilled(world, head, world.lot(3))
    with refused("no_customers"):
        services.request_letters(recall=recall, actor=head)
    with refused("not_closed"):
        services.request_report(recall=recall, actor=head)


@pytest.mark.requirement("RCL-02")
def test_a_supplier_lot_begins_a_recall_of_all_its_receipts(world: World, desk: Client) -> None:
    first = receive(world, ordered_from(world))
    other = receive(world, ordered_from(world, supplier=partner(world, code="OTHER")))
    given: dict[str, Any] = {
        "site": str(world.site.pk),
        "kind": "recall",
        "title": "T",
        "reason": "R",
        "supplier_lot": " s-77 ",
        "contact": "Pat Quality",
    }
    opening = world.lot(2, supplier_lot="S-77")
    assert send(desk, "recall_create", **given, supplier="OTHER").status_code == 302
    # What no receipt tells of may have come from this supplier too, as a containment holds it.
    assert set(Recall.objects.get().origins.values_list("lot", flat=True)) == {other.lot_id, opening.pk}
    assert send(desk, "recall_create", **given).status_code == 302
    recall = Recall.objects.order_by("-pk")[0]
    assert set(recall.origins.values_list("lot", flat=True)) == {first.lot_id, other.lot_id, opening.pk}
    preview = desk.get(recall.get_absolute_url() + "?part=preview", HTTP_HX_REQUEST="true").content.decode()
    assert "It would reach 3 lots and 0 units" in preview
    answer = send(desk, "recall_create", **{**given, "supplier_lot": "S-0"})
    assert "No lot here has this supplier&#x27;s lot number." in answer.content.decode()
    widened = send(desk, "recall_widen", recall.pk, goods=world.lot(1, number="W-1").number, reason="Same oven")
    assert widened.status_code == 302 and recall.origins.count() == 4
    start = desk.get(reverse("traceability:recall_move", args=[recall.pk, "start"])).content.decode()
    assert "Meaning of your signature" in start and recall.scope.split(",")[0] in start


@pytest.mark.requirement("RCL-01")
def test_a_recall_is_found_and_led_to_from_what_it_reaches(world: World, head: Any, desk: Client) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    unit = world.unit(lot)
    recall = begun(world, head, unit, kind="recall", title="Cracked housings")
    perform(recall, "start", actor=head, signature=proof(head, "approved"))
    worked(recall)
    hold = Hold.objects.get()
    for record, number in ((lot, lot.number), (unit, unit.serial), (hold, unit.serial)):
        page = desk.get(record.get_absolute_url()).content.decode()
        assert f"recalls/create/?site={world.site.pk}&amp;goods={number}" in page
    assert recall.get_absolute_url() in desk.get(hold.get_absolute_url()).content.decode()
    told = reverse("traceability:lot_everything", args=[lot.pk]) + "?part=told"
    about = desk.get(told).content.decode()
    assert "Recalls and drills" in about and recall.get_absolute_url() in about
    search = reverse("core_web:search")
    assert desk.get(f"{search}?q={recall.number}")["Location"] == recall.get_absolute_url()
    begun(world, head, lot, title="Cracked lids")
    assert recall.get_absolute_url() in desk.get(f"{search}?q=Cracked").content.decode()
    prefilled = desk.get(reverse("traceability:recall_create") + f"?goods={lot.number}").content.decode()
    assert f">\n{lot.number}</textarea>" in prefilled


@pytest.mark.requirement("RCL-02")
def test_another_site_sees_nothing_of_a_recall(world: World, head: Any) -> None:
    recall = drilled(world, head, world.lot(3))
    stranger = visit_as(make_user(site=make_site(), permissions=HEAD))
    line = recall.lines.get()
    assert recall.number not in stranger.get(reverse("traceability:recall_list")).content.decode()
    assert (
        recall.number
        not in stranger.get(reverse("traceability:recallline_list") + f"?recall={recall.pk}").content.decode()
    )
    for address in (recall.get_absolute_url(), line.get_absolute_url()):
        assert stranger.get(address).status_code == 404
    assert send(stranger, "recall_decide", recall.pk, disposition="confirmed").status_code == 404
    assert not RecallDecision.objects.exists()


@pytest.mark.requirement("RCL-07")
def test_a_program_holds_a_drill_by_the_api(world: World, lead: Any) -> None:
    line = went_out(world, lead)
    program = visit_as(make_user(site=world.site, permissions=tuple(dict.fromkeys((*HEAD, *RECALLS)))))

    def post(route: str, **body: Any) -> Any:
        return program.post(
            f"/api/v1/traceability/{route}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )

    answer = post("recalls/", site=world.site.pk, kind="drill", title="T", reason="R", goods=line.lot.number)
    assert answer.status_code == 201, answer.content
    recall = Recall.objects.get()
    worked(recall)
    figures = program.get(f"/api/v1/traceability/recalls/{recall.pk}/figures/").json()["results"][0]
    assert (figures["open"], Decimal(figures["coverage"])) == (2, 100)
    rows = program.get(f"/api/v1/traceability/recall-lines/?recall={recall.pk}").json()["results"]
    assert {(row["where"], row["disposition"]) for row in rows} == {("site", ""), ("customer", "")}
    answer = post(f"recall-lines/{rows[0]['id']}/decide/", disposition="confirmed")
    assert answer.status_code == 201, answer.content
    answer = post(f"recall-lines/{rows[0]['id']}/decide/", disposition="confirmed")
    assert answer.status_code in (409, 422)
    answer = post(f"recalls/{recall.pk}/decide/", disposition="confirmed")
    assert answer.status_code == 200, answer.content
    answer = post(f"recalls/{recall.pk}/finish/", conclusion="Fine")
    assert (answer.status_code, Recall.objects.get().status) == (422, "deciding"), "it is signed"


@pytest.mark.requirement("PERF-PAGE")
def test_the_pages_keep_to_their_statements_however_much_is_found(world: World, head: Any, lead: Any) -> None:
    desk = visit_as(make_user(site=world.site, permissions=ALL))

    def spent(count: int) -> dict[str, int]:
        raw = world.lot(10)
        for _ in range(count):
            child = world.lot(9)
            issue_stock(lot=raw, quantity=Decimal(1), actor=world.operator)
            world.link(raw, child, 1)
            shipped(world, lead, child, 2)
            world.link(raw, world.unit(world.lot(0, world.material(tracking="serial")), stocked=False), 1)
        recall = drilled(world, head, raw)
        line = recall.lines.filter(where="customer")[0]
        services.decide_line(line=line, disposition="confirmed", actor=head)
        lines = reverse("traceability:recallline_list")
        addresses = {
            "list": reverse("traceability:recall_list"),
            "create": reverse("traceability:recall_create"),
            "page": recall.get_absolute_url(),
            "lines": f"{lines}?recall={recall.pk}",
            "open": f"{lines}?recall={recall.pk}&is_open=true",
            "line": line.get_absolute_url(),
            "decide one": reverse("traceability:recallline_decide", args=[line.pk]),
            "decide": reverse("traceability:recall_decide", args=[recall.pk]) + "?where=customer",
            "close": reverse("traceability:recall_finish", args=[recall.pk]),
            "widen": reverse("traceability:recall_widen", args=[recall.pk]),
        }
        found = {}
        for name, address in addresses.items():
            desk.get(address)
            with CaptureQueriesContext(connection) as statements:
                assert desk.get(address).status_code == 200, address
            found[name] = len(statements)
        return found

    few, many = spent(1), spent(4)
    assert {name: count for name, count in many.items() if count > MOST_STATEMENTS} == {}
    assert {name: (count, few[name]) for name, count in many.items() if count > few[name]} == {}
