"""Several chosen holds are released by one identification and for one reason: all of them, or none."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision, Transition
from core.lifecycle.queries import transitions_of
from core.organization.models import User
from core.signing.models import Signature
from core.signing.queries import is_intact, signatures_of
from tests.support.people import grant, make_user, proof
from tests.support.visits import visit_as
from tests.traceability.test_views import ALL, MOST_STATEMENTS
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Hold

pytestmark = pytest.mark.requirement("HLD-12")
SECRET = "correct horse battery staple"
MEANING = "hold_released"


def holds_on(world: World, count: int) -> list[Hold]:
    return [
        services.place_hold(lot=world.lot(), reason=f"Doubt {number}", actor=world.operator) for number in range(count)
    ]


def states(holds: list[Hold]) -> list[str]:
    return [Hold.objects.get(pk=hold.pk).status for hold in holds]


def release(holds: list[Hold], actor: User, **given: Any) -> list[Hold]:
    values = {"reason": "All measured again", "signature": proof(actor, MEANING), **given}
    return services.release_holds(holds=holds, actor=actor, **values)


def test_each_of_them_is_released_and_signed_for_itself(world: World) -> None:
    holds = holds_on(world, 3)
    one = proof(world.quality, MEANING)
    release(holds, world.quality, signature=one)
    assert states(holds) == ["released"] * 3
    digests = set()
    for hold in holds:
        (signature,) = signatures_of(hold)
        assert signature.proof_id == one.attempt_id and signature.reason == "All measured again"
        assert is_intact(signature) and transitions_of(hold)[-1].signature == signature
        assert hold.history.latest().status == "released" and hold.history.count() == 2
        digests.add(signature.digest)
    assert len(digests) == 3
    assert GateDecision.objects.filter(action="release", allowed=True).count() == 3


def test_what_stands_against_one_of_them_is_said_by_its_name_and_releases_none(world: World) -> None:
    elsewhere = make_world()
    open_one, done, foreign = *holds_on(world, 2), *holds_on(elsewhere, 1)
    services.release_hold(hold=done, reason="Measured", actor=world.quality, signature=proof(world.quality, MEANING))
    before = [model.objects.count() for model in (Signature, Transition)]
    with pytest.raises(Blocked) as refusal:
        release([open_one, done, foreign], world.quality)
    assert sorted(refusal.value.codes) == ["permission", "state"]
    said = {blocker.code: str(blocker.message) for blocker in refusal.value.blockers}
    assert str(done) in said["state"] and said["permission"].startswith(f"{foreign}: ")
    assert states([open_one, done, foreign]) == ["open", "released", "open"]
    assert [model.objects.count() for model in (Signature, Transition)] == before


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("reason", {"reason": "  "}),
        ("signature_required", {"signature": None}),
        ("signature_unfit", {"signature": "another meaning"}),
    ],
)
def test_what_is_missing_for_all_is_said_once(world: World, code: str, given: dict[str, Any]) -> None:
    holds = holds_on(world, 2)
    if given.get("signature"):
        given = {"signature": proof(world.quality, "released")}
    with pytest.raises(Blocked) as refusal:
        release(holds, world.quality, **given)
    assert refusal.value.codes == (code,)
    assert states(holds) == ["open", "open"] and not Signature.objects.exists()


def test_twice_the_holds_cost_no_more_statements_but_for_their_gates(world: World) -> None:
    few, many = holds_on(world, 3), holds_on(world, 12)
    release(holds_on(world, 1), world.quality)
    with CaptureQueriesContext(connection) as first:
        release(few, world.quality)
    with CaptureQueriesContext(connection) as second:
        release(many, world.quality)
    assert len(second) <= len(first) + 9 * 2, "each hold may ask at most two questions of its own"


@pytest.fixture
def person(world: World) -> User:
    """A person with every right of this storey, and a password to sign with."""
    user = make_user(site=world.site, permissions=ALL)
    with transaction.atomic(), acting(world.system):
        user.set_password(SECRET)
        user.must_change_password = False
        user.save()
    return user


def address(*holds: Hold) -> str:
    return f"{reverse('traceability:hold_release_many')}?{'&'.join(f'row={hold.pk}' for hold in holds)}"


def signed(person: User, **values: str) -> dict[str, str]:
    return {
        "client_id": str(uuid.uuid4()), "user_id": person.username, "secret": SECRET, "reason": "Measured", **values,
    }  # fmt: skip


def test_the_page_names_what_is_chosen_and_releases_it_all(world: World, person: User) -> None:
    holds, desk = holds_on(world, 3), visit_as(person)
    offered = desk.get(reverse("traceability:hold_list")).content.decode()
    assert f'formaction="{reverse("traceability:hold_release_many")}"' in offered
    desk.get(address(*holds[:2]))
    with CaptureQueriesContext(connection) as queries:
        page = desk.get(address(*holds[:2])).content.decode()
    assert len(queries) <= MOST_STATEMENTS
    assert "Doubt 1" in page and "Doubt 2" not in page and "for all of them or for none" in page
    assert "Meaning of your signature" in page
    entry = signed(person)
    told = desk.post(address(*holds[:2]), entry).content.decode()
    assert "Done for all 2 records." in told
    assert states(holds) == ["released", "released", "open"]
    again = desk.post(address(*holds[:2]), entry)
    assert again.status_code == 302, "sent twice, it is done once"


def test_the_page_says_what_stands_against_it_and_nothing_changes(world: World, person: User) -> None:
    elsewhere = make_world()
    grant(person, elsewhere.site, "traceability.view_hold")
    here, there = *holds_on(world, 1), *holds_on(elsewhere, 1)
    desk = visit_as(person)
    refused = desk.post(address(here, there), signed(person))
    assert refused.status_code == 409 and f"{there}: " in strip_tags(refused.content.decode())
    assert desk.post(address(here), signed(person, secret="wrong")).status_code == 409
    assert desk.post(address(here), signed(person, reason="")).status_code == 422
    assert "Nothing was chosen" in desk.get(address()).content.decode()
    assert states([here, there]) == ["open", "open"] and not Signature.objects.exists()


def test_whoever_may_not_release_is_not_let_in(world: World) -> None:
    (hold,) = holds_on(world, 1)
    reader: Client = visit_as(make_user(site=world.site, permissions=("traceability.view_hold",)))
    assert reader.get(address(hold)).status_code == 403
    assert reader.post(address(hold), {"reason": "Mine"}).status_code == 403
    assert (
        reverse("traceability:hold_release_many") not in reader.get(reverse("traceability:hold_list")).content.decode()
    )
