"""The periodic review of access: who held which role where, and what was decided about it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from core.oversight.lifecycle import ACCESS_REVIEW


class AccessReview(TrailedModel):
    """Everybody's grants at one site as they were at a time, each decided about, the whole signed."""

    scope_path = "site"
    lifecycle = ACCESS_REVIEW
    closure = Closure(
        covers=("number", "site", "previous", "opened_at", "opened_by", "repeat_months", "next_due", "ended"),
        children=("lines",),
        ignores={"status": "moves are facts of their own, each with its signature", "later": "reviews after this one"},
    )

    number = models.CharField(_("number"), max_length=24)
    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    previous = models.ForeignKey(
        "self",
        verbose_name=_("review before it"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="later",
    )
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("opened by"), on_delete=models.PROTECT, related_name="+"
    )
    repeat_months = models.PositiveSmallIntegerField(
        _("again after months"), default=6, validators=[MinValueValidator(1), MaxValueValidator(36)]
    )
    next_due = models.DateTimeField(_("next review due"))
    ended = models.TextField(_("ended since the review before it"), blank=True)
    status = ACCESS_REVIEW.field()

    class Meta:
        verbose_name = _("access review")
        verbose_name_plural = _("access reviews")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_accessreview_site_number"),
            models.UniqueConstraint(fields=["site"], condition=Q(status="open"), name="uq_accessreview_open_site"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.site}"

    def get_absolute_url(self) -> str:
        return reverse("core_oversight:accessreview_detail", args=[self.pk])


class AccessReviewLine(TrailedModel):
    """One grant as it was when the review was opened, and the decision about it."""

    view_permission = "core_oversight.view_accessreview"
    scope_path = "review"
    closure = Closure(
        covers=(
            "review", "grant", "person", "role", "place", "since", "until", "last_sign_on", "tokens", "terminals",
            "changed", "decision", "reason", "decided_by",
        ),
    )  # fmt: skip

    class Decision(models.TextChoices):
        """What is decided about a grant."""

        KEEP = "keep", _("Keep")
        END = "end", _("End")

    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="lines")
    grant = models.ForeignKey(
        "core_organization.Grant", verbose_name=_("grant"), on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(_("role"), max_length=120)
    place = models.CharField(_("place"), max_length=160)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    last_sign_on = models.DateTimeField(_("last sign-on"), null=True, blank=True)
    tokens = models.TextField(_("API tokens"), blank=True)
    terminals = models.TextField(_("terminals used"), blank=True)
    changed = models.TextField(_("changed since the review before it"), blank=True)
    decision = models.CharField(_("decision"), max_length=4, choices=Decision.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("line of an access review")
        verbose_name_plural = _("lines of an access review")
        ordering = ("person__full_name", "id")
        constraints = (
            models.UniqueConstraint(fields=["review", "grant"], name="uq_accessreviewline_grant"),
            models.CheckConstraint(
                name="ck_accessreviewline_decided",
                condition=Q(decision="", decided_by__isnull=True)
                | (~Q(decision="") & ~Q(reason="") & Q(decided_by__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.role} · {self.place}"
