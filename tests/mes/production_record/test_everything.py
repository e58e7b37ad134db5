"""Everything on one lot on one page: each storey tells its part, within rights and within the statements of a page."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.permissions import catalogue
from mes.execution.models import ProductionOrder
from mes.execution.services import consume_lot, undo_consumption
from tests.mes.production_record.story import Story
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as
from traceability.models import Lot
from traceability.services import move_stock, place_hold

pytestmark = pytest.mark.requirement("TRC-07")
MOST_STATEMENTS = 15
"""Of the page, and of each part that comes later; it does not grow with what there is to tell."""


def address(lot: Lot) -> str:
    return reverse("traceability:lot_everything", args=[lot.pk])


def api(lot: Lot) -> str:
    return f"/api/v1/traceability/lots/{lot.pk}/everything/"


def parts_of(client: Client, lot: Lot) -> dict[str, str]:
    """The parts of the page and those that come later, by their keys, as text without marks."""
    text = "".join(client.get(address(lot), asked).content.decode() for asked in ({}, {"part": "told"}))
    sections = re.findall(r'<section [^>]*id="about-([a-z]+)">(.*?)</section>', text, re.DOTALL)
    return {key: " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split()) for key, inside in sections}


def test_a_finished_lot_tells_what_every_storey_keeps_of_it(told: Story) -> None:
    lot = told.release()
    printed = told.printed()
    place_hold(lot=lot, reason="Wet boxes", actor=told.reviewer)
    unit = lot.units.order_by("pk").first()
    assert unit is not None
    everybody = visit_as(make_user(site=lot.site, permissions=tuple(catalogue())))
    everybody.get(address(lot))
    with CaptureQueriesContext(connection) as queries:
        page = everybody.get(address(lot))
    assert page.status_code == 200
    assert len(queries) <= MOST_STATEMENTS, "\n".join(query["sql"][-150:] for query in queries)
    with CaptureQueriesContext(connection) as queries:
        assert everybody.get(address(lot), {"part": "told"}, headers={"HX-Request": "true"}).status_code == 200
    assert len(queries) <= MOST_STATEMENTS, "\n".join(query["sql"][-150:] for query in queries)
    parts = parts_of(everybody, lot)
    assert list(parts) == [
        "arrivals", "places", "holds", "signatures", "movements", "neighbours", "recalls", "nonconformances",
        "complaints", "orders", "values", "events", "instructions", "records",
    ]  # fmt: skip
    assert f"{told.reviewer.full_name} · Released Complete. · intact" in parts["signatures"]
    assert "No delivery of it is recorded." in parts["arrivals"]
    assert "2 EA" in parts["places"] and "EA" in parts["movements"]
    assert "Wet boxes" in parts["holds"] and "Open" in parts["holds"]
    assert "Humidity was 62 %" in parts["nonconformances"]
    assert told.order.number in parts["orders"] and "makes it" in parts["orders"]
    assert "12.5" in parts["values"] and "corrected later" in parts["values"]
    assert "Production" in parts["movements"]
    with CaptureQueriesContext(connection) as queries:
        beside = everybody.get(address(lot), {"part": "neighbours"}).content.decode()
    assert len(queries) <= MOST_STATEMENTS
    assert beside.count(f"{unit.serial} is a unit of it") == 1
    assert str(told.last.document_revision) in parts["instructions"]
    assert str(printed) in parts["records"] and told.record.number in parts["records"]
    assert reverse("core_oversight:trail") in page.content.decode()
    assert address(lot) in everybody.get(lot.get_absolute_url()).content.decode()

    rows = everybody.get(api(lot)).json()["results"]
    assert {row["part"] for row in rows} >= {"places", "holds", "orders", "values", "records", "neighbours"}
    assert [row["note"] for row in rows if row["part"] == "places"] == ["2 EA"]

    component = Lot.objects.filter(consumptions__order_operation__order=told.order).order_by("pk").first()
    assert component is not None
    used = parts_of(everybody, component)
    assert told.order.number in used["orders"] and "used it" in used["orders"]
    assert "None affects it." in used["nonconformances"] and "No order made it." in used["records"]


def test_nobody_reads_more_of_a_lot_than_their_rights_give(told: Story) -> None:
    lot = told.lot
    told_by_api = visit_as(make_user(site=lot.site, permissions=("traceability.view_lot",))).get(api(lot)).json()
    assert {row["part"] for row in told_by_api["results"]} == {"places", "movements"}
    plain = visit_as(make_user(site=lot.site, permissions=("traceability.view_lot",)))
    parts = parts_of(plain, lot)
    assert list(parts) == [
        "arrivals", "places", "signatures", "movements", "recalls", "nonconformances", "complaints", "orders", "values",
        "instructions", "records",
    ]  # fmt: skip
    told_to_whoever_may = ("nonconformances", "complaints", "orders", "values", "instructions", "records")
    said = " ".join(parts[key] for key in told_to_whoever_may)
    assert told.order.number not in said and "Humidity" not in said and "12.5" not in said
    page = plain.get(address(lot)).content.decode()
    assert reverse("core_oversight:trail") not in page
    assert reverse("traceability:lot_trace", args=[lot.pk]) not in page
    assert plain.get(address(lot), {"part": "neighbours"}).status_code == 403
    stranger = visit_as(make_user(site=make_site(), permissions=tuple(catalogue())))
    assert stranger.get(address(lot)).status_code == 404


def test_a_use_that_was_undone_is_no_use(story: Story) -> None:
    floor = story.floor
    operation, lot = floor.assembling(story.order), floor.lot(floor.parts[1])
    reader = visit_as(make_user(site=lot.site, permissions=tuple(catalogue())))
    used = consume_lot(order_operation=operation, lot=lot, quantity=Decimal(2), actor=floor.operator).record
    assert "used it" in parts_of(reader, lot)["orders"]
    undo_consumption(consumption=used, actor=floor.operator)
    assert "No order makes it or used it." in parts_of(reader, lot)["orders"]


def test_long_parts_lead_on_and_empty_ones_say_so(story: Story) -> None:
    floor = story.floor
    lot = floor.world.lot(200)
    reader = visit_as(make_user(site=lot.site, permissions=tuple(catalogue())))
    for _number in range(55):
        move_stock(
            lot=lot, quantity=Decimal(1), from_location=floor.world.store, to_location=floor.world.production,
            actor=floor.world.system,
        )  # fmt: skip
    page = reader.get(address(lot)).content.decode()
    assert page.count(f"{floor.world.store} → {floor.world.production}") == 50
    assert "?tab=movements" in page
    assert ProductionOrder.objects.filter(lot=lot).count() == 0
    assert "No order makes it or used it." in parts_of(reader, lot)["orders"]
