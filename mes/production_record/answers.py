"""What production records tell the page about a lot, and the figures of quality."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from core.kernel.wiring import answers
from core.lifecycle.models import Transition
from core.organization.queries import scoped
from core.printing.models import PrintedRecord
from core.web.markup import state_of
from mes.execution.models import OperationRun
from mes.production_record.lifecycle import VIEW
from mes.production_record.models import ProductionRecord
from qms.reporting.questions import ReleaseFigures, ReleaseTimes
from traceability.questions import AboutLot, LotLine, LotPart


@answers(AboutLot)
def production_record_of_a_lot(question: AboutLot) -> Iterator[LotPart]:
    """The record of the order that made it, then its sealed editions: whoever may see the record may see these."""
    record = scoped(ProductionRecord.objects.filter(lot=question.lot), question.user, VIEW).first()
    lines = []
    if record is not None:
        lines.append(LotLine(str(record), record.get_absolute_url(), state_of(record)))
        kind = ContentType.objects.get_for_model(ProductionRecord)
        printed = PrintedRecord.objects.filter(subject_type=kind, subject_id=record.pk).order_by("-pk")
        lines += [
            LotLine(str(one), one.get_absolute_url(), one.state, one.sealed_at) for one in printed[: question.limit]
        ]
    yield LotPart("records", _("Production record and its printed editions"), 90, _("No order made it."), lines)


@answers(ReleaseFigures)
def how_long_releases_took(question: ReleaseFigures) -> Iterator[ReleaseTimes]:
    """From the end of the last work on the order to the release of its record, in one statement."""
    span = question.span
    runs = OperationRun.objects.filter(
        order_operation__order__production_record=OuterRef("subject_id"), ended_at__isnull=False
    )
    released = Transition.objects.filter(
        subject_type=ContentType.objects.get_for_model(ProductionRecord),
        move="release",
        stamped_at__gte=span.begins,
        stamped_at__lt=span.until,
        subject_id__in=ProductionRecord.objects.filter(order__site=span.site).values("pk"),
    ).annotate(ended=Subquery(runs.order_by("-ended_at").values("ended_at")[:1]))
    rows = list(released.order_by("pk").values_list("subject_label", "stamped_at", "ended"))
    took = [(label, at - ended) for label, at, ended in rows if ended is not None]
    slowest = tuple(sorted(took, key=lambda one: one[1], reverse=True)[: question.slowest])
    median = statistics.median(time for _label, time in took) if took else None
    number = len({label for label, _at, _ended in rows})
    yield ReleaseTimes(number, median, "mes_production_record:productionrecord_list", slowest)
