"""The review board: which functions sign which disposition, who may do so up to which limits, and each vote."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import GLOBAL, FactModel, TrailedModel
from qms.changes.models.configuration import Function
from qms.nonconformance.models.codes import Severity
from qms.nonconformance.models.records import Disposition


class BoardRule(TrailedModel):
    """One function that signs a kind of disposition, from a severity on; where none is named, one signature suffices.

    A rule for scrap may also ask for a witness of its destruction.
    """

    view_permission = "qms_nonconformance.view_boardrule"
    scope_path = GLOBAL

    kind = models.CharField(_("disposition"), max_length=20, choices=Disposition.Kind.choices)
    severity = models.CharField(
        _("severity"), max_length=12, choices=Severity.choices, blank=True, help_text=_("Empty: every severity.")
    )
    function = models.CharField(_("function"), max_length=16, choices=Function.choices)
    needs_witness = models.BooleanField(
        _("witness of the destruction"),
        default=False,
        help_text=_("Scrap is booked only when a second person signs that it was made unusable."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("kind", "severity", "function")
        verbose_name = _("rule of the review board")
        verbose_name_plural = _("rules of the review board")
        constraints = (
            models.UniqueConstraint(fields=["kind", "severity", "function"], name="uq_boardrule_function"),
            models.CheckConstraint(name="ck_boardrule_witness", condition=Q(needs_witness=False) | Q(kind="scrap")),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_function_display()}"

    def get_absolute_url(self) -> str:
        return reverse("qms_nonconformance:boardrule_change", args=[self.pk])


class BoardAuthority(TrailedModel):
    """Who may sign for a function at a site: from when until when, for how severe a defect and how much at most."""

    view_permission = "qms_nonconformance.view_boardauthority"
    scope_path = "site"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="board_authorities"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    function = models.CharField(_("function"), max_length=16, choices=Function.choices)
    highest_severity = models.CharField(
        _("up to severity"), max_length=12, choices=Severity.choices, default=Severity.CRITICAL
    )
    highest_quantity = models.DecimalField(
        _("up to a quantity of"),
        max_digits=18,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Of one line, in the unit of its material. Empty: without limit."),
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), help_text=_("The last day."))
    basis = models.TextField(_("appointed by"), help_text=_("The letter or decision that gives the authority."))

    class Meta:
        ordering = ("site", "function", "person")
        verbose_name = _("authority on the review board")
        verbose_name_plural = _("authorities on the review board")
        constraints = (
            models.CheckConstraint(name="ck_boardauthority_days", condition=Q(valid_until__gte=F("valid_from"))),
            models.CheckConstraint(
                name="ck_boardauthority_quantity",
                condition=Q(highest_quantity__isnull=True) | Q(highest_quantity__gt=0),
            ),
        )
        indexes = (models.Index(fields=["site", "person", "function"], name="ix_boardauthority_person"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.get_function_display()}"

    def get_absolute_url(self) -> str:
        return reverse("qms_nonconformance:boardauthority_change", args=[self.pk])


class DispositionVote(FactModel):
    """The vote of one function on one line: for it, or against it with the reason; its signature is on the line."""

    view_permission = "qms_nonconformance.view_nonconformance"
    scope_path = "disposition"
    closure = Closure(covers=("disposition", "function", "is_for", "note", "authority", "signature"))

    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, related_name="votes")
    function = models.CharField(_("function"), max_length=16, choices=Function.choices)
    is_for = models.BooleanField(_("agrees"))
    note = models.TextField(_("reason"), blank=True)
    authority = models.ForeignKey(
        BoardAuthority, verbose_name=_("authority"), on_delete=models.PROTECT, related_name="+"
    )
    signature = models.ForeignKey(
        "core_signing.Signature", verbose_name=_("signature"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("vote on a disposition")
        verbose_name_plural = _("votes on dispositions")
        constraints = (
            models.UniqueConstraint(fields=["disposition", "function"], name="uq_dispositionvote_function"),
            models.UniqueConstraint(fields=["disposition", "actor"], name="uq_dispositionvote_person"),
        )

    def __str__(self) -> str:
        return f"{self.get_function_display()}: {self.actor}"

    def get_absolute_url(self) -> str:
        return self.disposition.get_absolute_url()
