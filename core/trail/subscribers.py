"""What the trail keeps of events below it: sign-ins, refused ones, exports."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.kernel.deeds import current
from core.kernel.wiring import subscribe
from core.organization.events import (
    IDENTITY_PROVIDER,
    FactorChanged,
    GuessingSuspected,
    SessionsEnded,
    SignedOff,
    SignedOn,
    SignOnRefused,
)
from core.organization.models import User
from core.organization.services import system_user
from core.trail.services import note
from core.web.events import ListExported


@subscribe(SignedOn)
def note_sign_on(event: SignedOn) -> None:
    user = User.objects.get(pk=event.user_id)
    note(kind="signed_on", actor=user, subject=user, text=event.where)


@subscribe(SignedOff)
def note_sign_off(event: SignedOff) -> None:
    user = User.objects.get(pk=event.user_id)
    note(kind="signed_off", actor=user, subject=user, text=event.where, data={"why": event.why})


@subscribe(SignOnRefused)
def note_refused_sign_on(event: SignOnRefused) -> None:
    user = None if event.user_id is None else User.objects.filter(pk=event.user_id).first()
    says_why = user is not None or event.where == IDENTITY_PROVIDER  # what a provider answers names nobody, often
    note(
        kind="sign_on_locked" if event.locked else "sign_on_refused",
        actor=system_user("sign-in"),
        subject=user,
        text=event.why if says_why else _("unknown badge or user name"),
        data={"where": event.where},
    )


@subscribe(GuessingSuspected)
def note_guessing(event: GuessingSuspected) -> None:
    """Many wrong secrets from many places: somebody should look."""
    user = None if event.user_id is None else User.objects.filter(pk=event.user_id).first()
    note(
        kind="guessing_suspected",
        actor=system_user("sign-in"),
        subject=user,
        text=_("Somebody seems to guess passwords or PINs from many places"),
        data={"attempts": event.attempts},
    )


@subscribe(FactorChanged)
def note_factor(event: FactorChanged) -> None:
    """Who set up or removed whose second factor; never its secret."""
    present = current()
    user = User.objects.get(pk=event.user_id)
    note(
        kind="factor_set_up" if event.what == "set up" else "factor_removed",
        actor=user if present is None else present.user,
        subject=user,
        text=event.factor,
    )


@subscribe(SessionsEnded)
def note_ended_sessions(event: SessionsEnded) -> None:
    """Who ended how many of whose sessions, and why."""
    present = current()
    user = User.objects.get(pk=event.user_id)
    note(
        kind="sessions_ended",
        actor=user if present is None else present.user,
        subject=user,
        text=event.why,
        data={"sessions": len(event.keys)},
    )


@subscribe(ListExported)
def keep_export(event: ListExported) -> None:
    """A list that left the system is evidence: who took which rows in which format."""
    note(
        kind="list_exported",
        actor=event.actor,
        text=event.page,
        data={"query": event.query, "format": event.format, "rows": event.rows},
    )
