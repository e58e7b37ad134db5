"""What people are told, by which way, and what they say to each other about records."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.records import FactModel, OperationalModel, SubjectRefMixin
from core.worklist.models.work import Assignment


class Notification(SubjectRefMixin, OperationalModel):
    """A line on a person's screen that says what has come to them."""

    operational_reason = "repeats what assignments and escalations record; read or unread is no evidence of anything"

    class Cause(models.TextChoices):
        ASSIGNED = "assigned", _("Assigned to you")
        REASSIGNED = "reassigned", _("Passed on to you")
        ESCALATED = "escalated", _("Overdue, now with you")
        REMINDED = "reminded", _("Reminder")
        RETURNED = "returned", _("Back with you")
        MENTIONED = "mentioned", _("You were mentioned")
        WATCHED = "watched", _("News of what you watch")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    """The work it is about; None for a mention or a watched record."""
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)
    text = models.CharField(_("text"), max_length=300)
    created_at = models.DateTimeField(_("at"), default=now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    by_mail = models.BooleanField(_("by mail at once"), default=False)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="ix_notification_unread"),
            models.Index(
                fields=["created_at"],
                condition=Q(read_at__isnull=True, mailed_at__isnull=True),
                name="ix_notification_unmailed",
            ),
        )

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


class Watch(SubjectRefMixin, OperationalModel):
    """A person wants to hear what happens to a record."""

    operational_reason = "what somebody wants to hear of; what happened stands in the record's own trail"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    since = models.DateTimeField(_("since"), default=now)
    last_transition = models.BigIntegerField(default=0)
    """The newest move of the record of which the person was told."""

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=["subject_type", "subject_id", "user"], name="uq_watch"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.subject_label}"


class MailPreference(OperationalModel):
    """How a person wants to be told by mail. Without a row: one summary a day, at seven."""

    operational_reason = "when somebody wants mail; it is evidence of nothing, and the page shows everything anyway"

    class Mode(models.TextChoices):
        DIGEST = "digest", _("One summary a day")
        AT_ONCE = "at_once", _("Each piece of news at once")
        NONE = "none", _("No mail but what a ladder sends at once")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_preference")
    mode = models.CharField(_("mail"), max_length=8, choices=Mode.choices, default=Mode.DIGEST)
    hour = models.PositiveSmallIntegerField(_("hour of the summary"), default=7, validators=[MaxValueValidator(23)])

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")

    def __str__(self) -> str:
        return f"{self.user}: {self.get_mode_display()}"


class Digest(OperationalModel):
    """The summary of one day for one person: made once, sent at least once, always under the same Message-ID."""

    operational_reason = "repeats what stood in the inbox on that day; it is kept so that no second one is made"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField(_("day"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        constraints = (models.UniqueConstraint(fields=["user", "day"], name="uq_digest_user_day"),)

    def __str__(self) -> str:
        return f"{self.user} {self.day}"
