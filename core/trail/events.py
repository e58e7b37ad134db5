"""What happened to the trail that apps above may react to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrailAlarmRaised:
    """The trail is not protected or not sealed as it should be; the TrailEvent says what was found."""

    event_id: int
    text: str


@dataclass(frozen=True)
class TrailAlarmEnded:
    """What the alarm of this TrailEvent was about is well again."""

    event_id: int


@dataclass(frozen=True)
class VerificationRequested:
    """Somebody wants every sealed row compared with its seal, perhaps with a head kept outside."""

    user_id: int
    outside_head: str
