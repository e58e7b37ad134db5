"""Addresses of disposals."""

from django.urls import path

from core.retention import views

app_name = "core_retention"

urlpatterns = [
    path("disposals/", views.DisposalList.as_view(), name="disposal_list"),
    path("disposals/new/", views.DisposalCreate.as_view(), name="disposal_create"),
    path("disposals/<int:pk>/", views.DisposalDetail.as_view(), name="disposal_detail"),
    path("disposals/<int:pk>/<slug:move>/", views.DisposalMove.as_view(), name="disposal_move"),
]
