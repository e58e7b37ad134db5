from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class TrainingConfig(TruelineAppConfig):
    name = "qms.training"
    label = "qms_training"
    verbose_name = _("Training")
