from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class DocumentsConfig(TruelineAppConfig):
    name = "qms.documents"
    label = "qms_documents"
    verbose_name = _("Documents")
