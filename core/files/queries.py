"""Reading attachments, for whoever may see the record they belong to."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.contrib.contenttypes.models import ContentType
from django.db import models

from core.files import blobs
from core.files.models import Attachment
from core.kernel.permissions import view_permission
from core.organization.models import Area, Site, WorkCenter
from core.organization.queries import may, place_of


def attachments_of(record: models.Model) -> list[Attachment]:
    """The attachments of a record, oldest first."""
    kind = ContentType.objects.get_for_model(record)
    return list(
        Attachment.objects.filter(subject_type=kind, subject_id=record.pk).select_related("actor").order_by("id")
    )


def may_see_record(user: Any, record: models.Model | None) -> bool:
    """Whether the user may see the record, where it is."""
    return record is not None and may(user, view_permission(type(record)), record)


def may_see(user: Any, attachment: Attachment) -> bool:
    """Whether the user may see an attachment: exactly when they may see its record."""
    return may_see_record(user, attachment.subject)


def site_of(record: models.Model) -> Site | None:
    """The site a record belongs to, or None when it is global."""
    place = place_of(record)
    if isinstance(place, WorkCenter):
        return place.area.site
    return place.site if isinstance(place, Area) else place


def open_blob(attachment: Attachment) -> BinaryIO:
    """The bytes of an attachment, checked against its hash; raises `BlobMissing` or `BlobDamaged`."""
    return blobs.open_checked(attachment.sha256)
