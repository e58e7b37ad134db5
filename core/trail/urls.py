"""Addresses of the seals."""

from django.urls import path

from core.trail import views

app_name = "core_trail"

urlpatterns = [
    path("seals/", views.SealList.as_view(), name="seal_list"),
    path("seals/export/", views.SealExport.as_view(), name="seal_export"),
    path("seals/verify/", views.SealVerify.as_view(), name="seal_verify"),
    path("seals/<int:pk>/", views.SealDetail.as_view(), name="seal_detail"),
    path("proofs/<slug:table>/<int:key>/", views.Proof.as_view(), name="proof"),
]
