"""What the page for signing in shows of this installation."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.urls import reverse

from core.organization.services import provider, saml
from core.organization.services.first_run import is_pending

register = template.Library()


@register.simple_tag
def provider_door() -> tuple[str, str] | None:
    """The name of the identity provider to which one is sent, and the way to it; None where there is none."""
    if provider.is_configured():
        return settings.TRUELINE_OIDC_NAME, reverse("core_organization:provider_start")
    if saml.is_configured():
        return settings.TRUELINE_SAML_NAME, reverse("core_organization:saml_start")
    return None


@register.simple_tag
def nobody_yet() -> bool:
    """Whether nobody has an account here yet: the first run comes first."""
    return is_pending()
