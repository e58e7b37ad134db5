"""What people signed about a CAPA on its way. Each is permanent and belongs to one cycle."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel
from qms.capa.lifecycle import VIEW
from qms.capa.models.records import AdverseEffect, Capa, Priority


class _Signed(FactModel):
    """Something signed in one cycle of a CAPA."""

    scope_path = "capa"
    view_permission = VIEW

    cycle = models.PositiveIntegerField(_("cycle"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{getattr(self, 'capa').number} #{self.cycle}: {self._meta.verbose_name}"  # noqa: B009 - see below

    def get_absolute_url(self) -> str:
        return str(getattr(self, "capa").get_absolute_url())  # noqa: B009 - each kind has it with its own name


class CapaDecision(_Signed):
    """The triage: whether a CAPA is opened, by which answers, and why (signed)."""

    closure = Closure(
        covers=("capa", "cycle", "severity", "occurrence", "escaped", "recurs", "regulatory", "decision", "rationale",
                "priority", "owner", "due_at", "sources"),
    )  # fmt: skip

    class Decision(models.TextChoices):
        CAPA = "capa", _("Open a CAPA")
        CORRECTION = "correction", _("A correction suffices")
        TREND = "trend", _("Watch the trend")

    class Level(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="decisions")
    severity = models.CharField(_("how bad is it?"), max_length=8, choices=Level.choices)
    occurrence = models.CharField(_("how often does it happen?"), max_length=8, choices=Level.choices)
    escaped = models.BooleanField(_("did it pass the checks, or reach a customer?"))
    recurs = models.BooleanField(_("has it happened before?"))
    regulatory = models.BooleanField(_("does a regulation or an authority demand it?"))
    decision = models.CharField(_("decision"), max_length=12, choices=Decision.choices)
    rationale = models.TextField(_("rationale"))
    priority = models.CharField(_("priority"), max_length=8, choices=Priority.choices, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    sources = models.JSONField(_("sources"), default=list)

    class Meta:
        ordering = ("id",)
        verbose_name = _("triage of a CAPA")
        verbose_name_plural = _("triages of CAPAs")


class CapaPlan(_Signed):
    """The plan as it was handed over: method, causes, actions, effectiveness check (signed by its author)."""

    closure = Closure(
        covers=("capa", "cycle", "content", "plan_digest"), ignores={"approvals": "signed one by one"}
    )  # fmt: skip

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="plans")
    content = models.JSONField(_("content"))
    plan_digest = models.CharField(_("plan (SHA-256)"), max_length=64)

    class Meta:
        ordering = ("id",)
        verbose_name = _("plan of a CAPA")
        verbose_name_plural = _("plans of CAPAs")


class PlanApproval(_Signed):
    """The approval of exactly one plan by another person than its author (signed)."""

    closure = Closure(covers=("plan", "cycle", "plan_digest"))
    scope_path = "plan"

    plan = models.ForeignKey(CapaPlan, on_delete=models.PROTECT, related_name="approvals")
    plan_digest = models.CharField(_("plan (SHA-256)"), max_length=64)

    class Meta:
        ordering = ("id",)
        verbose_name = _("approval of the plan of a CAPA")
        verbose_name_plural = _("approvals of the plans of CAPAs")

    @property
    def capa(self) -> Capa:
        """The CAPA whose plan it is."""
        return self.plan.capa


class CapaVerification(_Signed):
    """Somebody who did none of it found that the actions hold, and whether they harm anything (signed)."""

    closure = Closure(covers=("capa", "cycle", "finding", "adverse_effect", "adverse_note"))

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="verifications")
    finding = models.TextField(_("what was verified, and how"))
    adverse_effect = models.CharField(_("adverse effect"), max_length=8, choices=AdverseEffect.choices)
    adverse_note = models.TextField(_("how adverse effects were looked for"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("verification of a CAPA")
        verbose_name_plural = _("verifications of CAPAs")


class CapaClosing(_Signed):
    """The end of a cycle: the digest of everything that the record says (signed)."""

    closure = Closure(covers=("capa", "cycle", "conclusion", "content_digest"))

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="closings")
    conclusion = models.TextField(_("conclusion"))
    content_digest = models.CharField(_("content (SHA-256)"), max_length=64)

    class Meta:
        ordering = ("id",)
        verbose_name = _("closing of a CAPA")
        verbose_name_plural = _("closings of CAPAs")


class CapaReopening(_Signed):
    """What is new about a closed CAPA; its next cycle begins (signed)."""

    closure = Closure(covers=("capa", "cycle", "information", "due_at"))

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="reopenings")
    information = models.TextField(_("what is new"))
    due_at = models.DateTimeField(_("due"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("reopening of a CAPA")
        verbose_name_plural = _("reopenings of CAPAs")
