"""What the page for signing in shows of this installation."""

from __future__ import annotations

from django import template
from django.conf import settings

from core.organization.services.first_run import is_pending
from core.organization.services.provider import is_configured

register = template.Library()


@register.simple_tag
def provider_name() -> str:
    """The name of the identity provider, or "" where none is configured."""
    return str(settings.TRUELINE_OIDC_NAME) if is_configured() else ""


@register.simple_tag
def nobody_yet() -> bool:
    """Whether nobody has an account here yet: the first run comes first."""
    return is_pending()
