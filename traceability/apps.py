from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class TraceabilityConfig(TruelineAppConfig):
    name = "traceability"
    label = "traceability"
    verbose_name = _("Materials and traceability")
