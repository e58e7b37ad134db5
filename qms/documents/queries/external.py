"""External documents and the checks of their editions."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet

from core.kernel.clock import now
from core.worklist.models import Assignment, Kind
from qms.documents.models import EditionCheck, ExternalDocument

ASKED_PER_RUN = 500


def checks_to_ask_for() -> QuerySet[ExternalDocument]:
    """External documents in use whose check is due and that nobody was asked to check yet."""
    asked = Assignment.objects.filter(
        subject_type=ContentType.objects.get_for_model(ExternalDocument),
        subject_id=OuterRef("pk"),
        kind=Kind.REVIEW,
        status=Assignment.Status.OPEN,
    )
    return (
        ExternalDocument.objects.filter(~Exists(asked), is_active=True, next_check_on__lte=now().date())
        .select_related("owner", "site")
        .order_by("next_check_on", "pk")[:ASKED_PER_RUN]
    )


def checks_of(document: ExternalDocument) -> list[EditionCheck]:
    """The checks of an external document, the newest first."""
    return list(document.checks.select_related("actor").order_by("-pk"))
