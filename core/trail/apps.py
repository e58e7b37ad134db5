from __future__ import annotations

from typing import Any

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class TrailConfig(TruelineAppConfig):
    name = "core.trail"
    label = "core_trail"
    verbose_name = _("Trail")

    def ready(self) -> None:
        super().ready()
        # post_migrate is the only writer of triggers and grants, from the registry of models.
        post_migrate.connect(_protect_tables, sender=self)


def _protect_tables(sender: Any, using: str, **kwargs: Any) -> None:
    from core.trail.services import enforcement  # noqa: PLC0415 - models are not ready when this module loads

    enforcement.protect_all(using)
