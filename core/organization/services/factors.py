"""Second factors: codes of an app (TOTP), passkeys, recovery codes. The sign-in library keeps them, encrypted."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import publish
from core.organization.events import FactorChanged
from core.organization.guards import refuse_if_blocked
from core.organization.models import User
from core.organization.queries import factors
from core.organization.services import require

TOTP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
DIGESTS, HOW_MANY = "digests", 10
"""Under which name the digests of the recovery codes are kept, and how many codes somebody gets."""
LAST_STEP = "last_step"
"""Under which name an authenticator keeps the time step of the last accepted code."""


def _step_of(secret: str, code: str) -> int | None:
    """The time step whose code this is, now or one step beside, or None."""
    digits = "".join(code.split())
    step: int
    for step in totp.yield_hotp_counters_from_time():
        if constant_time_compare(totp.format_hotp_value(totp.hotp_value(secret, step)), digits):
            return step
    return None


def accept_totp(user: User, code: str) -> bool:
    """Whether this is the present code of the person's app. It is accepted once, and so is none before it."""
    with transaction.atomic():
        found = Authenticator.objects.select_for_update().filter(user=user, type=TOTP).first()
        if found is None:
            return False
        try:
            step = _step_of(decrypt(found.data["secret"]), code)
        except InvalidToken:  # the installation's secret key is another one now
            return False
        if step is None or step <= found.data.get(LAST_STEP, -1):
            return False
        found.data[LAST_STEP] = step
        found.save(update_fields=["data"])
    return True


def _digest(code: str) -> str:
    return hashlib.sha256(code.replace("-", "").replace(" ", "").upper().encode()).hexdigest()


def accept_recovery_code(user: User, code: str) -> bool:
    """Whether this is one of the person's recovery codes; it is accepted once."""
    with transaction.atomic():
        found = Authenticator.objects.select_for_update().filter(user=user, type=CODES).first()
        if found is None or _digest(code) not in found.data[DIGESTS]:
            return False
        found.data[DIGESTS].remove(_digest(code))
        found.save(update_fields=["data"])
    return True


def accept_code(user: User, code: str) -> Authenticator | None:
    """The factor whose code this is: the app's, or a recovery code."""
    for kind, accept in ((TOTP, accept_totp), (CODES, accept_recovery_code)):
        if accept(user, code):
            return Authenticator.objects.filter(user=user, type=kind).first()
    return None


def _new_codes(user: User) -> list[str]:
    """Ten codes of 120 random bits; only their digests are kept."""
    Authenticator.objects.filter(user=user, type=CODES).delete()
    plain = [base64.b32encode(secrets.token_bytes(15)).decode() for _number in range(HOW_MANY)]
    Authenticator.objects.create(user=user, type=CODES, data={DIGESTS: [_digest(code) for code in plain]})
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in plain]


def _first_codes(user: User) -> list[str]:
    """Recovery codes with the first factor; a later one leaves those that the person keeps already."""
    return [] if Authenticator.objects.filter(user=user, type=CODES).exists() else _new_codes(user)


@service
def set_up_totp(*, secret: str, code: str, actor: Any) -> list[str]:
    """The person's app makes codes from now on. Returns the recovery codes, where they are new; shown once."""
    step = _step_of(secret, code)
    if step is None:
        raise ValidationError({"code": _("This is not the code that the app shows now. Check the clock of the phone.")})
    locked = User.objects.select_for_update().get(pk=actor.pk)
    if factors.has_totp(locked):
        raise ValidationError({"code": _("An app is set up already. Remove it before you set up another one.")})
    made = totp.TOTP.activate(locked, secret).instance
    made.data[LAST_STEP] = step
    made.save(update_fields=["data"])
    publish(FactorChanged(locked.pk, "set up", "TOTP"))
    return _first_codes(locked)


@service
def make_recovery_codes(*, actor: Any) -> list[str]:
    """New recovery codes; those before are void. Shown once."""
    locked = User.objects.select_for_update().get(pk=actor.pk)
    if not factors.has_factor(locked):
        raise Blocked(
            Blocker(
                "no_factor",
                _("Recovery codes stand in for a second factor, and you have none."),
                remedy=_("Set up an app or a passkey first."),
            )
        )
    codes = _new_codes(locked)
    publish(FactorChanged(locked.pk, "set up", "recovery codes"))
    return codes


@service
def add_passkey(*, name: str, credential: dict[str, Any], actor: Any) -> list[str]:
    """Keep a passkey whose answer was checked. Returns the recovery codes, where they are new; shown once."""
    locked = User.objects.select_for_update().get(pk=actor.pk)
    WebAuthn.add(locked, name.strip()[:80], credential)
    publish(FactorChanged(locked.pk, "set up", f"passkey {name.strip()[:80]}"))
    return _first_codes(locked)


def _remove(user: User, found: Any) -> None:
    for one in found:
        publish(FactorChanged(user.pk, "removed", f"passkey {one}" if one.type == PASSKEY else "TOTP"))
        one.delete()
    if not factors.has_factor(user):
        Authenticator.objects.filter(user=user, type=CODES).delete()


@service
def remove_factor(*, factor: Authenticator, actor: Any) -> None:
    """The person gives up a factor, after their password (and the code) was asked."""
    locked = User.objects.select_for_update().get(pk=actor.pk)
    _remove(locked, Authenticator.objects.filter(user=locked, pk=factor.pk).exclude(type=CODES))


@service
def remove_factors_of(*, user: User, actor: Any, reason: str) -> User:
    """An administrator takes every second factor of a person away: the phone or key is lost."""
    require(actor, "core_organization.change_user", user)
    refuse_if_blocked(user, "remove_factors", actor=actor)
    locked = User.objects.select_for_update().get(pk=user.pk)
    found = Authenticator.objects.filter(user=locked).exclude(type=CODES)
    if not found.exists():
        raise Blocked(
            Blocker(
                "no_factor",
                _("%(who)s has no second factor.") % {"who": user},
                remedy=_("Nothing has to be removed."),
            )
        )
    _remove(locked, found)
    return locked
