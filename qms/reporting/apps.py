from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class ReportingConfig(TruelineAppConfig):
    name = "qms.reporting"
    label = "qms_reporting"
    verbose_name = _("Trends and reports")
