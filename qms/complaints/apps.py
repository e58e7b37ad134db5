from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class ComplaintsConfig(TruelineAppConfig):
    name = "qms.complaints"
    label = "qms_complaints"
    verbose_name = _("Complaints")
