"""Start-up of every Trueline app: the one place that loads rules, reactions and answers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

WIRED_MODULES = ("lifecycle", "events", "questions", "guards", "services", "subscribers", "answers", "tasks")


class TruelineAppConfig(AppConfig):
    """Base of every app of the project; loads the app's wired modules by name when Django is ready."""

    default_auto_field = "django.db.models.BigAutoField"
    default = False  # Django would otherwise take this base for the config of every app that imports it

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True

    def ready(self) -> None:
        if self.module is None:
            return
        for name in WIRED_MODULES:
            if module_has_submodule(self.module, name):
                import_module(f"{self.name}.{name}")


class KernelConfig(TruelineAppConfig):
    name = "core.kernel"
    label = "core_kernel"
    verbose_name = _("Kernel")

    def ready(self) -> None:
        super().ready()
        import_module("core.kernel.checks")
