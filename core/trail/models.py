"""What happened that is no change of a row, and the seals over all history and facts (docs/verify-seals.md)."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import GLOBAL, FactModel, SealModel


class TrailEvent(FactModel):
    """One event of the trail; its subject, if any, is named by content type, id and the label of that time."""

    scope_path = GLOBAL

    kind = models.CharField(_("kind"), max_length=60, db_index=True)
    text = models.TextField(_("what happened"), blank=True)
    data = models.JSONField(default=dict, blank=True)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject_label = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("event of the trail")
        verbose_name_plural = _("events of the trail")
        ordering = ("-id",)
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_trailevent_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_label}".strip()


class Seal(SealModel):
    """One batch of the chain: every row of history and facts whose transaction lies in the window.

    `root` is the root of a tree over the sealed tables, `head` the hash over this seal and the head before it.
    An epoch begins where transaction ids begin anew (on another cluster, after a restored dump) and where a physical
    copy was recovered or promoted: PostgreSQL then goes on in a new timeline.
    """

    scope_path = GLOBAL

    number = models.BigIntegerField(_("number"), unique=True)
    epoch = models.PositiveIntegerField(_("epoch"))
    opens_epoch = models.BooleanField(default=False)
    system_identifier = models.CharField(_("cluster"), max_length=20)
    timeline = models.PositiveIntegerField(_("timeline"))
    tx_from = models.BigIntegerField()
    tx_to = models.BigIntegerField()
    rows = models.BigIntegerField(_("rows"))
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    head = models.CharField(_("head"), max_length=64, unique=True)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        ordering = ("-number",)
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"{self.number} · {self.head[:16]}"

    def get_absolute_url(self) -> str:
        return reverse("core_trail:seal_detail", args=[self.pk])


class SealedTable(SealModel):
    """The rows of one table in one seal, with the columns that were hashed."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="tables")
    table = models.CharField(_("table"), max_length=63)
    columns = models.JSONField()
    rows = models.BigIntegerField(_("rows"))
    root = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("sealed table")
        verbose_name_plural = _("sealed tables")
        ordering = ("table",)
        constraints = (models.UniqueConstraint(fields=["seal", "table"], name="uq_sealedtable_seal_table"),)

    def __str__(self) -> str:
        return f"{self.table} ({self.rows})"


class SealedRows(SealModel):
    """Up to some thousand rows of a sealed table: for each its key (8 bytes) and its leaf hash (32), by key."""

    part = models.ForeignKey(SealedTable, on_delete=models.PROTECT, related_name="chunks")
    table = models.CharField(max_length=63)
    first_key = models.BigIntegerField()
    last_key = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    entries = models.BinaryField()

    class Meta:
        verbose_name = _("sealed rows")
        verbose_name_plural = _("sealed rows")
        ordering = ("first_key", "id")
        indexes = (models.Index(fields=["table", "first_key"], name="ix_sealedrows_table_key"),)

    def __str__(self) -> str:
        return f"{self.table} {self.first_key}–{self.last_key}"


class TimeStamp(SealModel):
    """A time stamp of an outside authority (RFC 3161) over the head of a seal."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="time_stamps")
    authority = models.CharField(_("authority"), max_length=300)
    token = models.BinaryField()
    stamped_at = models.DateTimeField(_("time of the authority"))

    class Meta:
        verbose_name = _("time stamp")
        verbose_name_plural = _("time stamps")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.seal_id} {self.stamped_at:%Y-%m-%d %H:%M:%S}"
