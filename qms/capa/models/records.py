"""The CAPA, where it comes from, and who works on it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import SourceRefMixin, TrailedModel
from qms.capa.lifecycle import CAPA, VIEW


class Priority(models.TextChoices):
    """How soon it must be dealt with."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class Method(models.TextChoices):
    """How causes are looked for."""

    FIVE_WHY = "five_why", _("5 Why")
    ISHIKAWA = "ishikawa", _("Ishikawa (6M)")


class AdverseEffect(models.TextChoices):
    """Whether the actions harm something else."""

    NONE = "none", _("No adverse effect")
    FOUND = "found", _("An adverse effect was found")


class Capa(TrailedModel):
    """A problem whose causes are removed, so that it does not happen again or at all (ISO 13485 8.5.2, 8.5.3).

    What is signed on the way (triage, plan, verification, effectiveness, closing, reopening) are facts of their own,
    one for each cycle. Its own signature is given for the problem as it is stated, which stays from then on.
    """

    scope_path = "site"
    ladder_severity = "priority"
    lifecycle = CAPA
    closure = Closure(
        covers=("site", "number", "kind", "title", "problem", "not_problem", "raised_by"),
        ignores={
            "status": "moves are facts of their own",
            "cycle": "each reopening and each failed check begins another; what is signed names its cycle",
            "owner": "who works on it is no statement about the problem",
            "priority": "covered by the signed triage",
            "due_at": "a date of the work; the triage and each extension sign theirs",
            "first_due_at": "covered by the signed triage",
            "method": "covered by the signed plan",
            "retraining_reason": "covered by the signed plan",
            "adverse_plan": "covered by the signed plan",
            "sources": "may grow until the triage, which covers them",
            "members": "who works on it is no statement about the problem",
            "causes": "covered by the signed plan",
            "actions": "covered by the signed plan; their ends are signed one by one",
            "checks": "covered by the signed plan",
            "across": "covered by the signed plan",
            "looked_across": "a step of the work; the lines that came of it are covered by the signed plan",
            "results": "permanent facts that are computed",
            "extensions": "signed one by one",
            "decisions": "signed one by one",
            "plans": "signed one by one",
            "verifications": "signed one by one",
            "closings": "signed one by one",
            "reopenings": "signed one by one",
        },
    )

    class Kind(models.TextChoices):
        CORRECTIVE = "corrective", _("Corrective: it has happened")
        PREVENTIVE = "preventive", _("Preventive: it could happen")

    number = models.CharField(_("number"), max_length=24)
    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="capas"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.CORRECTIVE)
    title = models.CharField(_("title"), max_length=200)
    problem = models.TextField(_("what the problem is"), blank=True)
    not_problem = models.TextField(_("what it is not"), blank=True)
    status = CAPA.field()
    cycle = models.PositiveIntegerField(_("cycle"), default=1, editable=False)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority.choices, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("raised by"), on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    first_due_at = models.DateTimeField(_("first due"), null=True, blank=True, editable=False)
    method = models.CharField(_("method"), max_length=12, choices=Method.choices, blank=True, default="")
    retraining_reason = models.TextField(_("why training alone suffices"), blank=True)
    adverse_plan = models.TextField(_("how adverse effects are looked for"), blank=True)
    looked_across = models.PositiveIntegerField(_("read across in cycle"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("CAPA")
        verbose_name_plural = _("CAPAs")
        constraints = (models.UniqueConstraint(fields=["site", "number"], name="uq_capa_number"),)
        indexes = (
            models.Index(
                fields=["site", "due_at"],
                condition=~Q(status__in=("closed", "no_capa", "cancelled")),
                name="ix_capa_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("qms_capa:capa_detail", args=[self.pk])


class CapaSource(SourceRefMixin, TrailedModel):
    """Where a CAPA comes from: a record, or something that is only told, such as a trend that somebody saw."""

    view_permission = VIEW
    scope_path = "capa"

    class Kind(models.TextChoices):
        NONCONFORMANCE = "nonconformance", _("Nonconformance")
        DEVIATION = "deviation", _("Deviation")
        COMPLAINT = "complaint", _("Complaint")
        CALIBRATION = "calibration", _("Calibration failure")
        TREND = "trend", _("Trend")
        AUDIT = "audit", _("Audit finding")
        SUPPLIER = "supplier", _("Supplier corrective action request")
        REVIEW = "review", _("Management review")
        RISK = "risk", _("Risk")
        CHANGE = "change", _("Change")
        OTHER = "other", _("Other")

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField(_("kind of source"), max_length=16, choices=Kind.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("source of a CAPA")
        verbose_name_plural = _("sources of CAPAs")
        constraints = (
            models.UniqueConstraint(
                fields=["capa", "source_type", "source_id"],
                condition=Q(source_id__isnull=False),
                name="uq_capasource_record",
            ),
            models.CheckConstraint(name="ck_capasource_says", condition=Q(source_id__isnull=False) | ~Q(note="")),
        )
        indexes = (models.Index(fields=["source_type", "source_id"], name="ix_capasource_record"),)

    def __str__(self) -> str:
        return self.source_label or self.note

    def get_absolute_url(self) -> str:
        return self.capa.get_absolute_url()


class CapaMember(TrailedModel):
    """Somebody who works on a CAPA beside its owner."""

    view_permission = VIEW
    scope_path = "capa"

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(_("what for"), max_length=80, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("team member of a CAPA")
        verbose_name_plural = _("team members of CAPAs")
        constraints = (models.UniqueConstraint(fields=["capa", "user"], name="uq_capamember_user"),)

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return self.capa.get_absolute_url()
