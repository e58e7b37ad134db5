from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class CalibrationConfig(TruelineAppConfig):
    name = "qms.calibration"
    label = "qms_calibration"
    verbose_name = _("Calibration")
