"""Records as sealed PDF files."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel, SubjectRefMixin

# Crockford's alphabet without i, l, o, u: a token can be read aloud and typed from paper.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_token() -> str:
    """An address nobody guesses (100 random bits), short enough for a small QR code."""
    return "".join(secrets.choice(_ALPHABET) for _position in range(20))


class PrintedRecord(SubjectRefMixin, FactModel):
    """A record as it was rendered, sealed and stored once; asking again for the same content returns this one.

    `content_sha256` is the hash of the attached JSON, `sha256` that of the sealed file. A changed record gives a
    further edition; earlier ones stay.
    """

    scope_path = "site"

    site = models.ForeignKey("core_organization.Site", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.SlugField(_("kind"), max_length=60)
    kind_label = models.CharField(_("kind of record"), max_length=120)
    edition = models.PositiveIntegerField(_("edition"))
    number = models.CharField(_("number"), max_length=80, db_index=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    state = models.CharField(_("state when printed"), max_length=80, blank=True)
    token = models.CharField(max_length=20, unique=True, default=new_token)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True)
    size = models.BigIntegerField(_("size"))
    pages = models.PositiveIntegerField(_("pages"))
    content_sha256 = models.CharField(_("SHA-256 of the data"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))
    certificate_fingerprint = models.CharField(_("certificate"), max_length=64)
    job = models.ForeignKey("core_jobs.BackgroundJob", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("printed record")
        verbose_name_plural = _("printed records")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind", "content_sha256"], name="uq_printedrecord_content"
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind", "edition"], name="uq_printedrecord_edition"
            ),
            models.CheckConstraint(name="ck_printedrecord_sha256", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
        )

    def __str__(self) -> str:
        return f"{self.kind_label} {self.number} ({self.edition})"

    def get_absolute_url(self) -> str:
        return reverse("core_printing:printedrecord_detail", args=[self.pk])

    @property
    def file_name(self) -> str:
        """The name under which people download it."""
        number = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in self.number)
        return f"{self.kind}_{number}_{self.edition}.pdf"

    def get_verify_url(self) -> str:
        """The public page that says what this record is and checks a file against it."""
        return reverse("verify_record", args=[self.token])
