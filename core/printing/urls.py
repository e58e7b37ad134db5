"""Addresses of sealed records."""

from django.urls import path

from core.printing import views

app_name = "core_printing"

urlpatterns = [
    path("printedrecords/", views.PrintedRecordList.as_view(), name="printedrecord_list"),
    path("printedrecords/<int:pk>/", views.PrintedRecordDetail.as_view(), name="printedrecord_detail"),
    path("printedrecords/<int:pk>/download/", views.PrintedRecordDownload.as_view(), name="printedrecord_download"),
    path("certificate/", views.Certificate.as_view(), name="certificate"),
    path("address-qr/", views.AddressQr.as_view(), name="address_qr"),
]
