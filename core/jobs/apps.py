from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class JobsConfig(TruelineAppConfig):
    name = "core.jobs"
    label = "core_jobs"
    verbose_name = _("Background jobs")
