"""Records as sealed PDF files; printers and what is sent to them."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel, SubjectRefMixin, TrailedModel
from core.printing.labels import DOTS_PER_MM, STANDARD_DPMM
from core.printing.lifecycle import PRINT_JOB

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


class Printer(TrailedModel):
    """A label printer of a site, by the address at which it takes ZPL (raw TCP)."""

    scope_path = "site"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="printers"
    )
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=253, help_text=_("IP address or host name"))
    port = models.PositiveIntegerField(_("port"), default=9100)
    dpmm = models.PositiveSmallIntegerField(
        _("dots in a millimetre"), choices=[(one, str(one)) for one in DOTS_PER_MM], default=STANDARD_DPMM
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("printer")
        verbose_name_plural = _("printers")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=["site", "code"], name="uq_printer_site_code"),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="ck_printer_port"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("core_printing:printer_detail", args=[self.pk])


class PrinterDefault(TrailedModel):
    """The printer that a terminal, a work center or, with neither, a whole site prints to unless told otherwise."""

    scope_path = "site"
    view_permission = "core_printing.view_printer"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    work_center = models.OneToOneField(
        "core_organization.WorkCenter",
        verbose_name=_("work center"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="default_printer",
    )
    terminal = models.OneToOneField(
        "core_organization.Terminal",
        verbose_name=_("terminal"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="default_printer",
    )
    printer = models.ForeignKey(Printer, verbose_name=_("printer"), on_delete=models.PROTECT, related_name="default_of")

    class Meta:
        verbose_name = _("use of a printer")
        verbose_name_plural = _("uses of printers")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(work_center__isnull=True, terminal__isnull=True),
                name="uq_printerdefault_site",
            ),
            models.CheckConstraint(
                condition=Q(work_center__isnull=True) | Q(terminal__isnull=True), name="ck_printerdefault_place"
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} → {self.printer}"

    def get_absolute_url(self) -> str:
        return self.printer.get_absolute_url()

    @property
    def place(self) -> models.Model:
        """Where it is the default: the terminal, the work center or the site."""
        return self.terminal or self.work_center or self.site


class PrintJob(SubjectRefMixin, TrailedModel):
    """A document on its way to a printer, or, without one, a PDF that is handed out to who asked for it.

    `may_have_printed`: some of it reached the printer, or nobody can know; then it is sent again only with a reason.
    """

    scope_path = "site"
    lifecycle = PRINT_JOB

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    printer = models.ForeignKey(
        Printer, verbose_name=_("printer"), on_delete=models.PROTECT, null=True, blank=True, related_name="jobs"
    )
    title = models.CharField(_("title"), max_length=300)
    labels = models.PositiveIntegerField(_("labels"))
    media_type = models.CharField(_("kind of file"), max_length=60)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    size = models.BigIntegerField(_("size"))
    asked_by = models.ForeignKey(
        "core_organization.User", verbose_name=_("asked for by"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for at"))
    problem = models.TextField(_("what went wrong"), blank=True, default="")
    may_have_printed = models.BooleanField(_("may have been printed"), default=False)
    status = PRINT_JOB.field()

    class Meta:
        verbose_name = _("print job")
        verbose_name_plural = _("print jobs")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(labels__gte=1), name="ck_printjob_labels"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="ck_printjob_sha256"),
        )
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_printjob_subject"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("core_printing:printjob_detail", args=[self.pk])
