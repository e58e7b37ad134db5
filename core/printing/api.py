"""The API of sealed records: found by their kind and number, fetched as PDF."""

from __future__ import annotations

from core.printing import views
from core.web.api import download, records

urlpatterns = [
    *records("printed-records", name="printedrecord", list=views.PrintedRecordList, detail=views.PrintedRecordDetail),
    download(
        "printed-records/<int:pk>/file/",
        views.PrintedRecordDownload,
        name="printedrecord_download",
        media_type="application/pdf",
    ),
]
