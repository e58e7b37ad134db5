"""The API of sealed records, printers and the print queue."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase

from core.printing import views
from core.printing.models import Printer, PrinterDefault, PrintJob
from core.printing.views import printers
from core.web.api import deed, download, moves, records


class Document(printers.PrintJobDocument):
    """The PDF of a print, for who asked for it; refused in words where it is not handed out, or not any more."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.handed_out(request)


urlpatterns = [
    *records("printed-records", name="printedrecord", list=views.PrintedRecordList, detail=views.PrintedRecordDetail),
    download(
        "printed-records/<int:pk>/file/",
        views.PrintedRecordDownload,
        name="printedrecord_download",
        media_type="application/pdf",
    ),
    *records(
        "printers",
        name="printer",
        list=printers.PrinterList,
        create=printers.PrinterCreate,
        detail=printers.PrinterDetail,
        change=printers.PrinterChange,
    ),
    deed("printers/<int:pk>/use/", printers.PrinterUse, name="printer_use", returns=PrinterDefault, status=201),
    deed("printers/<int:pk>/test/", printers.PrinterTest, name="printer_test", returns=PrintJob, status=201),
    deed("printer-uses/<int:pk>/end/", printers.PrinterUseEnd, name="printerdefault_end", returns=Printer),
    *records("print-jobs", name="printjob", list=printers.PrintJobList, detail=printers.PrintJobDetail),
    *moves("print-jobs/<int:pk>/", printers.PrintJobMove, name="printjob"),
    download(
        "print-jobs/<int:pk>/document/",
        Document,
        name="printjob_document",
        media_type="application/pdf",
    ),
]
