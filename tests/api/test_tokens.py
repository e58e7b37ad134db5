"""Personal tokens: shown once, narrow, expiring, revoked by their owner, an administrator, or with the person."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.organization.models import ApiAnswer, ApiToken
from core.organization.services import api, people
from tests.api.conftest import Program, program_of
from tests.support.people import grant, make_user
from tests.support.visits import visit_as
from tests.traceability.world import World

LOTS = "traceability/lots/"
TOKENS = "/core/organization/me/tokens/"
pytestmark = [pytest.mark.django_db, pytest.mark.requirement("API-06")]


def test_a_token_is_shown_once_and_kept_as_a_hash(world: World) -> None:
    client = visit_as(world.quality)
    assert client.get(f"{TOKENS}create/").status_code == 200
    answer = client.post(f"{TOKENS}create/", {"name": "ERP", "days": 30, "permissions": ["traceability.view_lot"]})
    found = re.search(r"tl_[\w-]{40,}", answer.content.decode())
    assert answer.status_code == 200 and found is not None and answer["Cache-Control"] == "no-store"
    secret = found.group()
    assert Program(secret).get(LOTS).status_code == 200
    token = ApiToken.objects.get(user=world.quality, name="ERP")
    assert secret not in str(ApiToken.objects.filter(pk=token.pk).values().get())
    assert "token_hash" not in {field.name for field in ApiToken.history.model._meta.fields}
    assert secret not in client.get(TOKENS).content.decode()


def test_nobody_makes_a_token_with_rights_they_do_not_hold(world: World) -> None:
    for wanted in (["core_organization.change_user"], []):
        with pytest.raises(ValidationError):
            api.create_token(name="x", permissions=wanted, days=1, actor=world.quality)
    for days in (0, 367):
        with pytest.raises(ValidationError):
            api.create_token(name="x", permissions=["traceability.view_lot"], days=days, actor=world.quality)
    with pytest.raises(Blocked):
        api.create_token(name="x", permissions=["traceability.view_lot"], days=1, actor=make_user(site=world.site))
    assert not ApiToken.objects.exists()


def test_a_token_expires_and_falls_with_its_owners_rights(world: World) -> None:
    program = program_of(world.quality)
    with time_machine.travel(now() + timedelta(days=2)):
        assert program.get(LOTS).status_code == 401
    assert program.get(LOTS).status_code == 200
    for given in world.quality.grants.all():
        people.end_grant(grant=given, actor=world.system, reason="left the department")
    assert program.get(LOTS).status_code == 403


def test_its_owner_revokes_a_token_and_others_do_not(world: World) -> None:
    program, token = program_of(world.quality), ApiToken.objects.get(user=world.quality)
    with pytest.raises(Blocked):
        api.revoke_token(token=token, actor=world.operator, reason="not mine")
    assert visit_as(world.operator).post(f"{TOKENS}revoke/", {"token": token.pk, "reason": "mine?"}).status_code == 422
    assert program.get(LOTS).status_code == 200
    answer = visit_as(world.quality).post(f"{TOKENS}revoke/", {"token": token.pk, "reason": "lost laptop"})
    assert answer.status_code == 302
    assert program.get(LOTS).status_code == 401
    assert token.history.first().history_change_reason == "lost laptop"


def test_an_administrator_revokes_a_persons_token(world: World) -> None:
    program, token = program_of(world.quality), ApiToken.objects.get(user=world.quality)
    admin = make_user(site=world.site)
    grant(admin, world.site, "core_organization.view_user", "core_organization.change_user")
    client = visit_as(admin)
    page = client.get(f"/core/organization/users/{world.quality.pk}/?tab=tokens").content.decode()
    assert f"/core/organization/tokens/{token.pk}/revoke/" in page
    assert client.post(f"/core/organization/tokens/{token.pk}/revoke/", {"reason": "unknown device"}).status_code == 302
    assert program.get(LOTS).status_code == 401


def test_deactivation_ends_every_token_for_good(world: World) -> None:
    program = program_of(world.quality)
    people.deactivate_user(user=world.quality, actor=world.system, reason="left")
    assert program.get(LOTS).status_code == 401
    people.reactivate_user(user=world.quality, actor=world.system, reason="came back")
    assert program.get(LOTS).status_code == 401


def test_a_due_password_stops_programs_too(world: World) -> None:
    program = program_of(world.quality)
    people.set_first_password(user=world.quality, password="another-long-secret", actor=world.system, reason="lost")
    assert program.get(LOTS).status_code == 403
    assert visit_as(type(world.quality).objects.get(pk=world.quality.pk)).get(f"/api/v1/{LOTS}").status_code == 403


def test_kept_answers_are_forgotten_after_a_week(world: World) -> None:
    ApiAnswer.objects.create(user=world.quality, key="old", fingerprint="x", asked_at=now() - timedelta(days=8))
    ApiAnswer.objects.create(user=world.quality, key="new", fingerprint="x")
    assert api.forget_answers() == 1
    assert ApiAnswer.objects.get().key == "new"
