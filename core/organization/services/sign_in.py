"""Attempts to sign in at the desk: counted, each in a committed transaction, before anything is checked.

Wrong attempts lock a pair of name and place for a while, never the person everywhere. A place is the browser in which
the person was signed in before (a signed cookie says so), else the address. Whoever guesses from elsewhere locks their
own address for that name, and not the person at a browser of theirs.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import publish
from core.organization.events import GuessingSuspected, SignOnRefused
from core.organization.models import SignInAttempt, User
from core.web.cookies import cookie_name

LIMIT = 5
"""Wrong attempts for one name from one place, until that pair is locked."""
LIMIT_WHILE_GUESSING = 1
"""The same for places where the person never was, while somebody seems to guess from many of them."""
WINDOW = dt.timedelta(minutes=15)
SUSPECT = 20
"""Wrong attempts for one name from places where the person never was, within an hour, that look like guessing."""
SUSPECT_ALL = 200
"""The same for all names together: one password tried on many accounts."""
SUSPECT_WINDOW = dt.timedelta(hours=1)
KNOWN_COOKIE = "trueline_known"
SALT = "trueline.known"
KNOWN_DAYS = 180
MOST_PEOPLE = 30
"""People whom one browser is remembered for; a shared desk sees a whole shift."""


@dataclass(frozen=True)
class Place:
    """Where an attempt comes from: `key` names it without telling the address."""

    key: str
    is_known: bool


def _known_people(request: HttpRequest) -> dict[str, str]:
    """The people who signed in at this browser before, each with the secret name of the browser."""
    try:
        kept = signing.loads(request.COOKIES.get(cookie_name(KNOWN_COOKIE), ""), salt=SALT, max_age=KNOWN_DAYS * 86400)
    except (signing.BadSignature, ValueError):
        return {}
    return {str(pk): str(name) for pk, name in kept.items()} if isinstance(kept, dict) else {}


def _network(request: HttpRequest) -> str:
    """The address; of IPv6 the network, of which one household or office has all addresses."""
    text = str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ip_address(text)
    except ValueError:
        return text
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else str(address)


def _key(text: str) -> str:
    return salted_hmac("trueline.place", text, algorithm="sha256").hexdigest()


def place_of_request(request: HttpRequest, name: str) -> Place:
    """From where somebody tries to sign in under this name."""
    user = User.objects.filter(username__iexact=name).only("pk").first()
    browser = None if user is None else _known_people(request).get(str(user.pk))
    if browser:
        return Place(_key(f"browser {browser}"), is_known=True)
    return Place(_key(f"address {_network(request)}"), is_known=False)


def remember_place(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Remember at this browser that the person signed in here."""
    known = _known_people(request)
    name = known.pop(str(user.pk), "") or secrets.token_urlsafe(16)
    known = {**dict(list(known.items())[-(MOST_PEOPLE - 1) :]), str(user.pk): name}
    response.set_cookie(
        cookie_name(KNOWN_COOKIE), signing.dumps(known, salt=SALT, compress=True), max_age=KNOWN_DAYS * 86400,
        httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
    )  # fmt: skip


def count_attempt(*, name: str, place: Place) -> SignInAttempt:
    """Count an attempt, committed before anything is checked. Raises `Blocked` where name and place are locked."""
    name = name.strip().lower()[:80]
    moment = now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"sign-in {name}"])
        here = SignInAttempt.objects.filter(name=name, place=place.key, attempted_at__gt=moment - WINDOW)
        last = here.filter(accepted=True).order_by("-id").values_list("id", flat=True).first() or 0
        wrong = here.filter(accepted=False, pk__gt=last).count()
        strange = SignInAttempt.objects.filter(
            is_known_place=False, accepted=False, attempted_at__gt=moment - SUSPECT_WINDOW
        )
        of_name, of_all = strange.filter(name=name).count(), strange.count()
        attempt = SignInAttempt.objects.create(name=name, place=place.key, is_known_place=place.is_known)
        is_guessing = of_name >= SUSPECT or of_all >= SUSPECT_ALL
        if not place.is_known and (of_name == SUSPECT or of_all == SUSPECT_ALL):
            publish(GuessingSuspected(_user_id(name), of_name if of_name >= SUSPECT else of_all))
    limit = LIMIT_WHILE_GUESSING if is_guessing and not place.is_known else LIMIT
    if wrong >= limit:
        with transaction.atomic():
            publish(SignOnRefused(_user_id(name), "desk", "locked", locked=True))
        raise Blocked(
            Blocker(
                "sign_in_locked",
                _("Too many wrong attempts from here: signing in is locked here for up to 15 minutes."),
                remedy=_("Wait, or sign in at the browser that you use otherwise. The attempts are on record."),
            )
        )
    return attempt


def accept_attempt(attempt: SignInAttempt) -> None:
    """The attempt was right: those before it at its place count no more."""
    SignInAttempt.objects.filter(pk=attempt.pk).update(accepted=True)


def forget_attempts() -> int:
    """Delete the attempts that no limit counts any more."""
    deleted, _kinds = SignInAttempt.objects.filter(attempted_at__lt=now() - 24 * SUSPECT_WINDOW).delete()
    return deleted


def _user_id(name: str) -> int | None:
    return User.objects.filter(username__iexact=name).values_list("pk", flat=True).first()
