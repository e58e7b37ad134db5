"""Signing: identify the person first, in a transaction of its own; then sign inside the deed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.kernel.wiring import ask, publish
from core.organization.models import Site, Terminal, User
from core.organization.queries import place_of
from core.organization.queries.factors import apps_of, has_totp
from core.organization.services import system_user
from core.organization.services.factors import accept_totp
from core.signing.events import SigningLocked
from core.signing.lifecycle import MEANINGS, PIN_MEANINGS
from core.signing.models import Signature, SigningAttempt, SigningSession
from core.signing.queries import SCHEME, digest_of, digests_of
from core.signing.questions import AgainstSigner
from core.trail.services import note

ATTEMPTS = 5
WINDOW = dt.timedelta(minutes=15)
IDLE = dt.timedelta(minutes=15)
PROOF_LIFE = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Proof:
    """Evidence that a person was identified for one signing with one meaning; valid for two minutes."""

    user: User
    meaning: str
    method: str
    attempt_id: int
    verified_at: dt.datetime = field(default_factory=now)


def device_key(secret: str) -> str:
    """A stable name of a browser session or terminal token that does not reveal it."""
    return hashlib.sha256(f"device:{secret}".encode()).hexdigest()


def _running(user: User, device: str) -> models.QuerySet[SigningSession]:
    return SigningSession.objects.filter(
        user=user, device=device, ended_at__isnull=True, last_signed_at__gt=now() - IDLE
    ).order_by("-id")


def open_session(user: User, device: str) -> SigningSession | None:
    """The person's running signing session at this device, unless it was idle for too long."""
    return _running(user, device).first()


def asked_at(user: User, device: str) -> tuple[bool, bool]:
    """Whether no signing session of the person runs at this device, and whether they have an app for codes."""
    runs, has_app = models.Exists(_running(user, device)), models.Exists(apps_of(user))
    found = User.objects.filter(pk=user.pk).annotate(runs=runs, has_app=has_app).values_list("runs", "has_app").get()
    return not found[0], bool(found[1])


def end_sessions(
    user: User, *, why: str, device: str | None = None, but_device: str | None = None, terminal_code: str | None = None
) -> None:
    """End the person's signing sessions: all, those of one device or terminal, or those of every other device."""
    sessions = SigningSession.objects.filter(user=user, ended_at__isnull=True)
    if device is not None:
        sessions = sessions.filter(device=device)
    if terminal_code is not None:
        sessions = sessions.filter(terminal__code=terminal_code)
    if but_device is not None:
        sessions = sessions.exclude(device=but_device)
    sessions.update(ended_at=now(), end_reason=why)


def _find_person(identification: str) -> User | None:
    people = User.objects.filter(is_active=True, is_system=False)
    return people.filter(username__iexact=identification).first() or (
        people.filter(badge=identification).first() if identification else None
    )


def _refuse(code: str, message: str, remedy: str) -> Blocked:
    return Blocked(Blocker(code, message, remedy=remedy))


