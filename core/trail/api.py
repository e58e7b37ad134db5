"""The API of the seals: the chain, its export, a verification as background work, the proof of a row."""

from __future__ import annotations

from typing import Any

from core.trail import views
from core.trail.models import SealedTable
from core.trail.serializers import SealedTableShape, VerificationShape
from core.web.api import Reading, deed, download, reading, records


class Tables(Reading):
    """The tables that a seal holds, each with its root."""

    page, shape = views.SealDetail, SealedTableShape

    def read(self, page: Any) -> list[SealedTable]:
        return list(page.record.tables.order_by("table"))


urlpatterns = [
    *records("seals", name="seal", list=views.SealList, detail=views.SealDetail),
    reading("seals/<int:pk>/tables/", Tables, name="sealedtable_list"),
    download("seals/export/", views.SealExport, name="seal_export", media_type="application/jsonl"),
    deed("seals/verify/", views.SealVerify, name="seal_verify", shape=VerificationShape, status=202),
]
