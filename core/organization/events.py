"""What happens to people and at terminals, for the apps above (core.trail records it)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

IDENTITY_PROVIDER = "identity provider"
"""Where somebody signs on who comes from the plant's identity provider or by its directory."""


@dataclass(frozen=True)
class PlantSetUp:
    """The first site, its first people and every role exist; told within the transaction of the first run."""

    site_id: int


@dataclass(frozen=True)
class UserDeactivated:
    """A person may no longer act: their sessions and tokens end now."""

    user_id: int


@dataclass(frozen=True)
class SignedOn:
    """A person signed on at a terminal or at the desk."""

    user_id: int
    where: str


@dataclass(frozen=True)
class SignedOff:
    """A person left a terminal: signed off, was locked out for idleness, or was switched away."""

    user_id: int
    where: str
    why: str


@dataclass(frozen=True)
class SignOnRefused:
    """Somebody tried to sign on and was refused; `user_id` is None when nobody is known by that name or badge."""

    user_id: int | None
    where: str
    why: str
    locked: bool = False


@dataclass(frozen=True)
class GuessingSuspected:
    """Wrong passwords or PINs come from many places; `user_id` is whose name they give, if it is somebody's."""

    user_id: int | None
    attempts: int


@dataclass(frozen=True)
class FactorChanged:
    """A second factor of a person was set up or removed, or recovery codes were made, by the acting user."""

    user_id: int
    what: str
    factor: str


@dataclass(frozen=True)
class SessionsEnded:
    """Browser sessions of a person ended before their time; the keys are those of the sessions."""

    user_id: int
    keys: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class ConfigurationChanged:
    """A piece of configuration says something else since this deed: before (empty: it is new), and after."""

    record: Any
    before: Mapping[str, Any]
    after: Mapping[str, Any]
