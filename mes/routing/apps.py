from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class RoutingConfig(TruelineAppConfig):
    name = "mes.routing"
    label = "mes_routing"
    verbose_name = _("Routings")
