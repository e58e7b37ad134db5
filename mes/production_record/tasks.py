"""Rendering a production record; slow, so it is a background job."""

from __future__ import annotations

from core.jobs.services import JobHandle
from core.kernel.wiring import job
from core.printing.services import print_record
from core.web.slots import timeline
from mes.production_record.models import ProductionRecord
from mes.production_record.queries import as_data, content_of


@job("mes_production_record.print")
def print_production_record(*, job: JobHandle, production_record_id: int) -> None:
    """Render, seal and store the record; the same content again gives the stored print."""
    record = ProductionRecord.objects.select_related(
        "order__site", "order__material__uom", "order__routing_revision__routing", "lot"
    ).get(pk=production_record_id)
    content = content_of(record)
    trail = sorted(
        [*timeline(record, 500), *timeline(record.order, 500), *timeline(record.lot, 500)], key=lambda one: one.at
    )
    printed = print_record(
        record,
        template="mes/production_record/print/record.html",
        context={"content": content, "trail": trail},
        data=as_data(content),
        actor=job.actor,
        kind="production-record",
        title=str(record.order.material),
        job=job,
    )
    job.result_page(printed.get_absolute_url())
