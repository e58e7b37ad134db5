from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class ChangesConfig(TruelineAppConfig):
    name = "qms.changes"
    label = "qms_changes"
    verbose_name = _("Changes")
