from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class CapaConfig(TruelineAppConfig):
    name = "qms.capa"
    label = "qms_capa"
    verbose_name = _("Corrective and preventive action")
