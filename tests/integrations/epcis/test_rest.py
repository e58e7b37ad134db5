"""The REST bindings: capture, its job and the query of events, as the standard and this house want them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from pytest_django.fixtures import Settings

from core.organization.models import User
from integrations.formats.epcis.documents import MAX_BYTES
from integrations.models import EpcisCapture, EpcisEvent
from tests.api.conftest import MAKE, program_of
from tests.integrations.epcis import gates
from tests.integrations.epcis.test_refusals import BILLION, EVENT, XML, XML_EVENT, document
from tests.support.kept import made_once
from tests.support.people import grant, make_site, make_user
from tests.traceability.world import World, make_world
from traceability.models import StockMovement

pytestmark = pytest.mark.requirement("EPC-05")

SEE, CAPTURE = "integrations.view_epcisevent", "integrations.capture_epcisevent"
AT = "/api/v1/integrations/epcis"

kept_world = made_once(make_world)


@pytest.fixture
def world(kept_world: Callable[[], World], db: None, settings: Settings, tmp_path: Path) -> World:
    """A small plant, rolled back at the end."""
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    return kept_world()


class Partner:
    """A program of a partner: no key, bodies as they are."""

    def __init__(self, user: User) -> None:
        self.client, self.headers = Client(), program_of(user).headers

    def capture(self, data: bytes, kind: str = "application/ld+json", path: str = "", **headers: str) -> Any:
        """Send a document."""
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.generic("POST", f"{AT}/capture/{path}", data, content_type=kind, headers=given)

    def events(self, accept: str = "application/ld+json", **query: Any) -> Any:
        """Ask for events."""
        return self.client.get(f"{AT}/events/", query, headers={**self.headers, "Accept": accept})


@pytest.fixture
def partner(world: World) -> Partner:
    """A program that may do both."""
    return Partner(make_user(site=world.site, permissions=(SEE, CAPTURE, MAKE)))


def test_both_forms_are_captured_once_and_the_job_is_told(world: World, partner: Partner) -> None:
    first = partner.capture(document(EVENT), path="?source=Carrier")
    assert first.status_code == 202, first.content
    assert first["GS1-EPCIS-Version"] == "2.0.0" and first["GS1-CBV-Version"] == "2.0.0"
    job = first.json()
    assert (job["success"], job["running"], job["errors"], job["newEvents"]) == (True, False, [], 1)
    assert partner.client.get(first["Location"], headers=partner.headers).json() == job
    xml = partner.capture(XML.format(events=XML_EVENT).encode(), "application/xml")
    assert (xml.status_code, xml.json()["newEvents"], xml.json()["knownEvents"]) == (202, 0, 1)
    again = partner.capture(document(EVENT))
    assert again.json()["captureID"] == job["captureID"]
    assert EpcisEvent.objects.count() == 1 and EpcisCapture.objects.count() == 2
    assert EpcisCapture.objects.order_by("pk")[0].source == "Carrier"
    bare = {"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", **EVENT, "action": "ADD"}
    assert partner.capture(json.dumps(bare).encode(), "application/json").json()["newEvents"] == 1


def test_a_refusal_names_event_and_field_and_nothing_is_kept(world: World, partner: Partner) -> None:
    moved = StockMovement.objects.count()
    answer = partner.capture(document(EVENT, {**EVENT, "bizStep": "sipping", "action": "X"}))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("eventList[1].action", "action"), ("eventList[1].bizStep", "vocabulary"),
    ]  # fmt: skip
    assert (EpcisEvent.objects.count(), EpcisCapture.objects.count()) == (0, 0)
    assert StockMovement.objects.count() == moved


@pytest.mark.parametrize(
    ("data", "kind", "headers", "status"),
    [
        (b"", "application/json", {}, 415),  # a program that sends nothing says no form either
        (b" ", "application/json", {}, 400),
        (b"\x00\x01", "application/json", {}, 400),
        (b'{"a": "\xff"}', "application/json", {}, 400),
        (b"[]", "application/json", {}, 400),
        (b'{"@context": {"a": 1}, "type": []}', "application/json", {}, 400),
        (document({**EVENT, "epcList": [{}]}), "application/json", {}, 400),
        (document(EVENT), "text/plain", {}, 415),
        (document(EVENT), "multipart/form-data; boundary=x", {}, 415),
        (document(EVENT), "application/json", {"Content_Encoding": "gzip"}, 415),
        (document(EVENT), "application/json", {"GS1_EPCIS_Version": "1.2"}, 406),
        (document(EVENT), "application/json", {"GS1_Capture_Error_Behaviour": "proceed"}, 400),
        (b"{" + b" " * MAX_BYTES + b"}", "application/json", {}, 413),
        (b"{" + b" " * (11 * 1024 * 1024) + b"}", "application/json", {}, 413),
        ((BILLION + XML.format(events=XML_EVENT.replace("OBSERVE", "&i;"))).encode(), "application/xml", {}, 400),
        (b"<!DOCTYPE a [<!ENTITY i SYSTEM 'file:///etc/passwd'>]><a>&i;</a>", "text/xml", {}, 400),
    ],
    ids=str,
)  # fmt: skip
def test_bodies_that_mean_harm_or_nothing_are_refused_in_words(
    world: World, partner: Partner, data: bytes, kind: str, headers: dict[str, str], status: int
) -> None:
    answer = partner.capture(data, kind, **headers)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["title"] and b"root:" not in answer.content
    assert EpcisCapture.objects.count() == 0


def test_the_site_is_named_where_there_are_several(world: World) -> None:
    user = make_user(site=world.site, permissions=(SEE, CAPTURE, MAKE))
    other = make_site()
    grant(user, other, SEE, CAPTURE, MAKE)
    partner = Partner(user)
    assert partner.capture(document(EVENT)).json()["errors"][0]["field"] == "site"
    assert partner.capture(document(EVENT), path=f"?site={other.code}").status_code == 202
    assert partner.capture(document(EVENT), path="?site=NOWHERE").status_code == 400
    assert partner.capture(document(EVENT), path="?place=here").status_code == 400
    assert EpcisCapture.objects.get().site == other


def test_without_the_right_there_is_no_capture_and_no_event(world: World, partner: Partner) -> None:
    partner.capture(document(EVENT))
    blind = Partner(make_user(site=world.site, permissions=("traceability.view_lot", MAKE)))
    assert blind.capture(document(EVENT)).status_code == 403
    assert blind.events().status_code == 403
    elsewhere = Partner(make_user(site=make_site(), permissions=(SEE, CAPTURE, MAKE)))
    assert elsewhere.events().json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"] == []
    job = EpcisCapture.objects.get()
    assert elsewhere.client.get(f"{AT}/capture/{job.pk}/", headers=elsewhere.headers).status_code == 404
    assert Client().get(f"{AT}/events/").status_code == 401


def test_what_is_offered_is_said(partner: Partner) -> None:
    answer = partner.client.options(f"{AT}/capture/", headers=partner.headers)
    assert answer.status_code == 204 and "POST" in answer["Allow"]
    assert answer["GS1-EPCIS-Capture-Limit"] == "1000"
    assert partner.client.delete(f"{AT}/events/", headers=partner.headers).status_code == 405


def listed(answer: Any) -> list[dict[str, Any]]:
    """The events of a JSON answer."""
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found


def test_ours_and_theirs_are_found_together_page_by_page(world: World, partner: Partner) -> None:
    lot = world.lot(5, world.material(gtin="09506000134352"), number="S-1")
    uri = "https://id.gs1.org/01/09506000134352/10/S-1"
    told = {key: value for key, value in EVENT.items() if key != "epcList"}
    same = "urn:epc:class:lgtin:9506000.013435.S-1"  # another name of the same lot
    partner.capture(document({**told, "quantityList": [{"epcClass": same}]}, EVENT))
    found = listed(partner.events(MATCH_anyEPCClass=uri))
    assert [event["bizStep"] for event in found] == ["shipping", "receiving"]
    assert found[1]["quantityList"] == [{"epcClass": uri, "quantity": 5}]
    assert [event["epcList"] for event in listed(partner.events(MATCH_epc=EVENT["epcList"][0]))] == [EVENT["epcList"]]
    seen, answer = [], partner.events(perPage=1)
    while True:
        seen += listed(answer)
        if "Link" not in answer:
            break
        assert answer["Link"].endswith('rel="next"')
        address = answer["Link"].partition(">")[0].removeprefix("<")
        answer = partner.client.get(address, headers=partner.headers)
    assert seen == listed(partner.events()) and len(seen) == 3
    assert lot.number in str(seen)


@pytest.mark.cases
def test_answers_pass_the_schemas_of_the_standard(world: World, partner: Partner) -> None:
    world.lot(5, world.material(gtin="09506000134352"), number="S-1")
    partner.capture(document({**EVENT, "gs1:x": {"gs1:y": "z"}}))
    as_json = partner.events()
    assert as_json["Content-Type"] == "application/ld+json"
    assert gates.against_json(as_json.content.decode()) == []
    as_xml = partner.events(accept="application/xml")
    assert as_xml["Content-Type"] == "application/xml"
    assert gates.against_xml(as_xml.content.decode(), "EPCglobal-epcis-query-2_0.xsd") == []
    assert len(etree.fromstring(as_xml.content).findall(".//EventList/*")) == len(listed(as_json)) == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"EQ_colour": "red"}, "EQ_colour"), ({"EQ_bizStep": "sipping"}, "EQ_bizStep"), ({"perPage": "0"}, "perPage"),
        ({"nextPageToken": "x"}, "nextPageToken"), ({"GE_eventTime": "today"}, "GE_eventTime"),
        ({"MATCH_epc": "\x00"}, None),
    ],
)  # fmt: skip
def test_unknown_parameters_are_refused(partner: Partner, query: dict[str, str], field: str | None) -> None:
    answer = partner.events(accept="application/xml", **query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    if field:
        assert answer.json()["errors"][0]["field"] == field


def test_a_query_costs_the_same_whatever_it_finds(world: World, partner: Partner) -> None:
    counts = []
    for _round in range(2):
        for number in range(3):
            world.lot(5)
            partner.capture(document({**EVENT, "eventTime": f"2026-02-0{number + 1}T10:0{_round}:00Z"}))
        partner.events(perPage=200)
        with CaptureQueriesContext(connection) as statements:
            assert len(listed(partner.events(perPage=200))) == 6 * (_round + 1)
        counts.append(len(statements))
    assert counts[0] == counts[1]
