"""What signing does when people leave."""

from __future__ import annotations

from core.kernel.wiring import subscribe
from core.organization.events import SessionsEnded, SignedOff, UserDeactivated
from core.organization.models import User
from core.signing.services import device_key, end_sessions


@subscribe(UserDeactivated)
def end_signing_of_the_deactivated(event: UserDeactivated) -> None:
    """A deactivated person's signing sessions end at once."""
    end_sessions(User.objects.get(pk=event.user_id), why="deactivated")


@subscribe(SignedOff)
def end_signing_at_the_terminal(event: SignedOff) -> None:
    """Leaving or locking a terminal ends the continuous period of controlled access there (21 CFR 11.200)."""
    end_sessions(User.objects.get(pk=event.user_id), why=event.why[:40], terminal_code=event.where)


@subscribe(SessionsEnded)
def end_signing_of_ended_sessions(event: SessionsEnded) -> None:
    """Who is signed out of a browser signs nothing there any more."""
    user = User.objects.get(pk=event.user_id)
    for key in event.keys:
        end_sessions(user, why="session ended", device=device_key(key))
