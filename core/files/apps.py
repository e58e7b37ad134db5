from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class FilesConfig(TruelineAppConfig):
    name = "core.files"
    label = "core_files"
    verbose_name = _("Files")
