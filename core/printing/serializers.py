"""How sealed records look in the API."""

from __future__ import annotations

from core.printing.models import PrintedRecord
from core.web.api import FactShape


class PrintedRecordShape(FactShape):
    class Meta:
        model = PrintedRecord
        fields = (
            "id", "site", "kind", "edition", "number", "title", "state", "subject_label", "sealed_at", "actor", "pages",
            "size", "sha256", "content_sha256", "certificate_fingerprint",
        )  # fmt: skip
