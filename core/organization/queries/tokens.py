"""The personal tokens of the API."""

from __future__ import annotations

from django.db import models

from core.kernel.clock import now
from core.organization.models import ApiToken, User


def tokens_of(person: User) -> models.QuerySet[ApiToken]:
    """The person's API tokens, the newest first."""
    return ApiToken.objects.filter(user=person).order_by("-pk")


def running_tokens(person: User) -> models.QuerySet[ApiToken]:
    """Those that neither were revoked nor have expired."""
    return tokens_of(person).filter(revoked_at__isnull=True, expires_at__gt=now())
