from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class WebConfig(TruelineAppConfig):
    name = "core.web"
    label = "core_web"
    verbose_name = _("Web kit")
