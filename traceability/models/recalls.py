"""Recalls and recall drills: what they begin with, what they reach, where that is, and what was decided about it."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.closure import Closure
from core.kernel.records import STAMP_COLUMNS, FactModel, SourceRefMixin, TrailedModel
from traceability.lifecycle import RECALL
from traceability.models.masters import Material, StorageLocation
from traceability.models.shipping import ShipmentLine
from traceability.models.stock import Lot, SerializedUnit

PERMANENT = "a permanent fact of its own; the report over all of them is signed at the end"


def _lot_or_unit() -> Q:
    return Q(lot__isnull=False, unit__isnull=True) | Q(lot__isnull=True, unit__isnull=False)


def clock(span: dt.timedelta) -> str:
    """A span of time as people read a stop watch: 02:07, 1:02:07."""
    minutes, seconds = divmod(max(0, int(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


class Recall(TrailedModel):
    """A recall, or the drill of one: some lots and units, and everything that they went into.

    A drill is the same search over the same records, but it holds nothing and tells nobody.
    """

    class Kind(models.TextChoices):
        DRILL = "drill", _("Recall drill")
        RECALL = "recall", _("Recall")

    scope_path = "site"
    lifecycle = RECALL
    closure = Closure(
        covers=("site", "number", "kind", "title", "reason", "advice", "scope"),
        added=("contact",),
        ignores={
            "status": "moves have their own signatures",
            "started_at": "the transition says it too",
            "traced_at": "when its records were read; the signed report says it too",
            "closed_at": "the signed report says it too",
            "origins": "those of the beginning stand in the scope; later ones are permanent facts",
            "lines": PERMANENT,
            "orders": PERMANENT,
            "letters": PERMANENT,
            "report": PERMANENT,
        },
    )

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="recalls"
    )
    number = models.CharField(_("number"), max_length=40)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    reason = models.TextField(_("reason"))
    advice = models.TextField(_("what customers should do"), blank=True)
    contact = models.TextField(_("whom customers answer"), blank=True)
    scope = models.TextField(_("what it begins with"))
    status = RECALL.field()
    started_at = models.DateTimeField(_("started at"), null=True, blank=True, editable=False)
    traced_at = models.DateTimeField(_("traced at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        constraints = (models.UniqueConstraint(fields=["site", "number"], name="uq_recall_site_number"),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("traceability:recall_detail", args=[self.pk])

    @property
    def is_drill(self) -> bool:
        """Whether it is only practised."""
        return self.kind == self.Kind.DRILL

    @property
    def elapsed(self) -> dt.timedelta:
        """From its start to its end, or until now."""
        if self.started_at is None:
            return dt.timedelta(0)
        return (self.closed_at or now()) - self.started_at

    @property
    def clock(self) -> str:
        """The same as minutes and seconds, with hours in front where there are any."""
        return clock(self.elapsed)


class RecallOrigin(FactModel):
    """A lot or unit that a recall begins with; `reason` says why it was added later."""

    scope_path = "recall__site"
    view_permission = "traceability.view_recall"

    recall = models.ForeignKey(Recall, verbose_name=_("recall"), on_delete=models.PROTECT, related_name="origins")
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit = models.ForeignKey(
        SerializedUnit, verbose_name=_("unit"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("beginning of a recall")
        verbose_name_plural = _("beginnings of recalls")
        constraints = (
            models.CheckConstraint(condition=_lot_or_unit(), name="ck_recallorigin_lot_or_unit"),
            models.UniqueConstraint(fields=["recall", "lot"], name="uq_recallorigin_lot"),
            models.UniqueConstraint(fields=["recall", "unit"], name="uq_recallorigin_unit"),
        )

    def __str__(self) -> str:
        return str(self.unit or self.lot)


class RecallLine(FactModel):
    """So much of an affected lot, or one affected unit, and where the records say that it is.

    The lines of a lot or unit add up to what was made or received of it. Where a later trace finds another quantity, a
    newer line supersedes this one; both stay. `settled` says why nobody has to decide about a line.
    """

    class Where(models.TextChoices):
        SITE = "site", _("On site")
        PRODUCTION = "production", _("In production")
        CUSTOMER = "customer", _("With a customer")
        SUPPLIER = "supplier", _("With the supplier")
        CONSUMED = "consumed", _("Built into others")
        BECAME = "became", _("Became another lot")
        SCRAPPED = "scrapped", _("Scrapped")
        UNKNOWN = "unknown", _("Not resolved")
        NONE = "none", _("Nothing of it")

    class Trouble(models.TextChoices):
        NO_CUSTOMER = "no_customer", _("Left without a shipment: nobody knows to whom")
        NO_CHILD = "no_child", _("Issued, and not recorded in anything that was made")
        OVER_USED = "over_used", _("More was recorded as used than was issued")
        MISSING = "missing", _("Missing at a count")
        NEGATIVE = "negative", _("More left this place than came into it")
        NO_PLACE = "no_place", _("No place is booked for it")
        NEVER_BOOKED = "never_booked", _("Nothing was ever booked of it")

    class Settled(models.TextChoices):
        CONSUMED = "consumed", _("Follows what it was built into")
        SCRAPPED = "scrapped", _("Scrapped before")
        BECAME = "became", _("Follows the lot that it became")
        SUPPLIER = "supplier", _("Sent back to the supplier")
        UNITS = "units", _("Told unit by unit")
        EMPTY = "empty", _("Nothing of it was left")
        MOVED = "moved", _("No longer there at a later trace")

    scope_path = "recall__site"
    view_permission = "traceability.view_recall"
    unit_path = "material__uom"

    recall = models.ForeignKey(Recall, verbose_name=_("recall"), on_delete=models.PROTECT, related_name="lines")
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit = models.ForeignKey(
        SerializedUnit, verbose_name=_("unit"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    material = models.ForeignKey(
        Material, verbose_name=_("material"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    where = models.CharField(_("where"), max_length=12, choices=Where.choices)
    location = models.ForeignKey(
        StorageLocation,
        verbose_name=_("storage location"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    shipment_line = models.ForeignKey(
        ShipmentLine,
        verbose_name=_("line of a shipment"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    customer = models.ForeignKey(
        "core_organization.Partner",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    trouble = models.CharField(_("what is not resolved"), max_length=12, choices=Trouble.choices, blank=True)
    settled = models.CharField(_("settled by the records"), max_length=12, choices=Settled.choices, blank=True)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("line of a recall")
        verbose_name_plural = _("lines of recalls")
        constraints = (
            models.CheckConstraint(condition=_lot_or_unit(), name="ck_recallline_lot_or_unit"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="ck_recallline_quantity"),
            models.CheckConstraint(
                condition=Q(where="unknown") | Q(trouble="") | Q(settled="moved"), name="ck_recallline_trouble"
            ),
            models.CheckConstraint(
                condition=~Q(where="customer") | Q(customer__isnull=False), name="ck_recallline_customer"
            ),
        )
        indexes = (models.Index(fields=["recall", "where"], name="ix_recallline_where"),)

    def __str__(self) -> str:
        return f"{self.recall} · {self.goods}"

    def get_absolute_url(self) -> str:
        return reverse("traceability:recallline_detail", args=[self.pk])

    @property
    def of_lot(self) -> Lot | None:
        """The affected lot, or that of the affected unit."""
        return self.lot if self.unit is None else self.unit.lot

    @property
    def goods(self) -> Lot | SerializedUnit:
        """The affected lot or unit."""
        if (goods := self.unit or self.lot) is None:
            raise LookupError("a line of a recall is about a lot or a unit")
        return goods


class RecallDecision(FactModel):
    """What became of a line. It is decided once; a correction is a newer decision that says why."""

    class Disposition(models.TextChoices):
        CONFIRMED = "confirmed", _("Found where the records say")
        QUARANTINED = "quarantined", _("Quarantined on site")
        RETURNED = "returned", _("Returned by the customer")
        WITH_CUSTOMER = "with_customer", _("Stays with the customer")
        DESTROYED = "destroyed", _("Destroyed")
        CORRECTED = "corrected", _("Corrected or checked")
        EXPLAINED = "explained", _("Explained")
        NOT_FOUND = "not_found", _("Not found")

    scope_path = "line__recall__site"
    view_permission = "traceability.view_recall"

    line = models.ForeignKey(
        RecallLine, verbose_name=_("line of a recall"), on_delete=models.PROTECT, related_name="decisions"
    )
    disposition = models.CharField(_("disposition"), max_length=16, choices=Disposition.choices)
    note = models.TextField(_("note"), blank=True)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("corrects"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )
    reason = models.TextField(_("why it is corrected"), blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("decision about a line of a recall")
        verbose_name_plural = _("decisions about lines of recalls")
        constraints = (
            # With the one-to-one of what it corrects: a line has one decision at a time, whoever writes at once.
            models.UniqueConstraint(
                fields=["line"], condition=Q(supersedes__isnull=True), name="uq_recalldecision_first"
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(reason=""), name="ck_recalldecision_reason"
            ),
        )

    def __str__(self) -> str:
        return self.get_disposition_display()


class RecallOrder(SourceRefMixin, FactModel):
    """An open order that makes, used or wants an affected lot, or a shipment to be with it, as a trace found it."""

    class How(models.TextChoices):
        MAKES = "makes", _("makes it")
        USED = "used", _("used it")
        WANTS = "wants", _("needs this material")
        SENDS = "sends", _("is to send it")

    scope_path = "recall__site"
    view_permission = "traceability.view_recall"

    recall = models.ForeignKey(Recall, verbose_name=_("recall"), on_delete=models.PROTECT, related_name="orders")
    how = models.CharField(_("how"), max_length=8, choices=How.choices)
    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        verbose_name = _("open order of a recall")
        verbose_name_plural = _("open orders of recalls")
        constraints = (
            models.UniqueConstraint(
                fields=["recall", "source_type", "source_id", "how", "lot"], name="uq_recallorder_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_label} {self.get_how_display()}"


class RecallLetter(FactModel):
    """The letter of a recall to one customer; it is printed and sealed, and anew when its content changed."""

    scope_path = "recall__site"
    view_permission = "traceability.view_recall"

    recall = models.ForeignKey(Recall, verbose_name=_("recall"), on_delete=models.PROTECT, related_name="letters")
    customer = models.ForeignKey(
        "core_organization.Partner", verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("customer__code",)
        verbose_name = _("letter of a recall")
        verbose_name_plural = _("letters of recalls")
        constraints = (models.UniqueConstraint(fields=["recall", "customer"], name="uq_recallletter_customer"),)

    def __str__(self) -> str:
        return f"{self.recall} · {self.customer.code}"

    def get_absolute_url(self) -> str:
        return self.recall.get_absolute_url()


class RecallReport(FactModel):
    """The figures of a recall as they were signed at its end. `lines_sha256` stands for every line and decision."""

    scope_path = "recall__site"
    view_permission = "traceability.view_recall"
    closure = Closure(
        covers=("recall", "started_at", "traced_at", "closed_at", "figures", "lines_sha256", "conclusion"),
        ignores={column.removesuffix("_id"): "PostgreSQL stamps it" for column in STAMP_COLUMNS},
    )

    recall = models.OneToOneField(Recall, verbose_name=_("recall"), on_delete=models.PROTECT, related_name="report")
    started_at = models.DateTimeField(_("started at"))
    traced_at = models.DateTimeField(_("traced at"))
    closed_at = models.DateTimeField(_("closed at"))
    figures = models.JSONField(_("figures"))
    lines_sha256 = models.CharField(_("SHA-256 of the lines"), max_length=64)
    conclusion = models.TextField(_("conclusion"), blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("report of a recall")
        verbose_name_plural = _("reports of recalls")

    def __str__(self) -> str:
        return str(_("Report of %(recall)s") % {"recall": self.recall})

    @property
    def time_to_trace(self) -> str:
        """From the start to the last trace."""
        return clock(self.traced_at - self.started_at)

    @property
    def time_in_all(self) -> str:
        """From the start to the signature."""
        return clock(self.closed_at - self.started_at)

    def get_absolute_url(self) -> str:
        return self.recall.get_absolute_url()
