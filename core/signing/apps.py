from importlib import import_module

from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig
from core.web import slots


class SigningConfig(TruelineAppConfig):
    name = "core.signing"
    label = "core_signing"
    verbose_name = _("Signatures")

    def ready(self) -> None:
        super().ready()
        views, lifecycle = import_module("core.signing.views"), import_module("core.signing.lifecycle")
        slots.install_signer(
            slots.Signer(
                views.is_first_signing, views.asked_of, views.identify, views.identify_second, lifecycle.MEANINGS
            )
        )
