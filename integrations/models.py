"""What was imported, from which file, by which mapping, with which result; who signed it, and whether it was undone.

And the events that other parties told of (EPCIS): kept as facts, they change no stock of ours.
"""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel, TrailedModel


class ImportMapping(TrailedModel):
    """How the columns of a foreign file become fields, remembered for the next file with these columns."""

    scope_path = "site"
    view_permission = "integrations.view_importbatch"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    columns = models.JSONField(_("columns of the file"), default=list)
    columns_key = models.CharField(_("digest of the columns"), max_length=64)
    mapping = models.JSONField(_("mapping"), default=dict)

    class Meta:
        ordering = ("kind", "name")
        verbose_name = _("remembered mapping")
        verbose_name_plural = _("remembered mappings")
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "site", "columns_key"], nulls_distinct=False, name="uq_importmapping_columns"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("integrations:importmapping_detail", args=[self.pk])


class ImportApproval(FactModel):
    """What a person signed before an import was applied: the file, the mapping, and what becomes of its rows."""

    scope_path = "site"
    view_permission = "integrations.view_importbatch"
    closure = Closure(
        covers=(
            "site", "kind", "file_name", "file_sha256", "mapping", "rows", "created", "changed", "unchanged", "skipped",
        ),
        ignores={"batch": "what was written afterwards, exactly by what was signed, or not at all"},
    )  # fmt: skip

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    mapping = models.JSONField(_("mapping"), default=dict)
    rows = models.PositiveIntegerField(_("rows"))
    created = models.PositiveIntegerField(_("created"))
    changed = models.PositiveIntegerField(_("changed"))
    unchanged = models.PositiveIntegerField(_("unchanged"))
    skipped = models.PositiveIntegerField(_("skipped"))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("approval of an import")
        verbose_name_plural = _("approvals of imports")

    def __str__(self) -> str:
        return f"{self.kind} · {self.file_name}"


