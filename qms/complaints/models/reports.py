"""What is told to an authority or a customer about a complaint, and how far that is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from qms.complaints.lifecycle import REGULATORY_REPORT
from qms.complaints.models.complaints import Complaint
from qms.complaints.models.findings import ReportabilityDecision


class RegulatoryReport(TrailedModel):
    """A report that a decision asks for, or a supplement to one; `fields` are those of the form, by their names."""

    scope_path = "complaint__site"
    lifecycle = REGULATORY_REPORT
    closure = Closure(
        covers=("complaint", "decision", "supplement_to", "number", "title", "authority", "form", "due_on", "fields",
                "author"),
        ignores={
            "status": "moves have their own signatures",
            "reference": "given by whoever received it, after it was reviewed",
            "submitted_on": "known after it was reviewed",
            "acknowledged_on": "known after it was sent, perhaps after the complaint was closed",
            "acknowledgement": "as received, perhaps after the complaint was closed",
            "supplements": "each with its own signature",
        },
        attachments=True,
    )  # fmt: skip

    class Form(models.TextChoices):
        FDA_3500A = "fda_3500a", _("FDA 3500A")
        EU_MIR = "eu_mir", _("EU manufacturer incident report")
        FIELD_ALERT = "field_alert", _("FDA field alert report")
        CUSTOMER = "customer", _("Notice to the customer")
        OTHER = "other", _("Other")

    complaint = models.ForeignKey(
        Complaint, verbose_name=_("complaint"), on_delete=models.PROTECT, related_name="reports"
    )
    decision = models.ForeignKey(
        ReportabilityDecision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="reports"
    )
    supplement_to = models.ForeignKey(
        "self",
        verbose_name=_("supplement to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supplements",
    )
    number = models.CharField(_("number"), max_length=40)
    status = REGULATORY_REPORT.field()
    title = models.CharField(_("title"), max_length=200)
    authority = models.CharField(_("reported to"), max_length=120)
    form = models.CharField(_("form"), max_length=12, choices=Form.choices)
    due_on = models.DateField(_("due on"))
    fields = models.JSONField(_("fields"), default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True)
    acknowledgement = models.CharField(_("acknowledgement"), max_length=80, blank=True)
    acknowledged_on = models.DateField(_("acknowledged on"), null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("regulatory report")
        verbose_name_plural = _("regulatory reports")
        constraints = (
            models.UniqueConstraint(fields=["number"], name="uq_regreport_number"),
            models.CheckConstraint(
                condition=~Q(status__in=("submitted", "acknowledged"))
                | (Q(submitted_on__isnull=False) & ~Q(reference="")),
                name="ck_regreport_submitted",
            ),
        )
        indexes = (
            models.Index(fields=["due_on"], condition=Q(status__in=("draft", "reviewed")), name="ix_regreport_due"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("qms_complaints:regulatoryreport_detail", args=[self.pk])
