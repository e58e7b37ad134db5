"""The way from the page of a record to containing what it stands for."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.web.views import Action


def contain_action(kind: str, **given: Any) -> Action:
    """The button that opens the form of a containment with this scope filled in."""
    query = urlencode({"kind": kind, **given})
    address = f"{reverse('traceability:containment_create')}?{query}"
    return Action(_("Contain"), address, "hand", "traceability.place_containment")
