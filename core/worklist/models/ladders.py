"""Ladders: when open work is told to whom before, at and after its due date; and each step that was taken."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.kernel.records import GLOBAL, FactModel, TrailedModel
from core.worklist.models.work import Assignment, Kind

HOUR, DAY = 60, 24 * 60
"""Minutes."""


class Whom(models.TextChoices):
    """Whom a step of a ladder reaches."""

    ROLE = "role", _("A role at the site")
    ASKED = "asked", _("Who is asked: a reminder")
    MANAGER = "manager", _("The manager of who is asked")
    BOTH = "both", _("Who is asked, and their manager")
    PERSON = "person", _("A named person")


class EscalationRule(TrailedModel):
    """One step of a ladder: how long before or after its due date open work reaches whom, and how.

    The steps with the same kind of work, kind of record, severity and site are one ladder. Of several ladders that fit
    a piece of work, the one that names the record counts before others, then the severity, then the site. Trailed data:
    nobody switches it off without a trace.
    """

    scope_path = GLOBAL

    kind = models.CharField(_("kind of work"), max_length=24, choices=Kind.choices)
    record_type = models.ForeignKey(
        ContentType, verbose_name=_("kind of record"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    severity = models.CharField(_("severity"), max_length=24, blank=True, default="")
    site = models.ForeignKey(
        "core_organization.Site",
        verbose_name=_("site"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    step = models.PositiveSmallIntegerField(_("step"), default=1)
    after = models.IntegerField(
        _("minutes after it was due"), default=0, help_text=_("Negative: that many minutes before it is due.")
    )
    whom = models.CharField(_("whom"), max_length=12, choices=Whom.choices, default=Whom.ROLE)
    to_role = models.CharField(
        _("role"), max_length=40, blank=True, default="",
        help_text=_("Code of the role that is asked, or that is asked where nobody is that person."),
    )  # fmt: skip
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    by_mail = models.BooleanField(
        _("by mail at once"), default=False, help_text=_("Whatever the person has chosen for other news.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("escalation rule")
        verbose_name_plural = _("escalation rules")
        ordering = ("kind", "record_type", "severity", "site", "step")
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "record_type", "severity", "site", "step"],
                nulls_distinct=False,
                name="uq_escalationrule_step",
            ),
            models.CheckConstraint(name="ck_escalationrule_step", condition=Q(step__gte=1)),
            models.CheckConstraint(name="ck_escalationrule_kind", condition=~Q(kind="escalation")),
            models.CheckConstraint(name="ck_escalationrule_role", condition=Q(whom="asked") | ~Q(to_role="")),
            models.CheckConstraint(
                name="ck_escalationrule_person", condition=~Q(whom="person") | Q(to_user__isnull=False)
            ),
            models.CheckConstraint(
                name="ck_escalationrule_severity", condition=Q(severity="") | Q(record_type__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.step}: {self.when}"

    def get_absolute_url(self) -> str:
        return reverse("core_worklist:escalationrule_change", args=[self.pk])

    def preview_url(self) -> str:
        """The page that says what its ladder would do."""
        return reverse("core_worklist:escalationrule_preview", args=[self.pk])

    @property
    def delay(self) -> timedelta:
        """The time between the due date and this step."""
        return timedelta(minutes=self.after)

    @property
    def key(self) -> tuple[str, int | None, str, int | None]:
        """The ladder that the step belongs to: kind of work, kind of record, severity, site."""
        return (self.kind, self.record_type_id, self.severity, self.site_id)

    @property
    def when(self) -> str:
        """When the step is taken, in words: “7 days before it is due”."""
        if self.after == 0:
            return _now("when it is due")
        span = in_words(abs(self.after))
        return (_now("%(span)s before it is due") if self.after < 0 else _now("%(span)s after it was due")) % {
            "span": span
        }


def in_words(minutes: int) -> str:
    """A span of minutes in the largest unit that says it exactly."""
    if minutes % DAY == 0:
        return ngettext("%(number)d day", "%(number)d days", minutes // DAY) % {"number": minutes // DAY}
    if minutes % HOUR == 0:
        return ngettext("%(number)d hour", "%(number)d hours", minutes // HOUR) % {"number": minutes // HOUR}
    return ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}


class Escalation(FactModel):
    """A step of a ladder was taken for one due date of one assignment: exactly once, whoever runs the clock."""

    scope_path = "assignment"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="escalations")
    rule = models.ForeignKey(EscalationRule, on_delete=models.PROTECT, related_name="escalations")
    step = models.PositiveSmallIntegerField(_("step"))
    due_version = models.PositiveIntegerField(_("version of the due date"))
    due_at = models.DateTimeField(_("was due"))
    told = models.TextField(_("told"), blank=True, default="")
    raised = models.OneToOneField(Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="raised_by")
    """The work that was given to the next person; None for a reminder."""

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["assignment", "step", "due_version"], name="uq_escalation_step_version"),
        )

    def __str__(self) -> str:
        return f"{self.assignment} → {self.told}"
