"""Addresses of sealed records, printers and the print queue."""

from django.urls import path

from core.printing import views
from core.printing.views import printers

app_name = "core_printing"

urlpatterns = [
    path("printedrecords/", views.PrintedRecordList.as_view(), name="printedrecord_list"),
    path("printedrecords/<int:pk>/", views.PrintedRecordDetail.as_view(), name="printedrecord_detail"),
    path("printedrecords/<int:pk>/download/", views.PrintedRecordDownload.as_view(), name="printedrecord_download"),
    path("certificate/", views.Certificate.as_view(), name="certificate"),
    path("address-qr/", views.AddressQr.as_view(), name="address_qr"),
    path("printers/", printers.PrinterList.as_view(), name="printer_list"),
    path("printers/create/", printers.PrinterCreate.as_view(), name="printer_create"),
    path("printers/<int:pk>/", printers.PrinterDetail.as_view(), name="printer_detail"),
    path("printers/<int:pk>/change/", printers.PrinterChange.as_view(), name="printer_change"),
    path("printers/<int:pk>/use/", printers.PrinterUse.as_view(), name="printer_use"),
    path("printers/<int:pk>/test/", printers.PrinterTest.as_view(), name="printer_test"),
    path("printer-uses/<int:pk>/end/", printers.PrinterUseEnd.as_view(), name="printerdefault_end"),
    path("printjobs/", printers.PrintJobList.as_view(), name="printjob_list"),
    path("printjobs/<int:pk>/", printers.PrintJobDetail.as_view(), name="printjob_detail"),
    path("printjobs/<int:pk>/document/", printers.PrintJobDocument.as_view(), name="printjob_document"),
    path("printjobs/<int:pk>/<slug:move>/", printers.PrintJobMove.as_view(), name="printjob_move"),
]
