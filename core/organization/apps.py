from importlib import import_module

from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig
from core.web import access
from core.web.keeping import install_keeper


class OrganizationConfig(TruelineAppConfig):
    name = "core.organization"
    label = "core_organization"
    verbose_name = _("People and places")

    def ready(self) -> None:
        super().ready()
        access.install(import_module("core.organization.queries"))
        install_keeper(import_module("core.organization.services.api").Keeper())
        # A sign-in is an event of the trail, not a change of the person's record.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
