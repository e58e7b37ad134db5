"""The one permission of the web kit itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import Permission, declare

VIEW_KIT = "core_web.view_kit"

declare(Permission(VIEW_KIT, _("See the gallery of page components"), ("admin",), gmp=False))
