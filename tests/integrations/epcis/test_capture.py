"""Documents of others: taken in whole or not at all, each event once, shown beside our lots, never as stock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from core.files.models import Attachment
from core.kernel.errors import Blocked
from core.organization.models import User
from core.trail.models import TrailEvent
from integrations.formats.epcis import read_document
from integrations.models import EpcisCapture, EpcisEvent, EpcisThing
from integrations.queries import CAPTURED, Wanted, events_of
from integrations.services.epcis import EpcisRefused, capture_document
from tests.integrations.epcis import gates
from tests.integrations.epcis.test_examples import EXAMPLES, REFUSED
from tests.integrations.epcis.test_refusals import EVENT, XML, XML_EVENT, document
from tests.support.kept import made_once
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as
from tests.traceability.world import World, make_world
from traceability.models import Lot, StockMovement

pytestmark = pytest.mark.requirement("EPC-04")

SEE, CAPTURE = "integrations.view_epcisevent", "integrations.capture_epcisevent"
LOTS = ("traceability.view_lot", "traceability.view_serializedunit", "traceability.view_genealogylink")
MOST_STATEMENTS = 15

kept_world = made_once(make_world)


@pytest.fixture
def world(kept_world: Callable[[], World], db: None, settings: Settings, tmp_path: Path) -> World:
    """A small plant, rolled back at the end."""
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    return kept_world()


@pytest.fixture
def planner(world: World) -> User:
    """Somebody who takes in events and sees lots."""
    return make_user(site=world.site, permissions=(SEE, CAPTURE, *LOTS))


def capture(world: World, planner: User, data: bytes, **values: Any) -> EpcisCapture:
    """Take the document in."""
    return capture_document(site=world.site, data=data, actor=planner, **values)


def everything() -> tuple[int, ...]:
    """How much there is."""
    return tuple(model.objects.count() for model in (EpcisCapture, EpcisEvent, EpcisThing, StockMovement, Lot))


def told_by_supplier(lot: Lot, **values: Any) -> dict[str, Any]:
    """The supplier says that the lot is on its way."""
    goods = [{"epcClass": f"https://id.gs1.org/01/{lot.material.gtin}/10/{lot.number}", "quantity": 2.5, "uom": "KGM"}]
    event = {key: value for key, value in EVENT.items() if key != "epcList"}
    return {**event, "quantityList": goods, "disposition": "in_transit", **values}


def test_an_event_is_kept_with_all_that_it_says_and_its_document(world: World, planner: User) -> None:
    lot = world.lot(1, world.material(gtin="09506000134352"), number="S-1")
    before = everything()
    data = document(told_by_supplier(lot, eventID="urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), EVENT)
    made = capture(world, planner, data, source="Powder Ltd", file_name="asn.jsonld")
    assert (made.new_events, made.known_events, made.source) == (2, 0, "Powder Ltd")
    first = made.events.get(biz_step="shipping", disposition="in_transit")
    assert read_document(first.content.encode()).events[0] == read_document(data).events[0]
    thing = first.things.get()
    assert (thing.gtin, thing.lot_number, thing.is_class, thing.quantity) == ("09506000134352", "S-1", True, 2.5)
    kept = Attachment.objects.get(subject_id=made.pk, subject_type__model="epciscapture")
    assert kept.sha256 == made.file_sha256
    assert everything() == (before[0] + 1, before[1] + 2, before[2] + 2, *before[3:])


def test_the_same_event_is_kept_once_in_whichever_form_it_comes(world: World, planner: User) -> None:
    first = capture(world, planner, document(EVENT))
    there = everything()
    assert capture(world, planner, document(EVENT)) == first
    assert everything() == there
    again = capture(world, planner, XML.format(events=XML_EVENT).encode())
    assert (again.new_events, again.known_events) == (0, 1)
    shuffled = document({**EVENT, "recordTime": "2026-02-04T00:00:00Z", "eventTime": "2026-02-03T09:00:00Z"}, EVENT)
    third = capture(world, planner, shuffled)
    assert (third.new_events, third.known_events) == (0, 2)
    assert EpcisEvent.objects.count() == 1


def test_a_document_is_taken_in_whole_or_not_at_all(world: World, planner: User) -> None:
    before = everything()
    with pytest.raises(EpcisRefused) as refused:
        capture(world, planner, document(EVENT, {**EVENT, "bizStep": "sipping"}))
    assert refused.value.codes == ("epcis_vocabulary",)
    assert "Event 2, bizStep" in str(refused.value.blockers[0].message) and refused.value.blockers[0].remedy
    assert everything() == before
    assert TrailEvent.objects.filter(kind="denied").exists() or TrailEvent.objects.exists()


def test_an_id_that_stands_for_something_else_is_refused_but_not_its_error_declaration(
    world: World, planner: User
) -> None:
    named = {**EVENT, "eventID": "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}
    capture(world, planner, document(named))
    before = everything()
    with pytest.raises(EpcisRefused) as refused:
        capture(world, planner, document({**named, "bizStep": "receiving"}))
    assert [(one.event, one.field, one.code) for one in refused.value.troubles] == [(1, "eventID", "id_taken")]
    assert everything() == before
    error = {"declarationTime": "2026-02-05T00:00:00Z", "reason": "did_not_occur"}
    made = capture(world, planner, document({**named, "errorDeclaration": error}))
    assert made.new_events == 1 and made.events.get().declares_error


def test_without_the_right_nothing_is_taken_in(world: World, planner: User) -> None:
    before = everything()
    for stranger in (
        make_user(site=world.site, permissions=(SEE,)),
        make_user(site=make_site(), permissions=(CAPTURE,)),
    ):
        with pytest.raises(Blocked) as refused:
            capture(world, stranger, document(EVENT))
        assert refused.value.codes == ("permission",)
    assert everything() == before


@pytest.mark.cases
@pytest.mark.requirement("EPC-01")
def test_all_examples_of_the_standard_are_captured_or_refused_with_the_reason(world: World, planner: User) -> None:
    """Some examples give one event id to different events: the later one is refused."""
    refused = {}
    for path in EXAMPLES:
        try:
            capture(world, planner, path.read_bytes(), file_name=path.name)
        except EpcisRefused as error:
            refused[path.name] = [(one.event, one.field, one.code) for one in error.troubles]
    assert refused == {
        **REFUSED,
        "Example-Type-sourceOrDestination,measurement,bizTransaction.jsonld": [(1, "eventID", "id_taken")],
        "SensorDataExample17.jsonld": [(1, "eventID", "id_taken")],
    }
    events = list(events_of(Wanted(origins=frozenset({CAPTURED})), [world.site.pk]))
    assert len(events) == EpcisEvent.objects.count() > 40
    assert gates.against_json(gates.json_of(events)) == []
    assert gates.against_xml(gates.xml_of(events)) == []


# --- Beside our records -----------------------------------------------------------------------------------------------


def test_what_was_told_stands_on_the_page_about_the_lot(world: World, planner: User) -> None:
    material = world.material(gtin="09506000134352")
    lot = world.lot(1, material, number="OUR-7", supplier_lot="S-9")
    other = world.lot(1, material, number="OUR-8")
    told = told_by_supplier(lot)
    told["quantityList"][0]["epcClass"] = "https://id.gs1.org/01/09506000134352/10/S-9"
    made = capture(world, planner, document(told), source="Powder Ltd")
    client = visit_as(planner)
    page = client.get(reverse("traceability:lot_everything", args=[lot.pk]) + "?part=told").content.decode()
    assert "What others told of it" in page and "Powder Ltd" in page and made.events.get().get_absolute_url() in page
    assert (
        "Powder Ltd"
        not in client.get(reverse("traceability:lot_everything", args=[other.pk]) + "?part=told").content.decode()
    )
    blind = visit_as(make_user(site=world.site, permissions=LOTS))
    assert (
        "Powder Ltd"
        not in blind.get(reverse("traceability:lot_everything", args=[lot.pk]) + "?part=told").content.decode()
    )


def test_a_unit_without_a_gtin_is_known_by_our_own_address(world: World, planner: User) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    unit = world.unit(lot)
    from integrations.queries import unit_uri

    capture(world, planner, document({**EVENT, "epcList": [unit_uri(unit)]}), source="Carrier")
    page = visit_as(planner).get(reverse("traceability:lot_everything", args=[lot.pk]) + "?part=told").content.decode()
    assert "Carrier" in page


# --- Pages ------------------------------------------------------------------------------------------------------------


def upload(client: Any, world: World, data: bytes) -> Any:
    """Choose the document on the page."""
    file = SimpleUploadedFile("events.jsonld", data, "application/ld+json")
    answer = client.post(
        reverse("integrations:epciscapture_create"), {"site": world.site.pk, "source": "Powder Ltd", "file": file}
    )
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def test_the_way_of_a_document_through_the_pages(world: World, planner: User) -> None:
    client = visit_as(planner)
    assert "Take in events" in client.get(reverse("integrations:epcisevent_list")).content.decode()
    check = upload(client, world, document(EVENT))
    page = client.get(check)
    assert page.status_code == 200 and "1 new event" in page.content.decode()
    assert EpcisEvent.objects.count() == 0
    done: Any = client.post(check)
    made = EpcisCapture.objects.get()
    assert (done.status_code, done.url) == (302, reverse("integrations:epciscapture_detail", args=[made.pk]))
    assert "Powder Ltd" in client.get(done.url).content.decode()
    assert "known already" in client.get(check).content.decode()
    event = client.get(made.events.get().get_absolute_url()).content.decode()
    assert "Shipped" in event and "It changes nothing of our stock" in event and "ObjectEvent" in event


def test_a_refused_document_says_which_event_and_field(world: World, planner: User) -> None:
    client = visit_as(planner)
    check = upload(client, world, document(EVENT, {**EVENT, "bizStep": "sipping"}))
    for page in (client.get(check), client.post(check)):
        assert page.status_code in (409, 422)
        assert "bizStep" in page.content.decode() and "sipping" in page.content.decode()
    assert EpcisCapture.objects.count() == 0


def test_a_document_of_somebody_else_is_not_there(world: World, planner: User) -> None:
    check = upload(visit_as(planner), world, document(EVENT))
    other = visit_as(make_user(site=world.site, permissions=(SEE, CAPTURE)))
    assert other.get(check).status_code == 410
    assert other.post(check).status_code == 410
    assert visit_as(make_user(site=world.site, permissions=(SEE,))).get(check).status_code == 403
    assert EpcisCapture.objects.count() == 0


def test_the_list_shows_ours_and_theirs_and_leaves_as_a_document(world: World, planner: User) -> None:
    lot = world.lot(5, world.material(gtin="09506000134352"), number="S-1")
    capture(world, planner, document(told_by_supplier(lot)))
    client = visit_as(planner)
    address = reverse("integrations:epcisevent_list")
    page = client.get(address).content.decode()
    assert "Received" in page and "Shipped" in page and lot.get_absolute_url() in page
    ours = client.get(address, {"origin": "own"}).content.decode()
    assert "Received" in ours and ">Shipped</a>" not in ours
    found = client.get(address, {"thing": "S-1", "step": "shipping"}).content.decode()
    assert ">Shipped</a>" in found and ">Received</a>" not in found
    assert "Nothing matches" in client.get(address, {"thing": "no such lot"}).content.decode()
    assert client.get(address, {"kind": "Party"}).status_code == 400
    for kind in ("jsonld", "xml"):
        answer = client.get(address, {"export": kind})
        text = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert len(read_document(text).events) == 2
        assert TrailEvent.objects.filter(kind__icontains="export").exists()
    mine = reverse("integrations:epcis_own", args=[_own_id(world).removeprefix("urn:uuid:")])
    own = client.get(mine)
    assert own.status_code == 200 and "Received" in own.content.decode()
    other = reverse("integrations:epcis_own", args=["f81d4fae-7dec-11d0-a765-00a0c91e6bf6"])
    assert client.get(other).status_code == 404
    stranger = visit_as(make_user(site=make_site(), permissions=(SEE,)))
    assert "No events yet" in stranger.get(address).content.decode()
    assert stranger.get(mine).status_code == 404
    assert stranger.get(EpcisEvent.objects.get().get_absolute_url()).status_code == 404


def _own_id(world: World) -> str:
    found = events_of(Wanted(origins=frozenset({"own"})), [world.site.pk])
    return next(found).event_id


def test_the_pages_cost_few_statements(world: World, planner: User) -> None:
    lot = world.lot(5, world.material(gtin="09506000134352"), number="S-1")
    for number in range(4):
        world.lot(5)
        capture(world, planner, document(told_by_supplier(lot, eventID=f"urn:uuid:{number}", action="ADD"),
                                         {**EVENT, "recordTime": f"2026-02-0{number + 1}T00:00:00Z"}))  # fmt: skip
    client = visit_as(planner)
    pages = [
        reverse("integrations:epcisevent_list"),
        f"{reverse('integrations:epcisevent_list')}?thing=S-1",
        EpcisEvent.objects.latest("pk").get_absolute_url(),
        reverse("integrations:epciscapture_detail", args=[EpcisCapture.objects.latest("pk").pk]),
        reverse("traceability:lot_trace", args=[lot.pk]),
    ]
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as statements:
            assert client.get(page).status_code == 200
        assert len(statements) <= MOST_STATEMENTS, (page, [one["sql"][:120] for one in statements])


@pytest.mark.requirement("EPC-06")
def test_a_trace_leaves_as_events(world: World, planner: User) -> None:
    powder, tablets, other = world.lot(5), world.lot(5), world.lot(5)
    world.link(powder, tablets)
    client = visit_as(planner)
    page = client.get(reverse("traceability:lot_trace", args=[tablets.pk]), {"direction": "backward"}).content.decode()
    address = reverse("integrations:epcis_lot_trace", args=[tablets.pk, "jsonld"])
    assert f"{address}?direction=backward" in page and "EPCIS events, XML" in page
    for kind in ("jsonld", "xml"):
        address = reverse("integrations:epcis_lot_trace", args=[tablets.pk, kind])
        answer = client.get(address, {"direction": "backward"})
        text = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        names = {uri for event in read_document(text).events for _role, uri, _quantity in event.things()}
        from integrations.queries import lot_uri

        assert {lot_uri(powder), lot_uri(tablets)} <= names and lot_uri(other) not in names
    assert client.get(address.replace("events.xml", "events.csv")).status_code == 404
    blind = visit_as(make_user(site=world.site, permissions=LOTS))
    page = blind.get(reverse("traceability:lot_trace", args=[tablets.pk])).content.decode()
    assert "EPCIS" not in page
    assert b"Event" not in b"".join(
        getattr(blind.get(address), "streaming_content", [b""])  # no right, no event
    ).replace(b"EventList", b"")
