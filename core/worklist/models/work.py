"""What waits for whom, and who does it in whose place."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.records import SubjectRefMixin, TrailedModel


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
    due_since = models.DateTimeField(_("due date set at"), null=True, default=now, editable=False)
    """When the present due date was set: no step of a ladder counts that lies before it."""
    for_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("in place of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_("Who was asked first and is away or has left; the person asked now does it in their place."),
    )
    also_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("also done by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    delegation = models.ForeignKey(
        "core_worklist.Delegation",
        verbose_name=_("by delegation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="work",
    )
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
            models.Index(fields=["also_to", "due_at"], condition=Q(status="open"), name="ix_assignment_open_also"),
            models.Index(fields=["for_user"], condition=Q(status="open"), name="ix_assignment_open_for"),
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


class Delegation(TrailedModel):
    """One person does the work of another for a time: beside them, or in their place while they are away.

    Training and acknowledgements are never done for another, signatures are always one's own, and whoever may not do a
    deed may not do it for another either. While `is_absence` runs, work asked by name goes to the other person and
    comes back at its end; otherwise both see it.
    """

    scope_path = "from_user"

    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("work of"), on_delete=models.PROTECT, related_name="delegations_given"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("done by"), on_delete=models.PROTECT, related_name="delegations_held"
    )
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    kinds = models.JSONField(_("kinds of work"), default=list, blank=True, help_text=_("None named: every kind."))
    reason = models.TextField(_("reason"))
    is_absence = models.BooleanField(_("is away"), default=False)
    ended_early = models.BooleanField(_("ended early"), default=False, editable=False)
    passed_at = models.DateTimeField(_("work passed on at"), null=True, editable=False)
    returned_at = models.DateTimeField(_("work given back at"), null=True, editable=False)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ("-starts", "-id")
        constraints = (
            models.CheckConstraint(name="ck_delegation_two_people", condition=~Q(from_user=F("to_user"))),
            models.CheckConstraint(name="ck_delegation_order", condition=Q(ends__gte=F("starts"))),
            models.CheckConstraint(name="ck_delegation_reason", condition=~Q(reason="")),
        )
        indexes = (
            models.Index(fields=["to_user", "ends"], name="ix_delegation_to_ends"),
            models.Index(fields=["from_user", "ends"], name="ix_delegation_from_ends"),
            models.Index(fields=["ends"], condition=Q(returned_at__isnull=True), name="ix_delegation_open"),
        )

    def __str__(self) -> str:
        return f"{self.from_user} → {self.to_user}"

    def get_absolute_url(self) -> str:
        return reverse("core_worklist:delegation_list")

    def end_url(self) -> str:
        """The page that ends it; nowhere once it has ended."""
        return reverse("core_worklist:delegation_end", args=[self.pk]) if self.is_open else ""

    @property
    def is_open(self) -> bool:
        """Whether it runs or is still to begin."""
        return self.ends > now()

    @property
    def is_running(self) -> bool:
        """Whether it counts now."""
        return self.starts <= now() < self.ends
