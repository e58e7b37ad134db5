"""Signing: attempts counted first, continuous sessions, PIN only where allowed, and the closure that is signed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import Site, Terminal, User
from core.organization.services import people, places
from core.signing.models import Signature, SigningSession
from core.signing.queries import is_intact
from core.signing.services import ATTEMPTS, identify, sign
from core.trail.models import TrailEvent
from tests.support import samples
from tests.support.people import make_site, make_user, proof, work_center_of
from traceability.models import Lot

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("REC-09")]

PASSWORD = "correct horse battery"


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def signer(site: Site) -> User:
    user = make_user("signer", site=site, permissions=("core_organization.view_site",))
    people.change_own_password(password=PASSWORD, actor=user)
    people.set_pin(pin="2580", actor=user)
    user.refresh_from_db()
    return user


def named(signer: User, secret: str = PASSWORD, **more: Any) -> Any:
    values = {"identification": signer.username, "meaning": "approved", "device": "d1", "expected": signer, **more}
    return identify(secret=secret, **values)


@pytest.mark.requirement("REC-10")
def test_the_first_signing_needs_both_components_the_next_the_secret_alone(signer: User) -> None:
    with pytest.raises(Blocked) as refused:
        named(signer, identification="")
    assert refused.value.codes == ("identification_needed",)
    assert named(signer).method == "identification and password"
    assert named(signer, identification="").method == "password, continued session"


@pytest.mark.requirement("REC-10")
def test_idleness_and_another_device_end_the_session(signer: User) -> None:
    named(signer)
    with time_machine.travel(now() + dt.timedelta(minutes=16)), pytest.raises(Blocked):
        named(signer, identification="")
    named(signer, device="d2")
    with pytest.raises(Blocked):
        named(signer, identification="", device="d1")
    assert SigningSession.objects.filter(user=signer, ended_at__isnull=True, device="d2").count() == 1


@pytest.mark.requirement("REC-10")
def test_wrong_secrets_lock_and_are_on_record(signer: User) -> None:
    for _ in range(ATTEMPTS):
        with pytest.raises(Blocked) as refused:
            named(signer, "wrong")
        assert refused.value.codes == ("signing_refused",)
    with pytest.raises(Blocked) as refused:
        named(signer)
    assert refused.value.codes == ("signing_locked",)
    assert TrailEvent.objects.filter(kind="signing_failed", subject_id=signer.pk).count() == ATTEMPTS
    assert TrailEvent.objects.filter(kind="signing_locked", subject_id=signer.pk).count() == 1


@pytest.mark.requirement("REC-10", "ACC-04")
def test_a_pin_signs_only_at_an_enrolled_terminal_and_only_what_it_may(signer: User, site: Site) -> None:
    admin = make_user("enroller", site=site, permissions=("core_organization.enrol_terminal",))
    terminal = places.create_terminal(work_center=work_center_of(site), code="m-1", name="M1", actor=admin)
    with pytest.raises(Blocked):
        named(signer, "2580", meaning="performed", terminal=terminal)
    places.enrol_terminal(terminal=terminal, actor=admin)
    enrolled = Terminal.objects.get(pk=terminal.pk)
    assert named(signer, "2580", meaning="performed", terminal=enrolled).method == "identification and PIN"
    for meaning, where in (("approved", enrolled), ("performed", None)):
        with pytest.raises(Blocked):
            named(signer, "2580", meaning=meaning, terminal=where)


def a_lot(user: User) -> Lot:
    with transaction.atomic(), acting(user):
        lot: Lot = samples.saved(Lot)
    return lot


def test_a_signature_fits_until_what_it_covers_changes(signer: User) -> None:
    lot = a_lot(signer)
    signature = sign(record=lot, meaning="approved", signature=proof(signer, "approved"), actor=signer)
    assert is_intact(signature)
    with transaction.atomic(), acting(signer):
        lot.origin = "elsewhere"
        lot.save()
    assert is_intact(signature)
    with transaction.atomic(), acting(signer):
        lot.supplier_lot = "changed"
        lot.save()
    assert not is_intact(signature)


def test_a_proof_of_another_meaning_person_or_time_signs_nothing(signer: User) -> None:
    lot = a_lot(signer)
    stale = proof(signer, "approved")
    with time_machine.travel(now() + dt.timedelta(minutes=3)), pytest.raises(Blocked):
        sign(record=lot, meaning="approved", signature=stale, actor=signer)
    for unfit in (None, proof(signer, "reviewed"), proof(make_user(), "approved")):
        with pytest.raises(Blocked):
            sign(record=lot, meaning="approved", signature=unfit, actor=signer)
    assert not Signature.objects.exists()
