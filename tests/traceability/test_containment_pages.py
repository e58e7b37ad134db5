"""The pages and the API of containments: preview, place, look at it, end it; and destroying what is on hold."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.deeds import acting
from core.organization.models import User
from tests.api.conftest import MAKE, program_of
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as
from tests.traceability.goods import leads, partner, shipped
from tests.traceability.test_containment import held_by
from tests.traceability.test_views import ALL, MOST_STATEMENTS
from tests.traceability.world import World
from traceability import services
from traceability.models import Containment, Hold, Lot, StockRemoval
from traceability.queries import Scope, on_hand

SECRET = "correct horse battery staple"
PLACE = "traceability:containment_create"


@pytest.fixture
def person(world: World) -> User:
    """A person with every right of this storey, and a password to sign with."""
    user = make_user(site=world.site, permissions=(*ALL, MAKE))
    with transaction.atomic(), acting(world.system):
        user.set_password(SECRET)
        user.must_change_password = False
        user.save()
    return user


@pytest.fixture
def desk(person: User) -> Client:
    """Their browser."""
    return visit_as(person)


def entered(world: World, kind: str, **values: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "client_id": str(uuid.uuid4()),
        "site": world.site.pk,
        "kind": kind,
        "reason": "Wrong alloy",
        **values,
    }


def many(world: World) -> list[Lot]:
    """A dozen lots of one material, some of them held already, some in two places."""
    material = world.material()
    return [world.lot(5, material) for _ in range(12)]


@pytest.mark.requirement("HLD-01")
def test_every_page_opens_within_its_statements(world: World, desk: Client, person: User) -> None:
    lots = many(world)
    lead = leads(world)
    shipped(world, lead, lots[0], 2)
    scope = Scope("material", world.site, material=lots[0].material, since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    made = services.place_containment(scope=scope, reason="Wrong alloy", actor=person)
    hold = Hold.objects.filter(lot=lots[1]).get()
    addresses = {
        reverse("traceability:containment_list"): made.number,
        reverse("traceability:containment_list") + "?status=open": "Wrong alloy",
        reverse(PLACE): "Lot and serial numbers",
        reverse(PLACE) + f"?kind=material&material={lots[0].material.number}": lots[0].material.number,
        reverse(PLACE) + "?kind=supplier": "Supplier&#x27;s code",
        reverse(PLACE) + "?kind=order&record=PO-1": "Number of the production order",
        reverse(PLACE) + "?kind=nonsense": "Lot and serial numbers",
        made.get_absolute_url(): lots[11].number,
        reverse("traceability:containment_move", args=[made.pk, "end"]): "Holds that stay open",
        reverse("traceability:hold_list") + f"?containment={made.number}": lots[3].number,
        reverse("traceability:hold_remove", args=[hold.pk]): "What happens with it",
        hold.get_absolute_url(): "Destroy or return",
        lots[2].get_absolute_url(): "Contain",
        lots[2].material.get_absolute_url(): "Contain",
    }
    desk.get(reverse("traceability:containment_list"))
    costly = {}
    for address, words in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            answer = desk.get(address)
        assert answer.status_code == 200, address
        assert words in answer.content.decode(), address
        if len(queries) > MOST_STATEMENTS:
            costly[address] = len(queries)
    assert costly == {}
    told = desk.get(made.get_absolute_url()).content.decode()
    assert "0 of 12 holds are released" in told and "With customers" in told


@pytest.mark.requirement("HLD-01")
def test_what_would_be_held_is_shown_before_anything_is(world: World, desk: Client) -> None:
    lots = many(world)
    lead = leads(world)
    line = shipped(world, lead, lots[0], 2)
    given = entered(world, "material", material=lots[0].material.number)
    with CaptureQueriesContext(connection) as queries:
        answer = desk.post(reverse(PLACE) + "?preview=1", given)
    told = answer.content.decode()
    assert answer.status_code == 200
    assert len(queries) <= 20, "a page and the search of its scope, however much that finds"
    assert "12 lots and units will be held" in told
    assert all(lot.number in told for lot in lots) and line.shipment.number in told
    assert not Containment.objects.exists() and not Hold.objects.exists()
    answer = desk.post(reverse(PLACE), given)
    made = Containment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
    assert held_by(made) == set(lots)
    desk.post(reverse(PLACE), given)
    assert Containment.objects.count() == 1, "the same entry twice is one containment"


@pytest.mark.requirement("HLD-02")
def test_chosen_lots_and_units_are_named_by_their_numbers(world: World, desk: Client) -> None:
    lot, other = world.lot(5), world.lot(0, world.material(tracking="serial"))
    unit = world.unit(other)
    answer = desk.post(reverse(PLACE), entered(world, "chosen", goods=f"{lot.number}\n{unit.serial}\n"))
    assert answer.status_code == 302
    assert held_by(Containment.objects.get()) == {lot, unit}


@pytest.mark.requirement("HLD-02")
@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("chosen", {"goods": "NOBODY"}, "There is no lot or unit “NOBODY”"),
        ("chosen", {"goods": ""}, "No lot or unit is chosen"),
        ("material", {"material": "NONE"}, "There is no material with this number"),
        ("material", {"supplier_lot": "X"}, "This kind of scope has none"),
        ("supplier", {"supplier_lot": ""}, "lot number is missing"),
        ("order", {"record": "PO-NONE"}, "There is no such order"),
        ("equipment", {"record": "M-NONE"}, "There is no such equipment"),
        ("document", {"record": "SOP-NONE"}, "There is no such revision"),
        ("material", {"reason": ""}, "required"),
    ],
)
def test_a_form_that_names_nothing_is_told_what_is_wrong(
    world: World, desk: Client, kind: str, values: dict[str, str], words: str
) -> None:
    answer = desk.post(reverse(PLACE), entered(world, kind, **values))
    assert answer.status_code in (409, 422)
    assert words in answer.content.decode().replace("&#x27;", "'")
    assert not Containment.objects.exists()


@pytest.mark.requirement("HLD-01")
def test_it_is_ended_with_a_signature_on_its_page(world: World, desk: Client, person: User) -> None:
    (lot, *_rest) = many(world)
    scope = Scope("material", world.site, material=lot.material)
    made = services.place_containment(scope=scope, reason="Wrong alloy", actor=person)
    address = reverse("traceability:containment_move", args=[made.pk, "end"])
    signed = {"client_id": str(uuid.uuid4()), "user_id": person.username, "secret": SECRET, "version": made.row_version}
    assert desk.post(address, {**signed, "reason": ""}).status_code == 422
    assert desk.post(address, {**signed, "reason": "All found", "secret": "wrong"}).status_code == 409
    made.refresh_from_db()
    assert made.status == "open"
    assert desk.post(address, {**signed, "reason": "All found"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "ended"
    assert "Ended" in desk.get(made.get_absolute_url()).content.decode()


@pytest.mark.requirement("HLD-07")
def test_held_stock_is_destroyed_with_a_signature_on_the_page_of_its_hold(
    world: World, desk: Client, person: User
) -> None:
    lot = world.lot(10)
    hold = services.place_hold(lot=lot, reason="alloy", actor=world.operator)
    address = reverse("traceability:hold_remove", args=[hold.pk])
    given = {
        "client_id": str(uuid.uuid4()),
        "kind": "destroyed",
        "quantity": "4",
        "location": world.store.pk,
        "reason": "Burnt before a witness",
        "user_id": person.username,
    }
    assert desk.post(address, {**given, "secret": "wrong"}).status_code == 409
    assert on_hand(lot) == 10
    assert desk.post(address, {**given, "secret": SECRET}).status_code == 302
    assert (on_hand(lot), StockRemoval.objects.get().quantity) == (6, 4)
    assert "Burnt before a witness" in desk.get(hold.get_absolute_url()).content.decode()


@pytest.mark.requirement("HLD-01")
def test_another_site_sees_nothing_of_it(world: World, person: User) -> None:
    lot = world.lot(5)
    scope = Scope("chosen", world.site, lots=(lot,))
    made = services.place_containment(scope=scope, reason="Wrong alloy", actor=person)
    stranger = visit_as(make_user(site=make_site(), permissions=ALL))
    assert made.number not in stranger.get(reverse("traceability:containment_list")).content.decode()
    assert stranger.get(made.get_absolute_url()).status_code == 404
    assert stranger.post(reverse(PLACE), entered(world, "chosen", goods=lot.number)).status_code == 422
    operator = visit_as(make_user(site=world.site, permissions=("traceability.view_containment",)))
    assert operator.get(made.get_absolute_url()).status_code == 200
    assert operator.get(reverse(PLACE)).status_code == 403


@pytest.mark.requirement("HLD-01", "API-01")
def test_a_program_contains_looks_and_ends(world: World, person: User) -> None:
    program = program_of(person)
    lots = many(world)
    at = "traceability/containments/"
    body = {
        "site": world.site.pk,
        "kind": "material",
        "material": lots[0].material.number,
        "with_descendants": True,
        "reason": "Wrong alloy",
    }
    assert program.post(at, {**body, "material": "NONE"}).status_code == 422
    answer = program.post(at, body)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["kind"], made["status"], made["with_descendants"]) == ("material", "open", True)
    found = program.get(f"{at}{made['id']}/members/").json()["results"]
    assert {row["lot"] for row in found} == {lot.pk for lot in lots}
    assert {Decimal(row["on_hand"]) for row in found} == {Decimal(5)}
    holds = program.get(f"traceability/holds/?containment={made['number']}").json()["results"]
    assert len(holds) == 12
    signature = {"user_name": person.username, "secret": SECRET, "meaning": "closed"}
    end = {"reason": "All found", "signature": signature}
    assert program.post(f"{at}{made['id']}/end/", {"reason": "x"}, If_Match=f'"{made["version"]}"').status_code == 422
    ended = program.post(f"{at}{made['id']}/end/", end, If_Match=f'"{made["version"]}"')
    assert ended.status_code == 200, ended.content
    assert Containment.objects.get().status == "ended"
    removal = program.post(
        f"traceability/holds/{holds[0]['id']}/remove/",
        {
            "kind": "returned",
            "reason": "The supplier takes it back",
            "signature": {**signature, "meaning": "dispositioned"},
        },
    )
    assert removal.status_code == 409, "there is no place for what leaves"
    leads(world)
    removal = program.post(
        f"traceability/holds/{holds[0]['id']}/remove/",
        {
            "kind": "returned",
            "reason": "The supplier takes it back",
            "signature": {**signature, "meaning": "dispositioned"},
        },
    )
    assert removal.status_code == 201, removal.content
    assert Decimal(removal.json()["quantity"]) == 5


@pytest.mark.requirement("HLD-02")
def test_a_suppliers_lot_is_contained_with_and_without_its_supplier(world: World, desk: Client) -> None:
    vendor = partner(world)
    lot = world.lot(5, supplier_lot="H-1")
    answer = desk.post(reverse(PLACE), entered(world, "supplier", supplier=vendor.code, supplier_lot="h-1"))
    assert answer.status_code == 302
    assert held_by(Containment.objects.get()) == {lot}
