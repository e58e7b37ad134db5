"""Signing on at an enrolled terminal: badge and PIN, counted before they are checked; idle lock; switching people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.errors import Blocked, Blocker
from core.kernel.statements import compiled
from core.kernel.wiring import publish
from core.organization.events import GuessingSuspected, SignedOff, SignedOn, SignOnRefused
from core.organization.models import SignOnAttempt, Terminal, TerminalSession, User
from core.organization.services.places import hash_token

PER_BADGE = 5
"""Wrong PINs for a badge at one terminal; at the others the person signs on as ever."""
PER_BADGE_WHILE_GUESSING = 2
SUSPECT = 15
"""Wrong PINs for one badge at all terminals that look like somebody walking from one to the next."""
PER_TERMINAL = 30
WINDOW = dt.timedelta(minutes=15)
TOUCH = dt.timedelta(seconds=15)


@compiled
def _terminals(code: str, token_hash: str) -> models.QuerySet[Terminal]:
    rows = Terminal.objects.filter(code=code, token_hash=token_hash, is_active=True, enrolled_at__isnull=False)
    return rows.select_related("work_center__area__site").order_by("pk")[:1]


@compiled
def _clocked_on(terminal: int) -> models.QuerySet[TerminalSession]:
    return TerminalSession.objects.filter(terminal=terminal, ended_at__isnull=True).select_related("user")


def terminal_of_token(code: str, token: str) -> Terminal | None:
    """The active terminal that this device token makes, or None."""
    if not token:
        return None
    return _terminals.first(code, hash_token(token))


def _refused(code: str, message: str, remedy: str) -> Blocked:
    return Blocked(Blocker(code, message, remedy=remedy))


def _count(terminal: Terminal, badge: str) -> SignOnAttempt:
    """Count the attempt in a committed transaction; refuse when the badge here, or the terminal, had too many wrong."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"sign-on {terminal.pk}"])
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"sign-on badge {badge}"])
        recent = SignOnAttempt.objects.filter(attempted_at__gt=now() - WINDOW)
        here = recent.filter(badge=badge, terminal=terminal)
        last = here.filter(accepted=True).order_by("-id").values_list("id", flat=True).first() or 0
        by_badge = here.filter(accepted=False, pk__gt=last).count()
        by_terminal = recent.filter(terminal=terminal, accepted=False).count()
        everywhere = recent.filter(badge=badge, accepted=False).count()
        attempt = SignOnAttempt.objects.create(terminal=terminal, badge=badge)
        user = User.objects.filter(badge=badge).exclude(badge="").first()
        if everywhere == SUSPECT:
            publish(GuessingSuspected(user.pk if user else None, everywhere))
    most = PER_BADGE if everywhere < SUSPECT else PER_BADGE_WHILE_GUESSING
    if by_badge >= most or by_terminal >= PER_TERMINAL:
        with transaction.atomic():
            publish(SignOnRefused(user.pk if user else None, terminal.code, "locked", locked=True))
        raise _refused(
            "sign_on_locked",
            _("Too many wrong attempts: signing on is locked here for up to 15 minutes."),
            _("Wait, sign on at another terminal, or ask your lead. The attempts are on record."),
        )
    return attempt


def sign_on(*, terminal: Terminal, badge: str, pin: str) -> TerminalSession:
    """Sign a person on at the terminal by badge (or user name) and PIN; they become the one whose entries are made.

    Raises `Blocked` with `sign_on_refused` or `sign_on_locked`; the attempt is on record either way.
    """
    badge = badge.strip()[:64]
    attempt = _count(terminal, badge)
    people = User.objects.filter(is_active=True, is_system=False)
    user = people.filter(badge=badge).exclude(badge="").first() or people.filter(username__iexact=badge).first()
    if user is None:
        make_password(pin)  # as slow as a check, so that badges cannot be probed
    if user is None or not user.pin_hash or not check_password(pin, user.pin_hash):
        with transaction.atomic():
            publish(SignOnRefused(user.pk if user else None, terminal.code, "wrong badge or PIN"))
        raise _refused(
            "sign_on_refused",
            _("Badge or PIN is wrong."),
            _("Try again. You choose your PIN at the desk, on your own page, after signing in there."),
        )
    with transaction.atomic():
        SignOnAttempt.objects.filter(pk=attempt.pk).update(accepted=True)
        TerminalSession.objects.filter(terminal=terminal, ended_at__isnull=True).update(activated_at=None)
        session, created = TerminalSession.objects.select_for_update().get_or_create(
            terminal=terminal, user=user, ended_at=None
        )
        session.activated_at = session.last_seen_at = now()
        session.save()
        if created:
            publish(SignedOn(user.pk, terminal.code))
    return session


def sign_off(*, session: TerminalSession, why: str) -> None:
    """End a person's session at a terminal."""
    with transaction.atomic():
        ended = TerminalSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(
            ended_at=now(), end_reason=why
        )
        if ended:
            publish(SignedOff(session.user_id, session.terminal.code, why))


@dataclass(frozen=True)
class Presence:
    """Who is at a terminal: the active person's session, and everybody else who is clocked on there."""

    active: TerminalSession | None
    others: tuple[User, ...]


def presence(terminal: Terminal) -> Presence:
    """Who is at the terminal now. An active person who was idle for too long stays clocked on but is locked out."""
    limit = now() - dt.timedelta(seconds=terminal.idle_lock_seconds)
    active: TerminalSession | None = None
    others = []
    for session in _clocked_on(terminal.pk):
        if not session.user.is_active:
            sign_off(session=session, why="deactivated")
        elif session.activated_at is not None and session.last_seen_at >= limit:
            active = session
        else:
            if session.activated_at is not None:
                lock(session=session)
            others.append(session.user)
    return Presence(active, tuple(others))


def lock(*, session: TerminalSession) -> None:
    """Lock the terminal: whoever goes on must enter badge and PIN; the person stays clocked on."""
    with transaction.atomic():
        locked = TerminalSession.objects.filter(pk=session.pk, activated_at__isnull=False).update(activated_at=None)
        if locked:
            publish(SignedOff(session.user_id, session.terminal.code, "locked"))


def touch(session: TerminalSession) -> None:
    """Note that the active person did something; written at most every 15 seconds."""
    moment = now()
    if moment - session.last_seen_at > TOUCH:
        TerminalSession.objects.filter(pk=session.pk).update(last_seen_at=moment)
