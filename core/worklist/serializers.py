"""How work that waits for people looks in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import FactShape, Shape, ValueShape
from core.worklist.models import Assignment, Comment, Delegation, EscalationRule, MailPreference, Notification

SUBJECT = ("subject_kind", "subject_id", "subject_label")


class AssignmentShape(Shape):
    subject_kind = serializers.CharField(source="subject_type.app_labeled_name")

    class Meta:
        model = Assignment
        fields = (
            "id", "kind", "title", *SUBJECT, "to_user", "for_user", "also_to", "to_role", "to_permission", "not_to",
            "site", "due_at", "due_version", "status", "closed_at", "closed_by", "version",
        )  # fmt: skip


class NotificationShape(FactShape):
    class Meta:
        model = Notification
        fields = ("id", "cause", "text", "subject_id", "subject_label", "created_at", "read_at")


class CommentShape(FactShape):
    class Meta:
        model = Comment
        fields = ("id", "subject_id", "subject_label", "site", "text", "actor", "stamped_at")


class EscalationRuleShape(Shape):
    class Meta:
        model = EscalationRule
        fields = (
            "id", "kind", "record_type", "severity", "site", "step", "after", "whom", "to_role", "to_user", "by_mail",
            "is_active", "version",
        )  # fmt: skip


class DelegationShape(Shape):
    class Meta:
        model = Delegation
        fields = (
            "id", "from_user", "to_user", "is_absence", "kinds", "starts", "ends", "ended_early", "reason", "version",
        )  # fmt: skip


class ReadShape(ValueShape):
    """How many notifications were unread."""

    read = serializers.IntegerField()


class MailPreferenceShape(ValueShape):
    """How a person wants to be told by mail."""

    mode = serializers.ChoiceField(choices=MailPreference.Mode.choices)
    hour = serializers.IntegerField()


class WatchShape(ValueShape):
    """Whether the record is watched now."""

    watched = serializers.BooleanField()
