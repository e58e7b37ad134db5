"""People, secrets, roles, terminals: each refusal changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.organization.models import Grant, Site, TerminalSession, User, WorkCenter
from core.organization.queries import may, scoped
from core.organization.services import people, places, sign_on, system_user
from core.signing.models import SigningSession
from core.trail.models import TrailEvent
from tests.support.people import make_site, make_user, work_center_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ACC-01")]

ADMIN = ("core_organization.change_user", "core_organization.grant_role", "core_organization.enrol_terminal")


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def admin(site: Site) -> User:
    return make_user("admin", site=site, permissions=ADMIN)


@pytest.fixture
def terminal(site: Site, admin: User) -> Any:
    made = places.create_terminal(work_center=work_center_of(site), code="m-12", name="Mill 12", actor=admin)
    token = places.enrol_terminal(terminal=made, actor=admin)
    found = sign_on.terminal_of_token("m-12", token)
    assert found is not None
    return found


def operator(pin: str = "4711") -> User:
    user = make_user()
    people.set_pin(pin=pin, actor=user)
    user.refresh_from_db()
    return user


@pytest.mark.requirement("ACC-05")
def test_a_user_name_is_never_given_again(admin: User) -> None:
    user = people.create_user(username="Anna", full_name="Anna K", actor=admin)
    people.deactivate_user(user=user, actor=admin, reason="left")
    with pytest.raises(ValidationError):
        people.create_user(username="anna", full_name="Another Anna", actor=admin)
    assert User.objects.filter(username__iexact="anna").count() == 1


def test_secrets_are_never_in_history(admin: User) -> None:
    user = people.create_user(username="ben", full_name="Ben", password="correct horse battery", actor=admin)
    people.set_pin(pin="2580", actor=user)
    columns = {field.name for field in User.history.model._meta.get_fields()}
    assert not columns & {"password", "pin_hash", "last_login"}
    assert User.history.filter(id=user.pk).count() == 2


@pytest.mark.requirement("ACC-02")
def test_administration_and_gmp_work_stay_apart(admin: User, site: Site) -> None:
    roles = {name: people.create_role_from_template(template=name, actor=admin) for name in ("admin", "operator")}
    user = make_user()
    people.grant_role(user=user, role=roles["operator"], place=site, actor=admin)
    with pytest.raises(Blocked) as refused:
        people.grant_role(user=user, role=roles["admin"], place=site, actor=admin)
    assert refused.value.codes == ("administration_apart",)
    assert Grant.objects.filter(user=user).count() == 1
    assert TrailEvent.objects.filter(kind="refused", actor=admin).exists()


def test_only_active_people_are_given_roles(admin: User, site: Site) -> None:
    role = people.create_role_from_template(template="operator", actor=admin)
    gone = make_user()
    people.deactivate_user(user=gone, actor=admin, reason="left")
    for nobody in (gone, system_user("sign-in")):
        with pytest.raises(Blocked) as refused:
            people.grant_role(user=nobody, role=role, place=site, actor=admin)
        assert refused.value.codes == ("person_inactive",)
        assert not Grant.objects.filter(user=nobody, role=role).exists()


def test_nobody_grants_to_oneself(admin: User, site: Site) -> None:
    role = people.create_role_from_template(template="operator", actor=admin)
    with pytest.raises(Blocked) as refused:
        people.grant_role(user=admin, role=role, place=site, actor=admin)
    assert "oneself" in refused.value.codes
    assert not Grant.objects.filter(user=admin, role=role).exists()


def test_a_grant_reaches_down_and_not_aside(admin: User, site: Site) -> None:
    other = make_site()
    center = work_center_of(site)
    role = people.create_role_from_template(template="planner", actor=admin)
    user = make_user()
    grant = people.grant_role(user=user, role=role, place=center.area, actor=admin)
    right = "core_organization.view_site"
    assert may(user, right, center) and may(user, right, center.area)
    assert not may(user, right, site) and not may(user, right, work_center_of(other))
    assert list(scoped(WorkCenter.objects.all(), user, right)) == [center]
    assert not scoped(Site.objects.all(), user, right).exists()
    people.end_grant(grant=grant, actor=admin, reason="moved")
    assert not may(user, right, center)


@pytest.mark.requirement("ACC-05")
def test_deactivation_ends_everything(admin: User, terminal: Any) -> None:
    user = operator()
    sign_on.sign_on(terminal=terminal, badge=user.badge, pin="4711")
    SigningSession.objects.create(user=user, device="x")
    people.deactivate_user(user=user, actor=admin, reason="left")
    assert not TerminalSession.objects.filter(user=user, ended_at__isnull=True).exists()
    assert not SigningSession.objects.filter(user=user, ended_at__isnull=True).exists()
    with pytest.raises(Blocked):
        sign_on.sign_on(terminal=terminal, badge=user.badge, pin="4711")


@pytest.mark.requirement("ACC-04")
def test_badge_and_pin(terminal: Any) -> None:
    user = operator()
    sign_on.sign_on(terminal=terminal, badge=user.badge, pin="4711")
    present = sign_on.presence(terminal)
    assert present.active is not None and present.active.user == user
    assert TrailEvent.objects.filter(kind="signed_on", actor=user).count() == 1
    with pytest.raises(Blocked) as refused:
        sign_on.sign_on(terminal=terminal, badge=user.badge, pin="0000")
    assert refused.value.codes == ("sign_on_refused",)
    assert TrailEvent.objects.filter(kind="sign_on_refused", subject_id=user.pk).count() == 1


@pytest.mark.requirement("ACC-04")
def test_locking_a_terminal_is_kept_and_ends_signing_there(terminal: Any) -> None:
    user = operator()
    session = sign_on.sign_on(terminal=terminal, badge=user.badge, pin="4711")
    here = SigningSession.objects.create(user=user, device="x", terminal=terminal)
    desk = SigningSession.objects.create(user=user, device="y")
    sign_on.lock(session=session)
    here.refresh_from_db()
    desk.refresh_from_db()
    assert (here.ended_at is not None, here.end_reason, desk.ended_at) == (True, "locked", None)
    event = TrailEvent.objects.get(kind="signed_off", actor=user)
    assert (event.text, event.data["why"]) == (terminal.code, "locked")


@pytest.mark.requirement("ACC-04")
def test_wrong_pins_lock_even_the_right_one(terminal: Any) -> None:
    user = operator()
    for _ in range(sign_on.PER_BADGE):
        with pytest.raises(Blocked):
            sign_on.sign_on(terminal=terminal, badge=user.badge, pin="0000")
    with pytest.raises(Blocked) as refused:
        sign_on.sign_on(terminal=terminal, badge=user.badge, pin="4711")
    assert refused.value.codes == ("sign_on_locked",)
    assert sign_on.presence(terminal).active is None
    with time_machine.travel(now() + dt.timedelta(minutes=16)):
        sign_on.sign_on(terminal=terminal, badge=user.badge, pin="4711")


@pytest.mark.requirement("ACC-04")
def test_switching_needs_the_pin_and_the_other_stays_clocked_on(terminal: Any) -> None:
    first, second = operator(), operator("9317")
    sign_on.sign_on(terminal=terminal, badge=first.badge, pin="4711")
    sign_on.sign_on(terminal=terminal, badge=second.badge, pin="9317")
    present = sign_on.presence(terminal)
    assert present.active is not None and present.active.user == second
    assert present.others == (first,)


@pytest.mark.requirement("ACC-04")
def test_idleness_locks_and_nobody_slips_in(terminal: Any) -> None:
    first, second = operator(), operator("9317")
    sign_on.sign_on(terminal=terminal, badge=first.badge, pin="4711")
    sign_on.sign_on(terminal=terminal, badge=second.badge, pin="9317")
    with time_machine.travel(now() + dt.timedelta(seconds=terminal.idle_lock_seconds + 1)):
        for _ in range(2):
            present = sign_on.presence(terminal)
            assert present.active is None
            assert set(present.others) == {first, second}


@pytest.mark.requirement("ACC-04")
def test_enrolling_anew_ends_the_old_device(terminal: Any, admin: User) -> None:
    token = places.enrol_terminal(terminal=terminal, actor=admin)
    assert sign_on.terminal_of_token("m-12", token) is not None
    assert sign_on.terminal_of_token("m-12", "other") is None
    places.withdraw_terminal(terminal=terminal, actor=admin, reason="scrapped")
    assert sign_on.terminal_of_token("m-12", token) is None


@pytest.mark.parametrize("pin", ["1111", "1234", "987654", "12a4", "123", ""])
def test_guessable_pins_are_refused(pin: str) -> None:
    user = make_user()
    with pytest.raises(ValidationError):
        people.set_pin(pin=pin, actor=user)
    user.refresh_from_db()
    assert user.pin_hash == ""
