"""What files tell other apps: digests for signatures, entries of the timeline."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.files.models import Attachment
from core.files.queries import attachments_of
from core.kernel.wiring import answers
from core.signing.questions import AttachmentDigests
from core.web.questions import TimelineEntry, TimelineOf


@answers(AttachmentDigests)
def digests(question: AttachmentDigests) -> Iterable[tuple[int, str]]:
    """The SHA-256 of every file attached to the records."""
    app_label, model = question.record_label.split(".")
    yield from Attachment.objects.filter(
        subject_type__app_label=app_label, subject_type__model=model, subject_id__in=question.record_ids
    ).values_list("subject_id", "sha256")


@answers(TimelineOf)
def attached(question: TimelineOf) -> Iterable[TimelineEntry]:
    """When files were attached, and by whom."""
    for attachment in attachments_of(question.record)[-question.limit :]:
        yield TimelineEntry(
            at=attachment.stamped_at,
            title=_("File attached: %(name)s") % {"name": attachment.name},
            who=str(attachment.actor),
            detail=attachment.caption,
            url=attachment.get_absolute_url(),
        )
