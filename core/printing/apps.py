from importlib import import_module

from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig
from core.web import slots


class PrintingConfig(TruelineAppConfig):
    name = "core.printing"
    label = "core_printing"
    verbose_name = _("Printing")

    def ready(self) -> None:
        super().ready()
        slots.install_list_printer(import_module("core.printing.views").print_list_page)