def _count_attempt(user: User, device: str) -> SigningAttempt:
    """Count the attempt in a committed transaction, before anything is checked; refuse after too many at the device.

    Whoever tries wrong secrets in somebody's name at one device does not keep them from signing at another.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('signing'), %s)", [user.pk % 2147483647])
        recent = SigningAttempt.objects.filter(user=user, device=device, attempted_at__gt=now() - WINDOW)
        accepted = recent.filter(accepted=True).order_by("-id").first()
        failed = recent.filter(accepted=False)
        if accepted is not None:
            failed = failed.filter(pk__gt=accepted.pk)
        count = failed.count()
        attempt = SigningAttempt.objects.create(user=user, device=device)
    if count >= ATTEMPTS:
        _lock(user, count + 1)
        raise _refuse(
            "signing_locked",
            _("Signing is locked here for 15 minutes after %(count)s wrong attempts.") % {"count": ATTEMPTS},
            _("Wait, or ask an administrator to check the account. The attempts are on record."),
        )
    return attempt


def _lock(user: User, attempts: int) -> None:
    actor = system_user("signing")
    with transaction.atomic():
        note(kind="signing_locked", actor=actor, subject=user, text=_("Signing locked"), data={"attempts": attempts})
        publish(SigningLocked(user_id=user.pk, attempts=attempts))


def _secret_fits(user: User, secret: str, meaning: str, terminal: Terminal | None) -> str:
    """How the secret authenticated the person, or "" when it did not."""
    if user.has_usable_password() and check_password(secret, user.password):
        return "password"
    pin_allowed = (
        settings.TRUELINE_PIN_SIGNING
        and meaning in PIN_MEANINGS
        and terminal is not None
        and terminal.is_active
        and terminal.enrolled_at is not None
    )
    if pin_allowed and user.pin_hash and check_password(secret, user.pin_hash):
        return "PIN"
    return ""


def _takes_code(meaning: str, terminal: Terminal | None, session: SigningSession | None) -> bool:
    """Whether whoever has switched on codes of an app gives one: first in a session at the desk; at a terminal, where a
    session may have begun with a PIN, with each signature for which a PIN is never enough."""
    return session is None if terminal is None else meaning not in PIN_MEANINGS


def _begin_or_go_on(session: SigningSession | None, user: User, device: str, terminal: Terminal | None) -> None:
    """The person signs in a session at this device now, and at no other."""
    end_sessions(user, why="another device", but_device=device)
    if session is None or session.user_id != user.pk:
        SigningSession.objects.create(user=user, terminal=terminal, device=device)
    else:
        SigningSession.objects.filter(pk=session.pk).update(last_signed_at=now())


def identify(
    *,
    identification: str,
    secret: str,
    meaning: str,
    device: str,
    expected: User | None = None,
    terminal: Terminal | None = None,
    passing: bool = False,
    code: str = "",
) -> Proof:
    """Identify the person who is about to sign, before and outside the deed's transaction.

    The first signing of a session takes identification (user name or badge) and secret; later ones at the same device
    the secret alone, for `expected`, who is signed in there. Somebody `passing` signs once at a device where another
    is signed in: no session is begun or ended by it. Every attempt is counted before it is checked. Who has switched on
    codes of an app gives the present one with the first signing of a session at the desk, and at a terminal for what
    takes the password. Raises `Blocked` with code `identification_needed`, `signing_refused`, `code_refused`,
    `own_password_due` or `signing_locked`, and with whatever upper apps say against this person (`AgainstSigner`).
    """
    if meaning not in MEANINGS:
        raise ValueError(f"{meaning} is no meaning of a signature")
    session = open_session(expected, device) if expected is not None else None
    if identification:
        user = _find_person(identification.strip())
    else:
        user = expected if session is not None else None
        if user is None:
            raise _refuse(
                "identification_needed",
                _("The first signature of a session needs your user name or badge as well as your password."),
                _("Enter your user name or scan your badge, then your password."),
            )
    if user is None or (expected is not None and user.pk != expected.pk):
        make_password(secret)  # takes as long as a check would, so that names cannot be probed
        with transaction.atomic():
            note(
                kind="signing_failed",
                actor=system_user("signing"),
                subject=expected,
                text=_("The identification did not fit the person signed in."),
            )
        raise _refuse(
            "signing_refused",
            _("User name or secret is wrong.")
            if expected is None
            else _("User name or secret is wrong, or belongs to another person than the one signed in."),
            _("Scan the badge again or type the user name, then the secret.")
            if expected is None
            else _("Try again, or switch to the person who signs."),
        )
    if expected is not None and not user.has_usable_password() and not user.pin_hash:
        raise _refuse(
            "no_signing_password",
            _("You have no password for signing yet: the identity provider signs you in, and signs nothing."),
            _("Sign in again and choose a password under “Change password” within ten minutes; it is for signing."),
        )
    attempt = _count_attempt(user, device)
    how = _secret_fits(user, secret, meaning, terminal)
    if how and user.must_change_password:
        raise _refuse(
            "own_password_due",
            _("This is a first password, which an administrator knows too: nothing is signed with it."),
            _("Sign in and choose a password of your own."),
        )
    if how and _takes_code(meaning, terminal, session) and has_totp(user):
        if not accept_totp(user, code):
            with transaction.atomic():
                note(
                    kind="signing_failed",
                    actor=system_user("signing"),
                    subject=user,
                    text=_("A wrong code of the second factor, or none, was given for a signature."),
                    data={"meaning": meaning},
                )
            raise _refuse(
                "code_refused",
                _("The code of your app is missing, wrong, or was used before."),
                _("Enter the code that the app shows now; each is accepted once."),
            )
        how = f"{how} and TOTP"
    if not how:
        with transaction.atomic():
            note(
                kind="signing_failed",
                actor=system_user("signing"),
                subject=user,
                text=_("A wrong secret was given for a signature."),
                data={"meaning": meaning, "terminal": str(terminal or "")},
            )
        raise _refuse(
            "signing_refused",
            _("User name or secret is wrong."),
            _("Try again. After 5 wrong attempts signing is locked for 15 minutes."),
        )
    against = ask(AgainstSigner(user, meaning))
    if against:
        raise Blocked(against)
    with transaction.atomic():
        SigningAttempt.objects.filter(pk=attempt.pk).update(accepted=True)
        if not passing:
            _begin_or_go_on(session, user, device, terminal)
    is_continued = session is not None and not identification
    method = f"{how}, continued session" if is_continued else f"identification and {how}"
    return Proof(user=user, meaning=meaning, method=method, attempt_id=attempt.pk)


def require_proof(proof: Proof | None, meaning: str, actor: Any) -> Blocker | None:
    """The blocker of a missing or unfit proof, or None when the proof fits."""
    if not isinstance(proof, Proof):
        return Blocker(
            "signature_required",
            _("This needs your signature: %(meaning)s.") % {"meaning": MEANINGS[meaning]},
            remedy=_("Sign with your user name and password."),
        )
    if proof.meaning != meaning or proof.user.pk != actor.pk:
        return Blocker(
            "signature_unfit",
            _("The signature was given for something else or by someone else."),
            remedy=_("Sign again for this step."),
        )
    if now() - proof.verified_at > PROOF_LIFE:
        return Blocker(
            "signature_expired", _("The identification is more than two minutes old."), remedy=_("Sign again.")
        )
    return None


def zone_of(record: Any) -> str:
    """Name of the time zone of the record's site, UTC for global records."""
    place = place_of(record)
    if place is None:
        return "UTC"
    site = place if isinstance(place, Site) else getattr(place, "site", None) or place.area.site  # type: ignore[union-attr]
    return str(site.time_zone)


