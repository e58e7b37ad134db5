from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class InstructionsConfig(TruelineAppConfig):
    name = "mes.instructions"
    label = "mes_instructions"
    verbose_name = _("Work instructions")
