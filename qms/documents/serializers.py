"""How documents and their revisions look in the API."""

from __future__ import annotations

from core.web.api import Shape
from qms.documents.models import Document, DocumentRevision


class DocumentShape(Shape):
    class Meta:
        model = Document
        fields = ("id", "number", "title", "kind", "site", "owner", "origin", "external_id", "version")


class DocumentRevisionShape(Shape):
    class Meta:
        model = DocumentRevision
        fields = (
            "id", "document", "revision", "title", "status", "author", "body", "change_summary", "approved_at",
            "effective_from", "effective_until", "version",
        )  # fmt: skip
