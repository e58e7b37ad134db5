from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class RetentionConfig(TruelineAppConfig):
    name = "core.retention"
    label = "core_retention"
    verbose_name = _("Retention")
