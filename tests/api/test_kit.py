"""The API's kit on lots: the screens' rights, forms and services; versions, keys, refusals, limits."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from redis.exceptions import ConnectionError as RedisConnectionError

from core.lifecycle.models import GateDecision
from core.organization.models import ApiAnswer
from core.organization.services import people
from core.web.api.authentication import Throttle
from tests.api.conftest import Program, program_of
from tests.support.people import grant, make_site, make_user
from tests.support.visits import visit_as
from tests.traceability.world import World
from traceability.models import Hold, Lot
from traceability.queries import state_of

LOTS = "traceability/lots/"
pytestmark = pytest.mark.django_db


def refused(answer: Any, status: int) -> dict[str, Any]:
    """The problem that an answer is."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.content)
    assert body["status"] == status and body["title"]
    return body


def receipt(world: World, **more: Any) -> dict[str, Any]:
    return {"site": world.site.pk, "material": world.material().number, "quantity": "12", "reason": "Found", **more}


@pytest.mark.requirement("API-01")
def test_a_lot_is_received_read_listed_and_held(world: World, quality: Program) -> None:
    made = quality.post(LOTS, receipt(world, number="L-API"))
    assert made.status_code == 201, made.content
    lot = Lot.objects.get(number="L-API")
    assert made["Location"] == f"/api/v1/{LOTS}{lot.pk}/"
    assert made.json()["status"] == "quarantine" and made["ETag"] == f'"{lot.row_version}"'
    assert lot.history.first().history_source.startswith(f"POST /api/v1/{LOTS} (API token ")

    assert quality.get(f"{LOTS}{lot.pk}/").json() == made.json()
    assert [row["id"] for row in quality.get(f"{LOTS}?q=L-API").json()["results"]] == [lot.pk]
    stock = quality.get(f"{LOTS}{lot.pk}/stock/").json()["results"]
    assert [Decimal(place["quantity"]) for place in stock] == [Decimal(12)]
    assert quality.get(f"{LOTS}{lot.pk}/movements/").json()["results"][0]["lot"] == lot.pk

    held = quality.post(f"{LOTS}{lot.pk}/hold/", {"reason": "wet carton", "quantity": 2})
    assert held.status_code == 200, held.content
    assert state_of(lot).held == 2
    assert quality.get("traceability/holds/?status=open").json()["results"][0]["reason"] == "wet carton"


@pytest.mark.requirement("API-02")
def test_what_a_guard_refuses_comes_back_with_its_blockers_and_leaves_the_denial(
    world: World, quality: Program
) -> None:
    lot = world.lot(5)
    quality.post(f"{LOTS}{lot.pk}/hold/", {"reason": "doubtful"})
    body = {"quantity": 1, "location": world.store.pk, "reason": "broken"}
    grant(world.quality, world.site, "traceability.scrap_stock")

    problem = refused(program_of(world.quality).post(f"{LOTS}{lot.pk}/scrap/", body), 409)

    blocker = problem["blockers"][0]
    assert blocker["code"] and blocker["message"] and blocker["remedy"]
    assert state_of(lot).on_hand == 5
    assert not ApiAnswer.objects.filter(body__contains="broken").exists()
    moves = quality.get(f"{LOTS}{lot.pk}/moves/").json()["results"]
    assert {move["move"] for move in moves} >= {"withdraw", "reject"}


@pytest.mark.requirement("API-02")
def test_a_denied_move_is_stored_as_a_gate_decision(world: World) -> None:
    lot = world.lot(5, status="quarantine")
    address, version = f"{LOTS}{lot.pk}/withdraw/", f'"{lot.row_version}"'
    before = GateDecision.objects.filter(allowed=False).count()

    problem = refused(program_of(world.operator).post(address, {"reason": "odd"}, If_Match=version), 403)
    assert "right" in problem["detail"]
    grant(world.operator, world.site, "traceability.reject_lot")
    refused(program_of(world.operator).post(address, {"reason": "odd"}, If_Match=version), 409)

    assert GateDecision.objects.filter(allowed=False).count() == before + 1
    lot.refresh_from_db()
    assert lot.status == "quarantine"


@pytest.mark.requirement("API-02")
def test_a_step_of_services_is_no_operation(world: World) -> None:
    lot = world.lot(5)
    grant(world.quality, world.site, "traceability.produce_lot")
    answer = program_of(world.quality).post(f"{LOTS}{lot.pk}/finish/", {}, If_Match=f'"{lot.row_version}"')
    assert answer.status_code == 404


