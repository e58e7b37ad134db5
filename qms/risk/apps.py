from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class RiskConfig(TruelineAppConfig):
    name = "qms.risk"
    label = "qms_risk"
    verbose_name = _("Risk")
