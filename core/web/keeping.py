"""What the API needs from the app that keeps people: tokens and idempotency keys. core.organization installs it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Kept:
    """The answer that an earlier request with the same idempotency key got."""

    fingerprint: str
    status: int
    headers: dict[str, str]
    body: str


class Keeper(Protocol):
    """What core.organization offers to the API."""

    def token_of(self, secret: str) -> Any:
        """The valid token with this secret (`user`, `pk`), or None."""

    def narrowed(self, token: Any) -> AbstractContextManager[None]:
        """Inside, the token's user holds only the permissions that the token names."""

    def factor_is_due(self, user: Any) -> bool:
        """Whether the person must set up a second factor before anything else."""

    def kept_answer(self, user: Any, key: str) -> Kept | None:
        """The answer that is stored under the user's idempotency key."""

    def claim_key(self, user: Any, key: str, fingerprint: str) -> bool:
        """Take the key in the running transaction; False when somebody else had it. Waits for a twin to end."""

    def keep_answer(self, user: Any, key: str, kept: Kept) -> None:
        """Store the answer under the claimed key, in the transaction of its deed."""

    def release_key(self, user: Any, key: str) -> None:
        """Give a claimed key back: the deed was refused, and may be asked for again."""


_keepers: list[Keeper] = []


def install_keeper(keeper: Keeper) -> None:
    """Put the keeper in place; core.organization does it while Django starts."""
    _keepers[:] = [keeper]


def keeper() -> Keeper:
    """The installed keeper."""
    if not _keepers:
        raise ImproperlyConfigured("no keeper: core.organization must call core.web.keeping.install_keeper()")
    return _keepers[0]
