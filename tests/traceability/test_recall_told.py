"""What pages and letters of a recall tell: containers, failed work, only decisions that can be."""

from __future__ import annotations

import io
import json
import uuid
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from core.files import blobs
from core.jobs.models import BackgroundJob
from core.lifecycle.services import perform
from core.printing.models import PrintedRecord
from tests.support.people import make_user
from tests.support.stock import issue_stock
from tests.support.visits import visit_as
from tests.traceability.goods import draft
from tests.traceability.recalled import HEAD, begun, drilled, worked
from tests.traceability.test_recall_pages import data_of, desk, head, send, words_of
from tests.traceability.world import World
from traceability import services
from traceability.models import Recall, RecallDecision

__all__ = ["desk", "head"]


@pytest.mark.requirement("RCL-06")
def test_a_letter_names_the_container_and_keeps_within_the_page(world: World, head: Any, lead: Any) -> None:
    lot = world.lot(5)
    box = services.create_container(site=world.site, kind="box", location=world.store, actor=world.system)
    services.pack(container=box, lot=lot, quantity=Decimal(2), actor=world.system)
    perform(box, "close", actor=world.system)
    sent = draft(world, lead)
    services.add_container_lines(shipment=sent, container=box, actor=world.system)
    perform(sent, "ship", actor=lead)
    recall = drilled(world, head, lot, title="W" * 200)
    services.request_letters(recall=recall, actor=head)
    worked(recall)
    printed = PrintedRecord.objects.get(kind="recall-letter")
    assert data_of(printed)["lines"][0][-1] == box.number and box.number in " ".join(words_of(printed))
    page = pypdf.PdfReader(io.BytesIO(blobs.load(printed.sha256))).pages[0]
    assert "W" * 120 not in page.extract_text(), "a long word is broken"


@pytest.mark.requirement("RCL-01")
def test_a_failed_attempt_is_told_on_the_page(world: World, head: Any, desk: Client) -> None:
    recall = begun(world, head, world.lot(3))
    waiting = BackgroundJob.objects.filter(subject_id=recall.pk, status="queued")
    waiting.update(error="Attempt 1 of 5 failed: disk full", progress_done=2, progress_total=5, attempts=1)
    page = desk.get(recall.get_absolute_url()).content.decode()
    assert "Attempt 1 of 5 failed: disk full" in page and "It is tried again by itself" in page
    waiting.update(status="failed")
    page = desk.get(recall.get_absolute_url()).content.decode()
    assert "Attempt 1 of 5 failed: disk full" in page and "It was given up" in page


@pytest.mark.requirement("RCL-10")
def test_pages_offer_no_decision_that_cannot_be(world: World, head: Any, desk: Client) -> None:
    lot = world.lot(10)
    issue_stock(lot=lot, quantity=Decimal(4), actor=world.operator)
    recall = drilled(world, head, lot)
    address = reverse("traceability:recall_decide", args=[recall.pk])
    lost = desk.get(f"{address}?where=unknown").content.decode()
    assert "Found where the records say" not in lost and "Explained" in lost
    assert "Found where the records say" in desk.get(f"{address}?where=site").content.decode()
    answer = send(desk, "recall_decide", recall.pk, disposition="confirmed")
    assert (answer.status_code, "The records do not say where this is" in answer.content.decode()) == (409, True)
    assert not RecallDecision.objects.exists()


@pytest.mark.requirement("RCL-01")
def test_a_draft_counts_what_it_would_reach_in_plain_words(world: World, head: Any, desk: Client) -> None:
    recall = begun(world, head, world.lot(3), kind="recall")
    preview = desk.get(recall.get_absolute_url() + "?part=preview", HTTP_HX_REQUEST="true").content.decode()
    assert "It would reach 1 lot and 0 units as of now." in preview
    assert "Pat Quality" in desk.get(recall.get_absolute_url()).content.decode()


@pytest.mark.requirement("RCL-07", "RCL-11", "RCL-10")
def test_programs_read_the_same_lines_and_get_the_same_refusals(world: World, head: Any) -> None:
    lot = world.lot(10)
    part = services.split_lot(lot=lot, quantity=Decimal(4), actor=world.system)
    recall = drilled(world, head, lot)
    program = visit_as(make_user(site=world.site, permissions=HEAD))
    rows = program.get(f"/api/v1/traceability/recall-lines/?recall={recall.pk}").json()["results"]
    assert {(row["lot"], row["where"], row["settled"]) for row in rows} == {
        (lot.pk, "site", ""), (lot.pk, "became", "became"), (part.pk, "site", ""),
    }  # fmt: skip

    def post(route: str, **body: Any) -> Any:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        address = f"/api/v1/traceability/{route}"
        return program.post(address, json.dumps(body), content_type="application/json", headers=key)

    answer = post(f"recalls/{recall.pk}/decide/", disposition="destroyed", note="Burnt")
    assert answer.status_code in (409, 422) and "not_scrapped" in answer.content.decode()
    assert not RecallDecision.objects.exists()
    given: dict[str, Any] = {"site": world.site.pk, "kind": "recall", "title": "T", "reason": "R", "goods": lot.number}
    answer = post("recalls/", **given)
    assert answer.status_code in (409, 422) and "contact" in answer.content.decode()
    assert post("recalls/", **given, contact="Pat").status_code == 201
    assert Recall.objects.latest("pk").contact == "Pat"
