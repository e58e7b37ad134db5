"""A complaint: who said what about which product when, how it was judged, and how it ended (21 CFR 820.35(a))."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from qms.complaints.lifecycle import COMPLAINT
from qms.complaints.models.codes import ComplaintCode
from traceability.models import Lot, Material, SerializedUnit


class Channel(models.TextChoices):
    """How it reached the plant."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    PORTAL = "portal", _("Web form")
    VISIT = "visit", _("Visit")
    SERVICE = "service", _("Service report")
    RETURN = "return", _("Returned goods")
    AUTHORITY = "authority", _("Authority")
    LITERATURE = "literature", _("Literature or press")
    OTHER = "other", _("Other")


class Harm(models.TextChoices):
    """What it did to the patient, the user or anybody else, as far as it is known."""

    UNKNOWN = "unknown", _("Not known")
    NONE = "none", _("Nobody was harmed")
    MINOR = "minor", _("Minor harm")
    SERIOUS = "serious", _("Serious injury")
    DEATH = "death", _("Death")


class IsComplaint(models.TextChoices):
    """Whether it alleges a deficiency of a product that was released (ISO 13485 3.4)."""

    UNANSWERED = "", _("Not answered")
    YES = "yes", _("Yes, a complaint")
    NO = "no", _("No complaint")


class Capa(models.TextChoices):
    """Whether a corrective or preventive action is needed."""

    UNANSWERED = "", _("Not answered")
    OPENED = "opened", _("Yes")
    NOT_NEEDED = "not_needed", _("No")


class Reply(models.TextChoices):
    """Whether the complainant got an answer."""

    UNANSWERED = "", _("Not recorded")
    SENT = "sent", _("Sent")
    NOT_SENT = "not_sent", _("No reply is sent")


FULL_TEXT = "simple"
"""The search configuration of similar complaints: words as they are, in any language."""


class Complaint(TrailedModel):
    """What somebody outside says is wrong with a product that was released.

    `claimed_…` is what the complainant said or what was scanned, as it was typed; `material`, `lot` and `unit` are what
    it was found to be, or `not_identified` says why that is not known. `aware_on` is the day from which statutory
    clocks run. Each reopening begins a new `cycle`, which is triaged and decided anew. What is signed on the way
    (triage, decisions, waivers, reopenings, reports) are records of their own; the closing signature covers all.
    """

    scope_path = "site"
    lifecycle = COMPLAINT
    closure = Closure(
        covers=(
            "site", "number", "cycle", "title", "received_on", "event_on", "aware_on", "channel", "complainant_name",
            "complainant_organization", "complainant_address", "complainant_phone", "complainant_email", "customer",
            "claimed_product", "claimed_udi", "claimed_lot", "claimed_serial", "material", "lot", "unit",
            "not_identified", "nature", "harm", "harm_note", "is_complaint", "code", "recorded_by", "recorded_at",
            "similar_to", "similar_reason", "investigation", "cause", "correction", "capa", "capa_note", "reply",
            "replied_on", "reply_text", "origin", "external_id",
        ),
        children=("assessments", "decisions", "waivers", "reopenings", "reports"),
        ignores={
            "status": "moves have their own signatures",
            "owner": "who works on it is no statement about the product",
            "due_at": "a date of the work; statutory dates stand in the decisions",
            "similar": "later complaints that name this one; each names it in its own closure",
        },
        attachments=True,
    )  # fmt: skip

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="complaints"
    )
    number = models.CharField(_("number"), max_length=40)
    cycle = models.PositiveIntegerField(_("cycle"), default=1, editable=False)
    status = COMPLAINT.field()
    title = models.CharField(_("title"), max_length=200)
    received_on = models.DateField(_("received on"))
    event_on = models.DateField(_("happened on"), null=True, blank=True)
    aware_on = models.DateField(_("aware since"), help_text=_("Statutory clocks run from this day."))
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    complainant_name = models.CharField(_("name"), max_length=160, blank=True)
    complainant_organization = models.CharField(_("organization"), max_length=160, blank=True)
    complainant_address = models.TextField(_("address"), blank=True)
    complainant_phone = models.CharField(_("phone"), max_length=60, blank=True)
    complainant_email = models.CharField(_("e-mail"), max_length=160, blank=True)
    customer = models.ForeignKey(
        "core_organization.Partner",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    claimed_product = models.CharField(_("product, as reported"), max_length=200, blank=True)
    claimed_udi = models.CharField(_("UDI, as reported"), max_length=200, blank=True)
    claimed_lot = models.CharField(_("lot, as reported"), max_length=80, blank=True)
    claimed_serial = models.CharField(_("serial number, as reported"), max_length=80, blank=True)
    material = models.ForeignKey(
        Material, verbose_name=_("product"), on_delete=models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), on_delete=models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    unit = models.ForeignKey(
        SerializedUnit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
    )
    not_identified = models.TextField(_("why product or lot is not identified"), blank=True)
    nature = models.TextField(_("what is complained of"))
    harm = models.CharField(_("harm"), max_length=8, choices=Harm.choices, default=Harm.UNKNOWN)
    harm_note = models.TextField(_("who was harmed, and how"), blank=True)
    is_complaint = models.CharField(
        _("is it a complaint?"), max_length=3, choices=IsComplaint.choices, blank=True, default=""
    )
    code = models.ForeignKey(
        ComplaintCode, verbose_name=_("event code"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_at = models.DateTimeField(_("next due"), null=True, blank=True)
    similar_to = models.ForeignKey(
        "self",
        verbose_name=_("similar to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="similar",
    )
    similar_reason = models.TextField(_("why it is similar"), blank=True)
    investigation = models.TextField(_("what the investigation found"), blank=True)
    cause = models.ForeignKey(
        ComplaintCode, verbose_name=_("cause"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    correction = models.TextField(_("correction and corrective action"), blank=True)
    capa = models.CharField(_("is a CAPA needed?"), max_length=12, choices=Capa.choices, blank=True, default="")
    capa_note = models.TextField(_("its number, or why none is needed"), blank=True)
    reply = models.CharField(_("reply"), max_length=8, choices=Reply.choices, blank=True, default="")
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    reply_text = models.TextField(_("what was replied, or why not"), blank=True)
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_complaint_number"),
            models.CheckConstraint(
                name="ck_complaint_similar", condition=Q(similar_to__isnull=True) | ~Q(similar_reason="")
            ),
            models.CheckConstraint(
                name="ck_complaint_replied", condition=~Q(reply="sent") | Q(replied_on__isnull=False)
            ),
        )
        indexes = (
            models.Index(fields=["site", "received_on"], name="ix_complaint_site_received"),
            models.Index(
                fields=["site", "due_at"], condition=~Q(status__in=("closed", "legacy")), name="ix_complaint_open"
            ),
            GinIndex(SearchVector("title", "nature", "claimed_product", config=FULL_TEXT), name="ix_complaint_words"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("qms_complaints:complaint_detail", args=[self.pk])

    @property
    def goods(self) -> Lot | SerializedUnit | None:
        """The unit, or the lot where no single unit is known; None while neither is."""
        return self.unit or self.lot
