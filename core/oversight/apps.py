from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class OversightConfig(TruelineAppConfig):
    name = "core.oversight"
    label = "core_oversight"
    verbose_name = _("Oversight")
