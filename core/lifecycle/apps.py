from importlib import import_module

from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig
from core.web import slots


class LifecycleConfig(TruelineAppConfig):
    name = "core.lifecycle"
    label = "core_lifecycle"
    verbose_name = _("Lifecycle engine")

    def ready(self) -> None:
        super().ready()
        queries, services = import_module("core.lifecycle.queries"), import_module("core.lifecycle.services")
        slots.install_mover(slots.Mover(queries.available_moves, services.make_move, queries.visited))
