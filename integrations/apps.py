from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class IntegrationsConfig(TruelineAppConfig):
    name = "integrations"
    label = "integrations"
    verbose_name = _("Integrations")
