"""Personal API tokens and the answers that are kept for repeated requests."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.organization.models import ApiAnswer, ApiToken, User
from core.organization.queries import narrowed_to, permissions_of
from core.organization.queries.factors import factor_is_due
from core.organization.services import require
from core.web.keeping import Kept

MAKE = "core_organization.create_apitoken"
LONGEST_DAYS = 366
KEPT = dt.timedelta(days=7)
"""How long a repeated request gets the answer of the first."""
MARK = "tl_"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@service
def create_token(*, name: str, permissions: Iterable[str], days: int, actor: Any) -> tuple[ApiToken, str]:
    """A token for oneself with some of one's permissions. Returns it with its secret, which nobody can read again."""
    require(actor, MAKE)
    wanted = sorted(set(permissions))
    beyond = set(wanted) - permissions_of(actor)
    if not wanted or beyond:
        raise ValidationError({"permissions": _("Choose among the permissions that you hold.")})
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("A token is valid for 1 to %(most)s days.") % {"most": LONGEST_DAYS}})
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        user=actor,
        name=name.strip(),
        permissions=wanted,
        token_hash=_hash(secret),
        expires_at=now() + dt.timedelta(days=days),
    )
    token.full_clean(exclude=["row_version"])
    token.save()
    return token, secret


@service
def revoke_token(*, token: ApiToken, actor: Any, reason: str) -> ApiToken:
    """End a token now: one's own, or as an administrator that of a person in reach."""
    locked = ApiToken.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
    if locked.user_id != actor.pk:
        require(actor, "core_organization.change_user", locked.user)
    if locked.revoked_at is None:
        locked.revoked_at = now()
        locked.save()
    return locked


def revoke_all(user: User) -> None:
    """End every token of a person; part of ending their access."""
    for token in ApiToken.objects.select_for_update().filter(user=user, revoked_at__isnull=True):
        token.revoked_at = now()
        token.save()


class Keeper:
    """What the API's kit asks of this app (core.web.keeping.Keeper)."""

    def token_of(self, secret: str) -> ApiToken | None:
        """The valid token with this secret, of a person who may sign in."""
        return (
            ApiToken.objects.select_related("user")
            .filter(token_hash=_hash(secret), revoked_at__isnull=True, expires_at__gt=now(), user__is_active=True)
            .first()
        )

    def narrowed(self, token: ApiToken) -> AbstractContextManager[None]:
        """Inside, the owner holds only what the token names."""
        return narrowed_to(token.user, token.permissions)

    def factor_is_due(self, user: Any) -> bool:
        """Whether the person must set up a second factor before anything else."""
        return factor_is_due(user)

    def kept_answer(self, user: Any, key: str) -> Kept | None:
        """The stored answer, where the deed of this key is done."""
        row = ApiAnswer.objects.filter(user_id=user.pk, key=key, status__gt=0).first()
        return None if row is None else Kept(row.fingerprint, row.status, row.headers, row.body)

    def claim_key(self, user: Any, key: str, fingerprint: str) -> bool:
        """Insert the row, waiting for a twin that is inserting it; False when the twin committed."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_organization_apianswer (user_id, key, fingerprint, status, headers, body, asked_at)"
                " VALUES (%s, %s, %s, 0, '{}', '', %s) ON CONFLICT (user_id, key) DO NOTHING",
                [user.pk, key, fingerprint, now()],
            )
            return bool(cursor.rowcount)

    def keep_answer(self, user: Any, key: str, kept: Kept) -> None:
        """Complete the claimed row."""
        ApiAnswer.objects.filter(user_id=user.pk, key=key).update(
            status=kept.status, headers=kept.headers, body=kept.body
        )

    def release_key(self, user: Any, key: str) -> None:
        """Take the claimed row away again."""
        ApiAnswer.objects.filter(user_id=user.pk, key=key, status=0).delete()


def forget_answers() -> int:
    """Delete the answers that no repeat can ask for any more."""
    deleted, _kinds = ApiAnswer.objects.filter(asked_at__lt=now() - KEPT).delete()
    return deleted
