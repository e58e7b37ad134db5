"""Attaching files to records."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import structlog
from django.conf import settings
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core.files import blobs, media, scanning
from core.files.models import INLINE_IMAGES, Attachment
from core.files.queries import site_of
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.web.outages import is_no_room

log = structlog.get_logger("trueline.files")


def attach(file: BinaryIO, *, to: models.Model, actor: Any, caption: str = "", name: str = "") -> Attachment:
    """Keep a file's bytes as they are and attach them to a record.

    Raises `Blocked` for an empty file, one beyond `TRUELINE_ATTACHMENT_LIMIT`, a type that may not be attached, what
    the virus scanner finds or cannot check, and where there is no room; nothing is kept then.
    The bytes are written before the record's transaction; a rollback leaves unreferenced bytes, never a dead reference.
    """
    shown = name or str(getattr(file, "name", "") or "file")
    file.seek(0)
    try:
        media_type = media.detect(file, shown)
        _refuse_too_large(file, shown)
        _refuse_infected(file, shown)
        blob = blobs.store(_chunks(file), limit=settings.TRUELINE_ATTACHMENT_LIMIT)
    except media.NotAllowed as found:
        raise Blocked(_refusal_of_type(shown, str(found), is_empty=not file.read(1))) from found
    except blobs.TooLarge as error:
        raise Blocked(_too_large(shown)) from error
    except OSError as error:
        if not is_no_room(error):
            raise
        log.error("there is no room for an attachment", error=str(error))
        raise Blocked(
            Blocker(
                "no_room",
                _("There is no room left to keep %(name)s. Nothing of it was kept.") % {"name": shown},
                remedy=_("Tell your administrator, and attach it again when there is room."),
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


def _refuse_too_large(file: BinaryIO, name: str) -> None:
    """Before the scanner gets it: the size of what has arrived is known."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > settings.TRUELINE_ATTACHMENT_LIMIT:
        raise Blocked(_too_large(name))


def _too_large(name: str) -> Blocker:
    return Blocker(
        "file_too_large",
        _("%(name)s is larger than %(limit)s.")
        % {"name": name, "limit": filesizeformat(settings.TRUELINE_ATTACHMENT_LIMIT)},
        remedy=_("Reduce the file, or link to where it is kept."),
    )


def _refuse_infected(file: BinaryIO, name: str) -> None:
    try:
        scanning.scan(file)
    except scanning.Infected as found:
        log.warning("an infected file was refused", found=str(found))
        raise Blocked(
            Blocker(
                "file_infected",
                _("%(name)s is not kept: the virus scanner found %(found)s in it.") % {"name": name, "found": found},
                remedy=_("Have the device checked that it came from."),
            )
        ) from found
    except scanning.NotScanned as reason:
        log.error("a file could not be checked for viruses", reason=str(reason))
        if settings.TRUELINE_SCANNER_REQUIRED:
            raise Blocked(
                Blocker(
                    "file_not_scanned",
                    _("%(name)s is not kept: it could not be checked for viruses.") % {"name": name},
                    remedy=_("Try again in some minutes. If it stays so, tell your administrator."),
                )
            ) from reason


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
