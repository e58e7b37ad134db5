"""Rules that watch trends and what they found; reports that are made by the clock, for whom, and each one made."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel, TrailedModel
from qms.nonconformance.models import DefectCode
from traceability.models import Material


class TrendRule(TrailedModel):
    """What is watched month by month at a site, and from where on somebody must decide whether a CAPA is needed."""

    scope_path = "site"

    class Judged(models.TextChoices):
        COUNT = "count", _("By number: reached in a month, judged as soon as it is")
        RATE = "rate", _("By rate for each thousand, judged when the month is over")
        ALARM = "alarm", _("By statistics: above the upper limit of a u chart, judged when the month is over")

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="trend_rules"
    )
    name = models.CharField(_("name"), max_length=120)
    judged = models.CharField(_("how it is judged"), max_length=8, choices=Judged.choices)
    limit = models.DecimalField(
        _("limit"),
        max_digits=12,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"))],
        help_text=_("The number or the rate from which on there is an alarm; none where statistics judge."),
    )
    volume = models.CharField(
        _("for each thousand"), max_length=24, blank=True, help_text=_("None where the number alone is judged.")
    )
    months = models.PositiveSmallIntegerField(
        _("months of the mean"),
        default=12,
        validators=[MinValueValidator(3), MaxValueValidator(36)],
        help_text=_("Over so many months, the judged one included, statistics take the mean."),
    )
    kind = models.CharField(_("kind"), max_length=16, blank=True, help_text=_("Empty: every kind."))
    defect_code = models.ForeignKey(
        DefectCode,
        verbose_name=_("defect code"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="trend_rules",
    )
    material = models.ForeignKey(
        Material, verbose_name=_("material"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    supplier = models.ForeignKey(
        "core_organization.Partner",
        verbose_name=_("supplier"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    work_center = models.ForeignKey(
        "core_organization.WorkCenter",
        verbose_name=_("work center"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    starts_on = models.DateField(_("watches from the month of"), help_text=_("Earlier months raise no alarm."))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("site", "name")
        verbose_name = _("rule of a trend")
        verbose_name_plural = _("rules of trends")
        constraints = (
            models.UniqueConstraint(fields=["site", "name"], name="uq_trendrule_name"),
            models.CheckConstraint(
                name="ck_trendrule_limit",
                condition=Q(judged="alarm", limit__isnull=True) | (~Q(judged="alarm") & Q(limit__gt=0)),
            ),
            models.CheckConstraint(name="ck_trendrule_volume", condition=Q(judged="count", volume="") | ~Q(volume="")),
            models.CheckConstraint(name="ck_trendrule_months", condition=Q(months__gte=3, months__lte=36)),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("qms_reporting:trendrule_detail", args=[self.pk])


class TrendAlarm(FactModel):
    """A rule was broken in a month: what was counted and where the limit lay. Once for each rule and month."""

    scope_path = "site"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="trend_alarms"
    )
    number = models.CharField(_("number"), max_length=24)
    rule = models.ForeignKey(TrendRule, verbose_name=_("rule"), on_delete=models.PROTECT, related_name="alarms")
    month = models.DateField(_("month"))
    count = models.PositiveIntegerField(_("number counted"))
    volume = models.DecimalField(_("volume"), max_digits=18, decimal_places=6, null=True, blank=True)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=6, null=True, blank=True)
    limit = models.DecimalField(_("limit"), max_digits=18, decimal_places=6)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("trend alarm")
        verbose_name_plural = _("trend alarms")
        constraints = (
            models.UniqueConstraint(fields=["rule", "month"], name="uq_trendalarm_month"),
            models.UniqueConstraint(fields=["site", "number"], name="uq_trendalarm_number"),
            models.CheckConstraint(name="ck_trendalarm_first", condition=Q(month__day=1)),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.rule.name} {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("qms_reporting:trendalarm_detail", args=[self.pk])


class ReportSchedule(TrailedModel):
    """A report that is made by the clock at a site, for the week or month that ended before."""

    scope_path = "site"

    class Kind(models.TextChoices):
        QUALITY = "quality", _("Nonconformances and CAPAs")
        OVERDUE = "overdue", _("Overdue work")
        TRAINING = "training", _("Training")
        RELEASE = "release", _("Release lead time")

    class Every(models.TextChoices):
        WEEK = "week", _("Every week")
        MONTH = "month", _("Every month")

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="report_schedules"
    )
    kind = models.CharField(_("report"), max_length=12, choices=Kind.choices)
    every = models.CharField(_("how often"), max_length=8, choices=Every.choices, default=Every.WEEK)
    day = models.PositiveSmallIntegerField(
        _("day"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("Of the week, 1 being Monday, or of the month, at most 28."),
    )
    hour = models.PositiveSmallIntegerField(_("hour at the site"), default=6, validators=[MaxValueValidator(23)])
    starts_on = models.DateField(_("first made on or after"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("site", "kind", "every")
        verbose_name = _("schedule of a report")
        verbose_name_plural = _("schedules of reports")
        constraints = (
            models.UniqueConstraint(fields=["site", "kind", "every"], name="uq_reportschedule_kind"),
            models.CheckConstraint(
                name="ck_reportschedule_day",
                condition=Q(every="week", day__gte=1, day__lte=7) | Q(every="month", day__gte=1, day__lte=28),
            ),
            models.CheckConstraint(name="ck_reportschedule_hour", condition=Q(hour__lte=23)),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_every_display()} · {self.site.code}"

    def get_absolute_url(self) -> str:
        return reverse("qms_reporting:reportschedule_detail", args=[self.pk])


class ReportSubscription(TrailedModel):
    """A person, or whoever holds a role at the site, is told of each new report of a schedule."""

    view_permission = "qms_reporting.view_reportschedule"
    scope_path = "schedule"

    schedule = models.ForeignKey(
        ReportSchedule, verbose_name=_("schedule"), on_delete=models.PROTECT, related_name="subscriptions"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="report_subscriptions",
    )
    role = models.ForeignKey(
        "core_organization.Role",
        verbose_name=_("role"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    by_mail = models.BooleanField(_("by e-mail too"), default=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("subscription of a report")
        verbose_name_plural = _("subscriptions of reports")
        constraints = (
            models.CheckConstraint(
                name="ck_reportsubscription_whom",
                condition=Q(person__isnull=False, role__isnull=True) | Q(person__isnull=True, role__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["schedule", "person"], condition=Q(person__isnull=False), name="uq_reportsubscription_person"
            ),
            models.UniqueConstraint(
                fields=["schedule", "role"], condition=Q(role__isnull=False), name="uq_reportsubscription_role"
            ),
        )

    def __str__(self) -> str:
        return str(self.person or self.role)

    def get_absolute_url(self) -> str:
        return self.schedule.get_absolute_url()


class ReportRun(FactModel):
    """One report that was due: of which schedule, for which days. Its sealed PDF is made once and stays."""

    scope_path = "site"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="report_runs"
    )
    number = models.CharField(_("number"), max_length=24)
    schedule = models.ForeignKey(
        ReportSchedule, verbose_name=_("schedule"), on_delete=models.PROTECT, related_name="runs"
    )
    kind = models.CharField(_("report"), max_length=12, choices=ReportSchedule.Kind.choices)
    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), help_text=_("The last day that counts."))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = (
            models.UniqueConstraint(fields=["schedule", "begins_on"], name="uq_reportrun_period"),
            models.UniqueConstraint(fields=["site", "number"], name="uq_reportrun_number"),
            models.CheckConstraint(name="ck_reportrun_days", condition=Q(ends_on__gte=models.F("begins_on"))),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()} {self.begins_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("qms_reporting:reportrun_detail", args=[self.pk])

    @property
    def title(self) -> str:
        """What it tells of."""
        return str(self.get_kind_display())

    @property
    def until(self) -> dt.date:
        """The first day that does not count any more."""
        return self.ends_on + dt.timedelta(days=1)


class ReportDelivery(FactModel):
    """A person was told of a report: once for each report and person, whoever runs the clock."""

    view_permission = "qms_reporting.view_reportrun"
    scope_path = "run"

    run = models.ForeignKey(ReportRun, verbose_name=_("report"), on_delete=models.PROTECT, related_name="deliveries")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    by_mail = models.BooleanField(_("by e-mail too"), default=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("delivery of a report")
        verbose_name_plural = _("deliveries of reports")
        constraints = (models.UniqueConstraint(fields=["run", "person"], name="uq_reportdelivery_person"),)

    def __str__(self) -> str:
        return f"{self.run} → {self.person}"

    def get_absolute_url(self) -> str:
        return self.run.get_absolute_url()