@pytest.mark.requirement("API-03")
def test_a_signed_move_takes_the_same_signature(world: World) -> None:
    people.set_first_password(user=world.quality, password="a-long-enough-secret", actor=world.system, reason="test")
    people.change_own_password(password="a-long-enough-secret", actor=world.quality)
    world.quality.refresh_from_db()
    quality, lot = program_of(world.quality), world.lot(5, status="quarantine")
    address, seen = f"{LOTS}{lot.pk}/release/", f'"{lot.row_version}"'
    signature = {"user_name": world.quality.username, "secret": "a-long-enough-secret", "meaning": "released"}

    refused(quality.post(address, {}, If_Match=seen), 422)
    refused(quality.post(address, {"signature": {**signature, "meaning": "approved"}}, If_Match=seen), 422)
    wrong = refused(quality.post(address, {"signature": {**signature, "secret": "wrong"}}, If_Match=seen), 409)
    assert wrong["blockers"]
    lot.refresh_from_db()
    assert lot.status == "quarantine"

    done = quality.post(address, {"signature": signature}, If_Match=seen)
    assert done.status_code == 200, done.content
    assert done.json()["status"] == "released"
    lot.refresh_from_db()
    assert lot.status == "released"
    assert "a-long-enough-secret" not in "".join(ApiAnswer.objects.values_list("body", flat=True))


@pytest.mark.requirement("API-04")
def test_a_change_names_the_version_that_was_seen(world: World) -> None:
    grant(world.quality, world.site, "traceability.change_material")
    quality, material = program_of(world.quality), world.material()
    address = f"traceability/materials/{material.pk}/"
    etag = quality.get(address)["ETag"]
    body = {"name": "Renamed", "kind": material.kind, "is_active": True, "reason": "clearer"}

    refused(quality.put(address, body), 428)
    refused(quality.put(address, body, If_Match='"x"'), 412)
    done = quality.put(address, body, If_Match=etag)
    assert done.status_code == 200, done.content
    assert done.json()["name"] == "Renamed" and done["ETag"] != etag
    refused(quality.put(address, {**body, "name": "Again"}, If_Match=etag), 412)
    material.refresh_from_db()
    assert material.name == "Renamed"
    assert quality.get(address, If_None_Match=done["ETag"]).status_code == 304


@pytest.mark.requirement("API-05")
def test_a_repeated_request_gets_the_first_answer(world: World, quality: Program) -> None:
    body = receipt(world, number="L-ONCE")
    first = quality.post(LOTS, body, Idempotency_Key="once")
    again = quality.post(LOTS, body, Idempotency_Key="once")
    assert (again.status_code, again.content, again["Location"]) == (201, first.content, first["Location"])
    assert again["Idempotent-Replayed"] == "true"
    assert Lot.objects.filter(number="L-ONCE").count() == 1
    refused(quality.post(LOTS, {**body, "number": "L-OTHER"}, Idempotency_Key="once"), 422)
    assert not Lot.objects.filter(number="L-OTHER").exists()
    refused(quality.post(LOTS, body, Idempotency_Key=""), 400)
    refused(quality.post(LOTS, body, Idempotency_Key="x" * 201), 400)


@pytest.mark.requirement("API-05")
def test_a_refused_request_leaves_its_key_free(world: World, quality: Program) -> None:
    lot = world.lot(5)
    address, body = f"{LOTS}{lot.pk}/withdraw/", {"reason": "a doubt"}
    refused(quality.post(address, body, Idempotency_Key="free", If_Match='"0"'), 412)
    done = quality.post(address, body, Idempotency_Key="free", If_Match=f'"{lot.row_version}"')
    assert done.status_code == 200, done.content


@pytest.mark.requirement("API-06")
def test_a_token_gives_what_it_names_and_no_more(world: World) -> None:
    lot = world.lot(5)
    reader = program_of(world.quality, ["traceability.view_lot"])
    assert reader.get(f"{LOTS}{lot.pk}/").status_code == 200
    refused(reader.get("traceability/holds/"), 403)
    refused(reader.post(f"{LOTS}{lot.pk}/hold/", {"reason": "not mine to say"}), 403)
    assert not Hold.objects.filter(lot=lot).exists()
    assert visit_as(world.quality).get(f"/api/v1/{LOTS}{lot.pk}/hold/").status_code == 405


@pytest.mark.requirement("API-07")
def test_records_of_another_site_are_not_there(world: World, quality: Program) -> None:
    lot = world.lot(5)
    stranger = make_user(site=make_site(), permissions=("core_organization.create_apitoken", "traceability.view_lot"))
    program = program_of(stranger)
    refused(program.get(f"{LOTS}{lot.pk}/"), 404)
    assert program.get(LOTS).json()["results"] == []
    refused(Program().get(LOTS), 401)
    refused(Program("tl_wrong").get(LOTS), 401)


@pytest.mark.requirement("API-07")
def test_a_browsers_session_needs_its_csrf_token(world: World) -> None:
    lot = world.lot(5)
    client = visit_as(world.quality)
    client.handler.enforce_csrf_checks = True
    assert client.get(f"/api/v1/{LOTS}{lot.pk}/").status_code == 200
    address = f"/api/v1/{LOTS}{lot.pk}/hold/"
    body = json.dumps({"reason": "a doubt"})
    refused(client.post(address, body, content_type="application/json", headers={"Idempotency-Key": "a"}), 403)
    token = "t" * 32
    client.cookies["csrftoken"] = token
    headers = {"Idempotency-Key": "a", "X-CSRFToken": token}
    assert client.post(address, body, content_type="application/json", headers=headers).status_code == 200


