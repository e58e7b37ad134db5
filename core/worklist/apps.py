from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class WorklistConfig(TruelineAppConfig):
    name = "core.worklist"
    label = "core_worklist"
    verbose_name = _("Worklist")
