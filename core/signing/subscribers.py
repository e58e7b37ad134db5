"""What signing does when people leave."""

from __future__ import annotations

from core.kernel.wiring import subscribe
from core.organization.events import SignedOff, UserDeactivated
from core.organization.models import User
from core.signing.services import end_sessions


@subscribe(UserDeactivated)
def end_signing_of_the_deactivated(event: UserDeactivated) -> None:
    """A deactivated person's signing sessions end at once."""
    end_sessions(User.objects.get(pk=event.user_id), why="deactivated")


@subscribe(SignedOff)
def end_signing_at_the_terminal(event: SignedOff) -> None:
    """Leaving or locking a terminal ends the continuous period of controlled access there (21 CFR 11.200)."""
    end_sessions(User.objects.get(pk=event.user_id), why=event.why[:40], terminal_code=event.where)