@pytest.mark.requirement("API-08")
def test_lists_are_paged_by_cursor(world: World, quality: Program) -> None:
    lots = [world.lot(1) for _ in range(5)]
    first = quality.get(f"{LOTS}?limit=2&sort=number").json()
    second = quality.get(f"{LOTS}?limit=2&sort=number&after={first['next']}").json()
    third = quality.get(f"{LOTS}?limit=2&sort=number&after={second['next']}").json()
    numbers = [row["number"] for page in (first, second, third) for row in page["results"]]
    assert numbers == sorted(lot.number for lot in lots)
    assert third["next"] is None and first["total"] == 5 and first["previous"] is None


@pytest.mark.requirement("API-08")
@pytest.mark.parametrize(
    "query",
    ["colour=red", "status=purple", "limit=0", "limit=1000", "limit=x", "after=nonsense", "sort=nothing", "q=%00",
     "site=99999999999999999999", "expires_on_min=soon"],
)  # fmt: skip
def test_a_question_that_the_list_does_not_know_is_refused(quality: Program, query: str) -> None:
    refused(quality.get(f"{LOTS}?{query}"), 400)


BAD: list[tuple[bytes, int]] = [
    (b"{", 400), (b"[]", 400), (b'"text"', 400), (b"\xff\xfe", 400), (b'{"reason": NaN}', 400),
    (b'{"reason": "a\\u0000b"}', 400), (b'{"reason": "\\ud800"}', 400), (b'{"reason": 1}', 400),
    (b'{"reason": "abc", "reason": "abd"}', 400), (b'{"reason": "abc", "colour": 1}', 400),
    (b'{"reason": "abc", "quantity": ' + b"9" * 5000 + b"}", 400), (b'{"reason": "abc", "quantity": 1e999999}', 400),
    (b'{"reason": "abc", "quantity": "' + b"9" * 30 + b'"}', 422), (b'{"reason": "abc", "quantity": true}', 400),
    (b"[" * 100000, 400), (b'{"reason": ' + b"[" * 50 + b"]" * 50 + b"}", 400), (b"{}", 422),
    (b'{"reason": "' + b"x" * 200_000 + b'"}', 422), (b'{"reason": "' + b"x" * 11_000_000 + b'"}', 413),
]  # fmt: skip


@pytest.mark.requirement("API-09")
@pytest.mark.parametrize(("body", "status"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_bad_input_is_refused_in_words_and_changes_nothing(
    world: World, quality: Program, body: bytes, status: int
) -> None:
    lot = world.lot(5)
    refused(quality.post(f"{LOTS}{lot.pk}/hold/", body), status)
    assert not Hold.objects.exists()


@pytest.mark.requirement("API-09")
def test_other_addresses_methods_and_types_are_refused_in_words(world: World, quality: Program) -> None:
    lot = world.lot(5)
    refused(quality.get("traceability/nothing/"), 404)
    refused(quality.get(f"{LOTS}999999999999999999999/"), 404)
    refused(quality.send("DELETE", f"{LOTS}{lot.pk}/"), 405)
    refused(quality.send("PATCH", LOTS), 405)
    answer = quality.client.post(
        f"/api/v1/{LOTS}{lot.pk}/hold/", {"reason": "x"}, headers={**quality.headers, "Idempotency-Key": "form"}
    )
    refused(answer, 415)
    refused(quality.get(f"{LOTS}{lot.pk}/trace/?direction=sideways"), 400)
    assert quality.client.options(f"/api/v1/{LOTS}", headers=quality.headers)["Allow"] == "GET, POST, OPTIONS"


@pytest.mark.requirement("API-10")
def test_without_its_cache_the_limit_is_kept_by_each_process(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(*args: Any, **kwargs: Any) -> Any:
        raise RedisConnectionError("Connection refused")

    settings.TRUELINE_API_RATE = 3
    monkeypatch.setattr(Throttle, "own_counts", Counter())
    monkeypatch.setattr("core.web.api.authentication.cache.add", down)
    program, other = program_of(world.quality), program_of(world.operator)
    assert [program.get(LOTS).status_code for _ in range(3)] == [200] * 3
    refused(program.get(LOTS), 429)
    assert other.get(LOTS).status_code == 200
    told = [record for record in caplog.records if "the cache is down" in record.getMessage()]
    assert [record.levelname for record in told] == ["ERROR"]  # once, not once a request


@pytest.mark.requirement("API-10")
def test_a_counter_that_was_emptied_begins_anew(quality: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.web.api.authentication.cache.add", lambda *args: False)  # the twin's, gone since
    assert quality.get(LOTS).status_code == 200


@pytest.mark.requirement("API-10")
def test_too_many_requests_are_refused_per_token(world: World, settings: Settings) -> None:
    settings.TRUELINE_API_RATE = 3
    program, other = program_of(world.quality), program_of(world.operator)
    answers = [program.get(LOTS) for _ in range(4)]
    assert [answer.status_code for answer in answers[:3]] == [200] * 3
    refused(answers[3], 429)
    assert 1 <= int(answers[3]["Retry-After"]) <= 60
    assert other.get(LOTS).status_code == 200
