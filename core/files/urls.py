"""Addresses of attachments."""

from django.urls import path

from core.files import views

app_name = "core_files"

urlpatterns = [
    path("attachments/<int:pk>/download/", views.AttachmentDownload.as_view(), name="attachment_download"),
    path("attachments/<int:pk>/thumbnail/", views.AttachmentThumbnail.as_view(), name="attachment_thumbnail"),
]
