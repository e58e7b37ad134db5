"""The API of attached files; they are attached by the operation of the record that they belong to."""

from __future__ import annotations

from core.files import views
from core.web.api import download

urlpatterns = [download("attachments/<int:pk>/file/", views.AttachmentDownload, name="attachment_download")]
