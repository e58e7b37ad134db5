from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class ExecutionConfig(TruelineAppConfig):
    name = "mes.execution"
    label = "mes_execution"
    verbose_name = _("Execution")
