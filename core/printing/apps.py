from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class PrintingConfig(TruelineAppConfig):
    name = "core.printing"
    label = "core_printing"
    verbose_name = _("Printing")
