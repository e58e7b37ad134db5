"""Attaching files to records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from django.conf import settings
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core.files import blobs, media
from core.files.models import INLINE_IMAGES, Attachment
from core.files.queries import site_of
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref


def attach(file: BinaryIO, *, to: models.Model, actor: Any, caption: str = "", name: str = "") -> Attachment:
    """Keep a file's bytes as they are and attach them to a record.

    Raises `Blocked` for an empty file, one beyond `TRUELINE_ATTACHMENT_LIMIT`, or a type that may not be attached.
    The bytes are written before the record's transaction; a rollback leaves unreferenced bytes, never a dead reference.
    """
    shown = name or str(getattr(file, "name", "") or "file")
    file.seek(0)
    try:
        media_type = media.detect(file, shown)
        blob = blobs.store(_chunks(file), limit=settings.TRUELINE_ATTACHMENT_LIMIT)
    except media.NotAllowed as found:
        raise Blocked(_refusal_of_type(shown, str(found), is_empty=not file.read(1))) from found
    except blobs.TooLarge as error:
        raise Blocked(
            Blocker(
                "file_too_large",
                _("%(name)s is larger than %(limit)s.")
                % {"name": shown, "limit": filesizeformat(settings.TRUELINE_ATTACHMENT_LIMIT)},
                remedy=_("Reduce the file, or link to where it is kept."),
            )
        ) from error
    return record_attachment(
        to=to, blob=blob, media_type=media_type, name=media.clean_name(shown, media_type), caption=caption, actor=actor
    )


def refuse_other_than_pictures(files: Iterable[BinaryIO]) -> None:
    """Raises `Blocked`, before anything is written, when one of the files is no picture that a browser can show."""
    for file in files:
        name = str(getattr(file, "name", "") or "file")
        try:
            found = media.detect(file, name)
        except media.NotAllowed:
            found = ""
        if found not in INLINE_IMAGES:
            raise Blocked(not_a_picture(name))


def not_a_picture(name: str) -> Blocker:
    """What is said of a file that is given as a picture and is none."""
    return Blocker(
        "not_a_picture",
        _("%(name)s is no picture that a browser can show.") % {"name": name},
        remedy=_("Choose a PNG, JPEG, GIF or WebP file."),
    )


@service
def record_attachment(
    *, to: models.Model, blob: blobs.Blob, media_type: str, name: str, caption: str, actor: Any
) -> Attachment:
    """Record that stored bytes belong to a record; attaching the same bytes again returns the first attachment."""
    reference = subject_ref(to)
    known = Attachment.objects.filter(
        subject_type=reference["subject_type"], subject_id=to.pk, sha256=blob.sha256
    ).first()
    if known is not None:
        return known
    return Attachment.objects.create(
        site=site_of(to),
        sha256=blob.sha256,
        size=blob.size,
        media_type=media_type,
        name=name,
        caption=caption[:300],
        **reference,
    )


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(blobs.BLOCK):
        yield chunk


def _refusal_of_type(name: str, found: str, *, is_empty: bool) -> Blocker:
    if is_empty:
        return Blocker("file_empty", _("%(name)s is empty.") % {"name": name}, remedy=_("Choose the file again."))
    return Blocker(
        "file_type",
        _("%(name)s cannot be attached: its content is %(type)s.") % {"name": name, "type": found},
        remedy=_("Attach pictures, PDF, text, spreadsheets, documents or videos."),
    )
