from django.utils.translation import gettext_lazy as _

from core.kernel.apps import TruelineAppConfig


class ProductionRecordConfig(TruelineAppConfig):
    name = "mes.production_record"
    label = "mes_production_record"
    verbose_name = _("Production records")