@service
def sign(*, record: models.Model, meaning: str, signature: Proof | None, actor: Any, reason: str = "") -> Signature:
    """Sign a record's closure as it stands in the database. Raises `Blocked` when the proof does not fit."""
    blocker = require_proof(signature, meaning, actor)
    if blocker is not None or signature is None:
        raise Blocked([blocker] if blocker is not None else [])
    signed = _signature(record, digest_of(record), meaning, signature, actor, reason)
    signed.save()
    return signed


@service
def sign_many(
    *, records: Sequence[models.Model], meaning: str, signature: Proof | None, actor: Any, reason: str = ""
) -> list[Signature]:
    """Sign several records of one deed by one identification: each gets a signature over its own closure.

    Raises `Blocked` when the proof does not fit.
    """
    blocker = require_proof(signature, meaning, actor)
    if blocker is not None or signature is None:
        raise Blocked([blocker] if blocker is not None else [])
    digests = digests_of(records)
    return Signature.objects.bulk_create(
        _signature(record, digests[type(record), record.pk], meaning, signature, actor, reason) for record in records
    )


def _signature(record: models.Model, digest: str, meaning: str, proof: Proof, actor: Any, reason: str) -> Signature:
    """A signature that is not saved yet."""
    return Signature(
        signer=actor,
        printed_name=actor.full_name or actor.username,
        meaning=meaning,
        reason=reason,
        signed_at=now(),
        time_zone=zone_of(record),
        method=proof.method,
        scheme=SCHEME,
        digest=digest,
        record_version=getattr(record, "row_version", 1),
        proof_id=proof.attempt_id,
        **subject_ref(record),
    )
