"""Files that belong to records: who attached which bytes to what, and when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel, SubjectRefMixin

INLINE_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""Types that a browser may show in the page; everything else is downloaded."""


class Attachment(SubjectRefMixin, FactModel):
    """A file attached to a record, addressed by the SHA-256 of its bytes and kept exactly as it arrived.

    Pictures keep their EXIF data: the bytes are evidence. Who may see the record may see its attachments.
    """

    scope_path = "site"
    signed_by = "sha256"
    """A record that names a file is signed with this column of it, not with its number."""

    site = models.ForeignKey("core_organization.Site", on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    size = models.BigIntegerField(_("size"))
    media_type = models.CharField(_("type"), max_length=120)
    name = models.CharField(_("file name"), max_length=160)
    caption = models.CharField(_("caption"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="ck_attachment_sha256", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(name="ck_attachment_size", condition=Q(size__gt=0)),
        )
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_attachment_subject"),)

    def __str__(self) -> str:
        return self.caption or self.name

    def get_absolute_url(self) -> str:
        return reverse("core_files:attachment_download", args=[self.pk])

    @property
    def filename(self) -> str:
        """The name that pages show beside the caption."""
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a browser may show it in a page."""
        return self.media_type in INLINE_IMAGES
