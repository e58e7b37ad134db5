"""The API of production records."""

from __future__ import annotations

from core.web.api import deed, records
from mes.production_record import views

urlpatterns = [
    *records(
        "production-records",
        name="productionrecord",
        list=views.ProductionRecordList,
        detail=views.ProductionRecordDetail,
    ),
    deed("production-records/<int:pk>/review/", views.ProductionRecordReview, name="productionrecord_review"),
    deed("production-records/<int:pk>/print/", views.ProductionRecordPrint, name="productionrecord_print"),
]
