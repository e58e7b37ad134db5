"""Addresses of those who watch over the system."""

from django.urls import path

from core.oversight import views

app_name = "core_oversight"

urlpatterns = [
    path("trail/", views.Trail.as_view(), name="trail"),
    path("trail/export/", views.TrailExport.as_view(), name="trail_export"),
    path("trail/exports/", views.TrailExportList.as_view(), name="trail_exports"),
]
