from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class NonConformanceConfig(TruelineAppConfig):
    name = "qms.nonconformance"
    label = "qms_nonconformance"
    verbose_name = _("Nonconformance")
