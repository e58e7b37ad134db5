"""The API of production records."""

from __future__ import annotations

from typing import Any

from core.jobs.models import BackgroundJob
from core.printing.models import PrintedRecord
from core.printing.serializers import PrintedRecordShape
from core.web.api import Reading, deed, reading, records
from mes.production_record import views


class Editions(Reading):
    """The sealed PDFs of a production record, newest first; the file is fetched as a sealed record."""

    page, shape = views.ProductionRecordDetail, PrintedRecordShape

    def read(self, page: Any) -> list[PrintedRecord]:
        return list(page.prints)


urlpatterns = [
    *records(
        "production-records",
        name="productionrecord",
        list=views.ProductionRecordList,
        detail=views.ProductionRecordDetail,
    ),
    reading("production-records/<int:pk>/editions/", Editions, name="printedrecord_list"),
    deed("production-records/<int:pk>/review/", views.ProductionRecordReview, name="productionrecord_review"),
    deed(
        "production-records/<int:pk>/print/",
        views.ProductionRecordPrint,
        name="productionrecord_print",
        returns=BackgroundJob,
        status=202,
    ),
]