class ImportBatch(FactModel):
    """One applied import: the file's digest, the mapping, and how many rows were created, changed or left.

    `writes` names what was written: per statement the model, the kind of its history ("+", "~", "" for facts) and the
    keys as runs. Without `approval` nobody signed it: it came from the command line.
    """

    scope_path = "site"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=40, db_index=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    mapping = models.JSONField(_("mapping"), default=dict)
    rows = models.PositiveIntegerField(_("rows"))
    created = models.PositiveIntegerField(_("created"))
    changed = models.PositiveIntegerField(_("changed"))
    unchanged = models.PositiveIntegerField(_("unchanged"))
    skipped = models.PositiveIntegerField(_("skipped"))
    writes = models.JSONField(_("what was written"), default=list)
    approval = models.OneToOneField(
        ImportApproval, verbose_name=_("approval"), on_delete=models.PROTECT, null=True, related_name="batch"
    )

    class Meta:
        ordering = ("-id",)
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.kind} · {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("integrations:importbatch_detail", args=[self.pk])

    @property
    def is_signed(self) -> bool:
        """Whether a person signed it; what came from the command line nobody signed."""
        return self.approval_id is not None

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back."""
        return hasattr(self, "undo")


class ImportUndo(FactModel):
    """An import taken back: its new rows removed, its changed rows set back, its bookings reversed."""

    scope_path = "batch__site"
    view_permission = "integrations.view_importbatch"
    closure = Closure(covers=("batch", "reason", "removed", "set_back", "reversed"))

    batch = models.OneToOneField(ImportBatch, verbose_name=_("import"), on_delete=models.PROTECT, related_name="undo")
    reason = models.TextField(_("reason"))
    removed = models.PositiveIntegerField(_("removed"))
    set_back = models.PositiveIntegerField(_("set back"))
    reversed = models.PositiveIntegerField(_("bookings reversed"))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("undone import")
        verbose_name_plural = _("undone imports")

    def __str__(self) -> str:
        return f"{self.batch}"


class EpcisCapture(FactModel):
    """One document of EPCIS events that was taken in, whole: its digest, its form, and how many events were new."""

    scope_path = "site"
    view_permission = "integrations.view_epcisevent"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(_("told by"), max_length=200, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    media_type = models.CharField(_("form"), max_length=40)
    file_sha256 = models.CharField(_("SHA-256 of the document"), max_length=64)
    new_events = models.PositiveIntegerField(_("new events"))
    known_events = models.PositiveIntegerField(_("events known before"))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("capture of EPCIS events")
        verbose_name_plural = _("captures of EPCIS events")
        indexes = (models.Index(fields=["site", "file_sha256"], name="ix_epciscapture_file"),)

    def __str__(self) -> str:
        return self.source or self.file_name or self.file_sha256[:12]


class EpcisEvent(FactModel):
    """One event that somebody told of (EPCIS 2.0), kept once per site.

    `content` is the event as JSON-LD, with nothing of it left out; `digest` is over what it says, without its id and
    the time of its record, so that the same event is known again in whichever form it comes.
    """

    scope_path = "site"

    capture = models.ForeignKey(
        EpcisCapture, verbose_name=_("capture"), on_delete=models.PROTECT, related_name="events"
    )
    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    event_type = models.CharField(_("kind"), max_length=24)
    event_id = models.CharField(_("event id"), max_length=1000, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    event_time = models.DateTimeField(_("happened"))
    action = models.CharField(_("action"), max_length=8, blank=True)
    biz_step = models.CharField(_("business step"), max_length=1000, blank=True)
    disposition = models.CharField(_("disposition"), max_length=1000, blank=True)
    read_point = models.CharField(_("read point"), max_length=1000, blank=True)
    biz_location = models.CharField(_("business location"), max_length=1000, blank=True)
    declares_error = models.BooleanField(_("declares an error"), default=False)
    content = models.TextField(_("content"))

    class Meta:
        ordering = ("-event_time", "-id")
        verbose_name = _("EPCIS event")
        verbose_name_plural = _("EPCIS events")
        constraints = (models.UniqueConstraint(fields=["site", "digest"], name="uq_epcisevent_site_digest"),)
        indexes = (
            models.Index(fields=["site", "event_time"], name="ix_epcisevent_time"),
            models.Index(fields=["site", "event_id"], name="ix_epcisevent_event_id"),
        )

    def __str__(self) -> str:
        return f"{self.event_type} {self.biz_step}".strip()

    def get_absolute_url(self) -> str:
        return reverse("integrations:epcisevent_detail", args=[self.pk])


class EpcisThing(FactModel):
    """A thing that an event names, and in which role; a trade item also by GTIN, lot and serial number.

    Which lot or unit of ours it is, is asked when it is read: a supplier tells of a lot before it arrives.
    """

    scope_path = "event__site"
    view_permission = "integrations.view_epcisevent"

    event = models.ForeignKey(EpcisEvent, verbose_name=_("event"), on_delete=models.PROTECT, related_name="things")
    role = models.CharField(_("role"), max_length=8)
    is_class = models.BooleanField(_("a class of things"), help_text=_("A lot or a kind of goods, no single thing."))
    uri = models.CharField(_("address"), max_length=1000)
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True)
    lot_number = models.CharField(_("lot number"), max_length=60, blank=True)
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=30, decimal_places=15, null=True)
    uom = models.CharField(_("unit of measure"), max_length=3, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("thing of an EPCIS event")
        verbose_name_plural = _("things of EPCIS events")
        indexes = (
            models.Index(fields=["gtin", "lot_number"], condition=~models.Q(gtin=""), name="ix_epcisthing_lot"),
            models.Index(fields=["gtin", "serial"], condition=~models.Q(gtin=""), name="ix_epcisthing_serial"),
            models.Index(fields=["uri"], name="ix_epcisthing_uri"),
        )

    def __str__(self) -> str:
        return self.uri
