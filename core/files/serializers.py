"""How attached files look in the API."""

from __future__ import annotations

from core.files.models import Attachment
from core.web.api import FactShape


class AttachmentShape(FactShape):
    class Meta:
        model = Attachment
        fields = (
            "id", "subject_id", "subject_label", "site", "name", "caption", "media_type", "size", "sha256", "actor",
            "stamped_at",
        )  # fmt: skip
