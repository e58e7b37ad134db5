"""What trends tell of themselves and of the apps below: what was shipped, and that an alarm may lead to a CAPA."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from core.kernel.wiring import answers
from core.organization.models import Site
from qms.capa.models import CapaSource
from qms.capa.questions import SourceKind, SourceKinds
from qms.reporting.models import TrendAlarm
from qms.reporting.queries.charts import SHIPPED, shipped
from qms.reporting.questions import VolumeKind, VolumeKinds


@answers(VolumeKinds)
def what_was_shipped(question: VolumeKinds) -> Iterator[VolumeKind]:
    """Shipments lie lower; what they come to by month is known here."""
    yield VolumeKind(SHIPPED, _("pieces shipped"), shipped)


def _by_number(site: Site, number: str) -> list[TrendAlarm]:
    return list(TrendAlarm.objects.filter(site=site, number__iexact=number.strip()).select_related("rule")[:5])


@answers(SourceKinds)
def alarms_raise_capas(question: SourceKinds) -> Iterator[SourceKind]:
    """What more than chance explains may have a cause that can be removed."""
    yield SourceKind(CapaSource.Kind.TREND, _("Trend alarm"), TrendAlarm, _by_number)
