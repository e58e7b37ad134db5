"""What waits for whom, what was escalated to whom, and what people said about a record."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.records import GLOBAL, FactModel, OperationalModel, SubjectRefMixin, TrailedModel


class Kind(models.TextChoices):
    """What sort of work waits; escalation rules are set per kind."""

    APPROVAL = "approval", _("Approval")
    REVIEW = "review", _("Review")
    ACTION = "action", _("Action")
    TRIAGE = "triage", _("Triage")
    TRAINING = "training", _("Training")
    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
    ESCALATION = "escalation", _("Escalation")


class Assignment(SubjectRefMixin, TrailedModel):
    """One piece of work on a record that waits for a person, for whoever holds a role, or for whoever holds a right.

    With a person and one of the others, the person is asked and the holders see it too. Roles and rights count at the
    site. `not_to` is never asked, whatever they hold. A new due date raises `due_version`, so that the escalation rules
    apply to it afresh.
    """

    scope_path = "site"

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=300)
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
    )
    to_role = models.CharField(_("role"), max_length=40, blank=True, help_text=_("Code of the role that is asked."))
    to_permission = models.CharField(
        _("right"), max_length=120, blank=True, help_text=_("Code of the right whose holders are asked.")
    )
    not_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("not asked"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who may not do it although they hold the role or the right, such as the author."),
    )
    site = models.ForeignKey(
        "core_organization.Site",
        verbose_name=_("site"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    due_version = models.PositiveIntegerField(_("version of the due date"), default=1, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OPEN, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    escalated_from = models.ForeignKey(
        "self", verbose_name=_("escalated from"), on_delete=models.PROTECT, null=True, blank=True, related_name="raised"
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("due_at", "id")
        constraints = (
            models.CheckConstraint(
                name="ck_assignment_to_somebody",
                condition=Q(to_user__isnull=False) | ~Q(to_role="") | ~Q(to_permission=""),
            ),
            models.CheckConstraint(name="ck_assignment_not_to", condition=~Q(to_user=F("not_to"))),
            models.CheckConstraint(
                name="ck_assignment_closed",
                condition=Q(status="open", closed_at__isnull=True, closed_by__isnull=True)
                | Q(status__in=("done", "cancelled"), closed_at__isnull=False, closed_by__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=["subject_type", "subject_id"], name="ix_assignment_subject"),
            models.Index(fields=["to_user", "due_at"], condition=Q(status="open"), name="ix_assignment_open_user"),
            models.Index(fields=["to_role", "due_at"], condition=Q(status="open"), name="ix_assignment_open_role"),
            # Every desk page counts its visitor's open work, most of which is asked by right.
            models.Index(
                fields=["to_permission", "due_at"], condition=Q(status="open"), name="ix_assignment_open_right"
            ),
            models.Index(fields=["kind", "due_at"], condition=Q(status="open"), name="ix_assignment_open_kind"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the record that the work is about; the inbox when that record is gone or has no page."""
        page = getattr(self.subject, "get_absolute_url", None)
        return str(page()) if page is not None else reverse("core_worklist:assignment_inbox")

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and its due time has passed."""
        return self.status == self.Status.OPEN and self.due_at is not None and self.due_at < now()


class EscalationRule(TrailedModel):
    """When open work of a kind goes on to the next person. Trailed data: nobody switches it off without a trace."""

    scope_path = GLOBAL

    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    step = models.PositiveSmallIntegerField(_("step"), default=1)
    after = models.IntegerField(
        _("minutes after it was due"), default=0, help_text=_("Negative: that many minutes before it is due.")
    )
    to_role = models.CharField(_("next role"), max_length=40, help_text=_("Code of the role that is asked next."))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("escalation rule")
        verbose_name_plural = _("escalation rules")
        ordering = ("kind", "step")
        constraints = (
            models.UniqueConstraint(fields=["kind", "step"], name="uq_escalationrule_kind_step"),
            models.CheckConstraint(name="ck_escalationrule_step", condition=Q(step__gte=1)),
            models.CheckConstraint(name="ck_escalationrule_kind", condition=~Q(kind="escalation")),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.step} → {self.to_role}"

    def get_absolute_url(self) -> str:
        return reverse("core_worklist:escalationrule_change", args=[self.pk])

    @property
    def delay(self) -> timedelta:
        """The time between the due date and this step."""
        return timedelta(minutes=self.after)


class Escalation(FactModel):
    """A step of the rules was taken for one due date of one assignment: exactly once, whoever runs the clock."""

    scope_path = "assignment"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="escalations")
    rule = models.ForeignKey(EscalationRule, on_delete=models.PROTECT, related_name="escalations")
    step = models.PositiveSmallIntegerField(_("step"))
    due_version = models.PositiveIntegerField(_("version of the due date"))
    due_at = models.DateTimeField(_("was due"))
    raised = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="raised_by")

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["assignment", "step", "due_version"], name="uq_escalation_step_version"),
        )

    def __str__(self) -> str:
        return f"{self.assignment} → {self.raised.to_user or self.raised.to_role}"


class Notification(SubjectRefMixin, OperationalModel):
    """A line on a person's screen that says what has come to them."""

    operational_reason = "repeats what assignments and escalations record; read or unread is no evidence of anything"

    class Cause(models.TextChoices):
        ASSIGNED = "assigned", _("Assigned to you")
        REASSIGNED = "reassigned", _("Passed on to you")
        ESCALATED = "escalated", _("Overdue, now with you")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="notifications")
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)
    text = models.CharField(_("text"), max_length=300)
    created_at = models.DateTimeField(_("at"), default=now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-id",)
        indexes = (models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="ix_notification_unread"),)

    def __str__(self) -> str:
        return f"{self.get_cause_display()}: {self.text}"


class Comment(SubjectRefMixin, FactModel):
    """What somebody said about a record. It stays as it was said; a correction is a further comment."""

    scope_path = "site"

    site = models.ForeignKey("core_organization.Site", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("comment"))

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("id",)
        constraints = (models.CheckConstraint(name="ck_comment_text", condition=~Q(text="")),)
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_comment_subject"),)

    def __str__(self) -> str:
        return self.text[:80]


class SavedFilter(TrailedModel):
    """A list with its filters, search, sorting and columns under a name: one's own, a site's, or a role's at a site.

    As a default it is what the list opens with. It is never deleted: others may have relied on it.
    """

    scope_path = "site"

    name = models.CharField(_("name"), max_length=80)
    page = models.CharField(_("list"), max_length=120, help_text=_("Name of the list's address."))
    query = models.TextField(_("filters"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("saved by"), on_delete=models.PROTECT, related_name="saved_filters"
    )
    site = models.ForeignKey(
        "core_organization.Site",
        verbose_name=_("shared at"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    to_role = models.CharField(_("role"), max_length=40, blank=True, help_text=_("Code of the role it is for."))
    is_default = models.BooleanField(_("the list opens with it"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(name="ck_savedfilter_role_at_site", condition=Q(site__isnull=False) | Q(to_role="")),
            models.UniqueConstraint(
                fields=["page", "site", "to_role"],
                condition=Q(is_default=True, is_active=True, site__isnull=False),
                name="uq_savedfilter_default_shared",
            ),
            models.UniqueConstraint(
                fields=["page", "owner"],
                condition=Q(is_default=True, is_active=True, site__isnull=True),
                name="uq_savedfilter_default_own",
            ),
        )
        indexes = (models.Index(fields=["page"], condition=Q(is_active=True), name="ix_savedfilter_page"),)

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The list with these filters."""
        return f"{reverse(self.page)}?{f'{self.query}&' if self.query else ''}view={self.pk}"
