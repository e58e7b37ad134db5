"""How documents and their revisions look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import FactShape, Shape, ValueShape
from qms.documents.models import (
    ControlledCopy,
    Document,
    DocumentRevision,
    DocumentType,
    EditionCheck,
    ExternalDocument,
    FilledForm,
    LegalHold,
    PeriodicReview,
    Reader,
    RetentionClass,
    ReviewComment,
    RevisionReviewer,
)


class DocumentShape(Shape):
    class Meta:
        model = Document
        fields = (
            "id", "number", "title", "kind", "type", "department", "site", "owner", "next_review_on", "origin",
            "external_id", "version",
        )  # fmt: skip


class DocumentRevisionShape(Shape):
    training_impact = serializers.CharField(help_text="none, read, quiz or ojt; empty until it is decided")

    class Meta:
        model = DocumentRevision
        fields = (
            "id", "document", "revision", "title", "status", "author", "body", "file", "form_fields",
            "change_summary", "training_impact", "training_rationale", "approved_at", "effective_from",
            "effective_until", "version",
        )  # fmt: skip


class DocumentTypeShape(Shape):
    class Meta:
        model = DocumentType
        fields = (
            "id",
            "code",
            "name",
            "kind",
            "scheme",
            "review_mode",
            "reviewers_needed",
            "review_months",
            "copy_hours",
            "retention_class",
            "is_standard",
            "is_active",
            "version",
        )


class RetentionClassShape(Shape):
    class Meta:
        model = RetentionClass
        fields = ("id", "code", "name", "years", "basis", "version")


class LegalHoldShape(Shape):
    class Meta:
        model = LegalHold
        fields = ("id", "document", "reason", "placed_by", "placed_at", "released_by", "released_at", "version")


class ReaderShape(Shape):
    class Meta:
        model = Reader
        fields = ("id", "document", "user", "role", "version")


class RevisionReviewerShape(Shape):
    class Meta:
        model = RevisionReviewer
        fields = ("id", "revision", "reviewer", "position", "version")


class ReviewCommentShape(Shape):
    class Meta:
        model = ReviewComment
        fields = (
            "id",
            "revision",
            "commenter",
            "place",
            "text",
            "answer",
            "explanation",
            "answered_by",
            "answered_at",
            "version",
        )


class PeriodicReviewShape(Shape):
    class Meta:
        model = PeriodicReview
        fields = ("id", "document", "revision", "due_on", "status", "conclusion", "next_due_on", "version")


class ControlledCopyShape(Shape):
    class Meta:
        model = ControlledCopy
        fields = (
            "id",
            "revision",
            "number",
            "holder",
            "issued_by",
            "issued_at",
            "valid_until",
            "sha256",
            "status",
            "version",
        )


class FilledFormShape(Shape):
    class Meta:
        model = FilledForm
        fields = ("id", "revision", "site", "number", "about", "values", "filled_by", "status", "version")


class ExternalDocumentShape(Shape):
    class Meta:
        model = ExternalDocument
        fields = (
            "id",
            "number",
            "title",
            "publisher",
            "edition",
            "place",
            "site",
            "owner",
            "check_months",
            "last_checked_on",
            "next_check_on",
            "is_active",
            "version",
        )


class EditionCheckShape(FactShape):
    class Meta:
        model = EditionCheck
        fields = (
            "id",
            "external_document",
            "latest_edition",
            "used_edition",
            "source",
            "conclusion",
            "actor",
            "stamped_at",
        )


class HitShape(ValueShape):
    """A revision that says what was searched for."""

    revision = serializers.IntegerField(source="revision.pk")
    document = serializers.IntegerField(source="revision.document_id")
    number = serializers.CharField(source="revision.document.number")
    code = serializers.CharField(source="revision.revision")
    title = serializers.CharField(source="revision.title")
    status = serializers.CharField(source="revision.status")
    excerpt = serializers.CharField()


class UseShape(ValueShape):
    """Something that relies on a document."""

    use = serializers.CharField(source="label")
    url = serializers.CharField()


class PieceShape(ValueShape):
    """Words of a comparison."""

    kind = serializers.CharField()
    text = serializers.CharField()


class BlockShape(ValueShape):
    """A line or a row of a table, compared."""

    kind = serializers.CharField()
    is_row = serializers.BooleanField()
    cells = serializers.ListField(child=PieceShape(many=True))


class DueShape(ValueShape):
    """Something that comes due."""

    day = serializers.DateField()
    kind = serializers.CharField()
    about = serializers.CharField(source="label")
    url = serializers.CharField()
    is_overdue = serializers.BooleanField()
