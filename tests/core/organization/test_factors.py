"""Second factors: set up, asked at sign-in and at the first signature, used once, removed, required."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.organization.models import Role, Site, User
from core.organization.queries.factors import factor_is_due, has_factor
from core.organization.services import factors, people, places, system_user
from core.signing.services import identify
from core.trail.models import TrailEvent
from tests.support.people import grant, make_site, make_user, work_center_of
from tests.support.visits import seen, visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SIGNIN-01")]

PASSWORD = "several words in a row"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN, STEP, INBOX = "/accounts/login/", "/accounts/2fa/authenticate/", "/core/worklist/inbox/"
OWN = "/core/organization/me/factors/"


def code(ahead: int = 0, secret: str = SECRET) -> str:
    """What the app shows now, or so many steps later."""
    return str(format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30 + ahead)))


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def person(site: Site, settings: Settings) -> User:
    cache.clear()
    user = make_user("petra", site=site, permissions=("core_organization.view_site",))
    people.change_own_password(password=PASSWORD, actor=user)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def with_app(person: User) -> User:
    with time_machine.travel(now() - dt.timedelta(minutes=10)):
        factors.set_up_totp(secret=SECRET, code=code(), actor=person)
    return person


def is_in(client: Client) -> bool:
    return bool(client.get(INBOX).status_code == 200)


def first_step(user: str = "petra") -> Client:
    client = Client()
    answer = client.post(LOGIN, {"login": user, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, STEP) and not is_in(client)
    return client


def test_an_app_is_set_up_with_its_first_code_and_recovery_codes_are_shown_once(person: User) -> None:
    client = visit_as(person)
    page = client.get(f"{OWN}app/").content.decode()
    secret = "".join(re.search(r"tl-mono\">([A-Z2-7 ]+)<", page).group(1).split())  # type: ignore[union-attr]
    assert "data:image/svg+xml;base64," in page and " style=" not in page.split("<main", 1)[1]
    assert client.post(f"{OWN}app/", {"code": "000000", "present": PASSWORD}).status_code == 422
    assert client.post(f"{OWN}app/", {"code": code(secret=secret), "present": "wrong"}).status_code == 409
    assert not has_factor(person)
    answer = client.post(f"{OWN}app/", {"code": code(secret=secret), "present": PASSWORD})
    shown = re.findall(r"<code class=\"tl-mono\">([A-Z2-7-]{29})</code>", answer.content.decode())
    assert answer.status_code == 200 and len(shown) == 10 and answer["Cache-Control"] == "no-store"
    assert shown[0] not in client.get(OWN).content.decode() and "10 codes are left" in client.get(OWN).content.decode()
    events = TrailEvent.objects.filter(kind="factor_set_up", subject_id=person.pk, actor=person)
    assert [event.text for event in events] == ["TOTP"]


def test_the_secret_is_encrypted_and_never_in_history_or_trail(with_app: User) -> None:
    kept = Authenticator.objects.get(user=with_app, type="totp")
    assert SECRET not in str(kept.data)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_trail_trailevent WHERE data::text LIKE %s", [f"%{SECRET}%"])
        assert cursor.fetchone() == (0,)


@pytest.mark.requirement("SIGNIN-02")
def test_signing_in_asks_the_code_and_takes_each_once(with_app: User) -> None:
    client = first_step()
    assert client.get(STEP).status_code == 200
    assert client.post(STEP, {"code": "000000"}).status_code == 200 and not is_in(client)
    given = code()
    assert client.post(STEP, {"code": given}).status_code == 302 and is_in(client)
    again = first_step()
    assert again.post(STEP, {"code": given}).status_code == 200 and not is_in(again), "a code is accepted once"
    assert not factors.accept_totp(with_app, code(-1)), "nor is one before it"
    assert again.post(STEP, {"code": code(1)}).status_code == 302 and is_in(again)
    refused = TrailEvent.objects.filter(kind="sign_on_refused", subject_id=with_app.pk)
    assert {event.text for event in refused} == {"wrong code of the second factor"}


@pytest.mark.requirement("SIGNIN-02")
def test_a_recovery_code_opens_once(with_app: User) -> None:
    codes = factors.make_recovery_codes(actor=with_app)
    client = first_step()
    assert client.post(STEP, {"code": codes[3]}).status_code == 302 and is_in(client)
    again = first_step()
    assert again.post(STEP, {"code": codes[3]}).status_code == 200 and not is_in(again)


@pytest.mark.requirement("SIGNIN-02")
def test_recovery_codes_are_kept_as_digests(with_app: User) -> None:
    codes, others = (factors.make_recovery_codes(actor=with_app) for _number in range(2))
    assert len({*codes, *others}) == 20 and all(len(code.replace("-", "")) == 24 for code in codes)
    kept = str(Authenticator.objects.get(user=with_app, type="recovery_codes").data)
    assert not [code for code in others if code in kept or code.replace("-", "") in kept]
    assert not factors.accept_recovery_code(with_app, codes[0]), "the former ones are void"
    assert factors.accept_recovery_code(with_app, others[0].lower().replace("-", " "))


@pytest.mark.requirement("SIGNIN-02", "SIGNIN-05")
def test_codes_are_guessed_five_times_only(with_app: User) -> None:
    client = first_step()
    for _ in range(5):
        assert client.post(STEP, {"code": "000000"}).status_code == 200
    answer = client.post(STEP, {"code": code()})
    assert answer.status_code == 200 and "Too many wrong attempts from here" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.requirement("SIGNIN-03")
def test_removal_takes_password_and_code(with_app: User) -> None:
    client = visit_as(with_app)
    app = Authenticator.objects.get(user=with_app, type="totp")
    for wrong in ({"present": "no"}, {"code": "000000"}, {"code": ""}):
        values = {"factor": str(app.pk), "present": PASSWORD, "code": code(), **wrong}
        assert client.post(f"{OWN}remove/", values).status_code in (409, 422)
        assert has_factor(with_app)
    answer = client.post(f"{OWN}remove/", {"factor": str(app.pk), "present": PASSWORD, "code": code(1)})
    assert answer.status_code == 302 and not Authenticator.objects.filter(user=with_app).exists()
    assert TrailEvent.objects.get(kind="factor_removed").actor == with_app


@pytest.mark.requirement("SIGNIN-03")
def test_an_administrator_removes_the_factors_of_a_person_in_reach_only(with_app: User, site: Site) -> None:
    admin = make_user(site=site, permissions=("core_organization.change_user",))
    stranger = make_user(site=make_site(), permissions=("core_organization.change_user",))
    with pytest.raises(Blocked):
        factors.remove_factors_of(user=with_app, actor=stranger, reason="phone lost")
    assert has_factor(with_app)
    factors.remove_factors_of(user=with_app, actor=admin, reason="phone lost")
    assert not has_factor(with_app)
    event = TrailEvent.objects.get(kind="factor_removed")
    assert (event.actor, event.subject_id) == (admin, with_app.pk)
    with pytest.raises(Blocked):
        factors.remove_factors_of(user=with_app, actor=admin, reason="phone lost")


@pytest.mark.requirement("SIGNIN-04")
@pytest.mark.parametrize("what", ["site", "role"])
def test_who_must_have_one_and_has_none_sets_it_up_and_nothing_else(person: User, site: Site, what: str) -> None:
    admin = make_user(site=site, permissions=("core_organization.change_site", "core_organization.grant_role"))
    client = visit_as(person)
    assert is_in(client)
    if what == "site":
        places.change_site(
            site=site, name=site.name, time_zone=site.time_zone, is_active=True, requires_second_factor=True,
            actor=admin, reason="policy",
        )  # fmt: skip
        assert Site.history.filter(id=site.pk).latest().requires_second_factor
    else:
        role = Role.objects.get(grants__user=person)
        held = list(role.permissions.values_list("permission", flat=True))
        people.change_role(role=role, permissions=held, requires_second_factor=True, actor=admin, reason="policy")
        assert Role.history.filter(id=role.pk).latest().requires_second_factor
    assert factor_is_due(person)
    for where in (INBOX, "/core/organization/sites/", "/"):
        answer = client.get(where)
        assert (answer.status_code, answer["Location"]) == (302, OWN)
    assert client.get("/api/v1/core/organization/sites/").status_code == 403
    assert "nothing else opens" in client.get(OWN).content.decode()
    assert client.get(f"{OWN}app/").status_code == 200 and client.get(f"{OWN}passkey/").status_code == 200
    factors.set_up_totp(secret=SECRET, code=code(), actor=person)
    assert is_in(client) and client.get("/api/v1/core/organization/sites/").status_code == 200


@pytest.mark.requirement("SIGNIN-04")
def test_the_requirement_is_set_on_the_pages_of_site_and_role(site: Site) -> None:
    rights = ("core_organization.change_site", "core_organization.view_site")
    client = visit_as(make_user(site=site, permissions=rights))
    values = {"name": site.name, "time_zone": site.time_zone, "is_active": "on", "requires_second_factor": "on"}
    address = f"/core/organization/sites/{site.pk}/change/"
    assert client.post(address, {**values, **seen(site), "reason": "policy"}).status_code == 302
    assert Site.objects.get(pk=site.pk).requires_second_factor


def sign(user: User, **more: Any) -> Any:
    return identify(
        **{
            "identification": user.username,
            "secret": PASSWORD,
            "meaning": "approved",
            "device": "d",
            "expected": user,
            **more,
        }
    )


@pytest.mark.requirement("SIGNIN-06")
def test_the_first_signature_of_a_session_takes_the_code_and_it_is_taken_once(with_app: User) -> None:
    given = code()
    for wrong in ("", "000000"):
        with pytest.raises(Blocked) as refused:
            sign(with_app, code=wrong)
        assert refused.value.codes == ("code_refused",)
    assert sign(with_app, code=given).method == "identification and password and TOTP"
    assert sign(with_app, identification="").method == "password, continued session"
    with pytest.raises(Blocked):
        sign(with_app, code=given, device="another")
    assert TrailEvent.objects.filter(kind="signing_failed").count() == 3


@pytest.mark.requirement("SIGNIN-06")
def test_wrong_codes_lock_signing_at_that_device_only(with_app: User) -> None:
    for _ in range(5):
        with pytest.raises(Blocked):
            sign(with_app, code="000000")
    with pytest.raises(Blocked) as refused:
        sign(with_app, code=code())
    assert refused.value.codes == ("signing_locked",)
    assert sign(with_app, code=code(), device="another").user == with_app


@pytest.mark.requirement("SIGNIN-06")
def test_nothing_is_signed_with_a_first_password(person: User, site: Site) -> None:
    admin = make_user(site=site, permissions=("core_organization.change_user",))
    people.set_first_password(user=person, password=PASSWORD, actor=admin, reason="forgotten")
    with pytest.raises(Blocked) as refused:
        sign(User.objects.get(pk=person.pk))
    assert refused.value.codes == ("own_password_due",)


def test_a_second_app_is_refused_and_codes_stand_in_for_something(person: User, site: Site) -> None:
    with pytest.raises(Blocked):
        factors.make_recovery_codes(actor=person)
    factors.set_up_totp(secret=SECRET, code=code(), actor=person)
    with pytest.raises(ValidationError):
        factors.set_up_totp(secret=SECRET, code=code(1), actor=person)
    grant(person, site, "core_organization.view_user")
    assert not factor_is_due(person)


@pytest.mark.requirement("SIGNIN-06")
def test_at_a_terminal_the_code_goes_with_what_no_pin_is_enough_for(with_app: User, site: Site) -> None:
    work_center, admin = work_center_of(site), system_user("access")
    terminal = places.create_terminal(work_center=work_center, code="cell", name="Cell", actor=admin)
    places.enrol_terminal(terminal=terminal, actor=admin)
    terminal.refresh_from_db()
    people.set_pin(pin="2580", actor=with_app)
    assert sign(with_app, meaning="performed", secret="2580", terminal=terminal).method == "identification and PIN"
    for wrong in ("", "000000"):
        with pytest.raises(Blocked) as refused:
            sign(with_app, meaning="verified", terminal=terminal, identification="", code=wrong)
        assert refused.value.codes == ("code_refused",)
    signed = sign(with_app, meaning="verified", terminal=terminal, identification="", code=code())
    assert signed.method == "password and TOTP, continued session"
