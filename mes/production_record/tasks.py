"""Rendering a production record; slow, so it is a background job."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.jobs.services import JobHandle
from core.kernel.errors import Blocked
from core.kernel.wiring import job
from core.printing.services import print_record
from mes.production_record.models import ProductionRecord
from mes.production_record.queries import as_data, content_of, trail_of
from mes.production_record.services import not_released


@job("mes_production_record.print")
def print_production_record(*, job: JobHandle, production_record_id: int, edition: int) -> None:
    """Render, seal and store the record; whoever asks again gets the stored print."""
    record = ProductionRecord.objects.select_related(
        "order__site", "order__material__uom", "order__routing_revision__routing", "lot"
    ).get(pk=production_record_id)
    if record.status != "released":
        raise Blocked(not_released(record))
    content = content_of(record)
    trail = trail_of(content)
    printed = print_record(
        record,
        template="mes/production_record/print/record.html",
        context={"content": content, "trail": trail},
        data=as_data(content, trail),
        actor=job.actor,
        kind="production-record",
        title=_("Lot %(lot)s · %(material)s") % {"lot": record.lot.number, "material": record.order.material},
        edition=edition,
        job=job,
    )
    job.result_page(printed.get_absolute_url())
