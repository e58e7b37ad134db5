"""Handing out attachments: never as something a browser would run."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import structlog
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.files import blobs
from core.files.models import Attachment
from core.files.queries import may_see, open_blob
from core.files.thumbnails import NoThumbnail, thumbnail
from core.web.access import Access, PageMixin
from core.web.views import found_in

log = structlog.get_logger("trueline.files")

SANDBOX = "sandbox; default-src 'none'; style-src 'none'; script-src 'none'; frame-ancestors 'none'"


def harden(response: HttpResponseBase) -> HttpResponseBase:
    """Make a served file inert: no sniffing, no scripts, no place in somebody's frame, no shared cache."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def damaged(request: HttpRequest, sha256: str) -> HttpResponse:
    """Say that the stored bytes are gone or differ from their hash; they are never handed out as if they were whole."""
    log.error("a stored file is missing or damaged", sha256=sha256)
    context = {"title": _("This file is damaged"), "sha256": sha256}
    return render(request, "core/files/attachment_damaged.html", context, status=500)


class AttachmentPage(PageMixin):
    """Base: the attachment of the address, for whoever may see its record; 404 for everybody else."""

    access: ClassVar[Access] = Access.SIGNED_IN

    @cached_property
    def attachment(self) -> Attachment:
        """The attachment, or 404."""
        return found_in(
            Attachment.objects.select_related("subject_type"),
            self.kwargs["pk"],
            _("There is no such file here."),
            allowed=lambda found: may_see(self.request.user, found),
        )


class AttachmentDownload(AttachmentPage):
    """The bytes as they arrived; pictures may be shown in the page with `?inline=1`, all else is saved."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        attachment = self.attachment
        try:
            file = open_blob(attachment)
        except (blobs.BlobMissing, blobs.BlobDamaged):
            return damaged(request, attachment.sha256)
        inline = attachment.is_picture and request.GET.get("inline") == "1"
        response = FileResponse(
            file, as_attachment=not inline, filename=attachment.name, content_type=attachment.media_type
        )
        response["ETag"] = f'"{attachment.sha256}"'
        return harden(response)


class AttachmentThumbnail(AttachmentPage):
    """A small picture of an attached one."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            content = thumbnail(self.attachment.sha256)
        except (NoThumbnail, blobs.BlobMissing, blobs.BlobDamaged) as error:
            raise Http404(_("There is no small picture of this file.")) from error
        return harden(HttpResponse(content, content_type="image/webp"))
