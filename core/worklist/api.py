"""The API of the worklist: open work, passing it on, comments, notifications, ladders, delegations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import cached_property

from core.web.access import Access
from core.web.api import Reading, deed, reading, records
from core.web.forms import Form
from core.web.views import ListPage
from core.web.views.form import DeedMixin
from core.worklist import services, views
from core.worklist.forms import CommentOnForm, NamedRecordForm
from core.worklist.models import Assignment, Comment, Notification
from core.worklist.queries import unread_by, work_of
from core.worklist.serializers import MailPreferenceShape, NotificationShape, ReadShape, WatchShape
from core.worklist.services.mailing import choose_mail
from core.worklist.tables import AssignmentTable
from core.worklist.views import ladders, standing_in, telling

MOST = 200
"""Notifications that one answer holds; reading them makes room for older ones."""


class OpenWork(ListPage):
    """Everything that waits for the person who asks, as in their inbox."""

    model, table_class = Assignment, AssignmentTable
    access: ClassVar[Access] = Access.SIGNED_IN
    search_fields = ("title", "subject_label")

    @cached_property
    def visible(self) -> QuerySet[Assignment]:
        return work_of(self.request.user)


class Unread(Reading):
    """The notifications that the person who asks has not read, newest first."""

    page, shape = views.Inbox, NotificationShape

    def read(self, page: Any) -> list[Notification]:
        return list(unread_by(page.request.user)[:MOST])


class NotificationsRead(DeedMixin, views.NotificationsRead):
    """Mark the notifications of the person who asks as read."""

    form_class = Form

    def deed(self, form: Any) -> dict[str, int]:
        return {"read": services.mark_read(actor=self.request.user)}


class CommentCreate(DeedMixin, views.CommentCreate):
    """Say something about a record that one may see; it cannot be taken back."""

    model, form_class = Comment, CommentOnForm

    def deed(self, form: Any) -> Comment:
        values = form.cleaned_data
        subject = views.commentable(self.request.user, values["kind"], values["record"])
        return services.comment(subject=subject, text=values["text"], actor=self.request.user)


class MailChange(telling.MailChange):
    """Say how the person who asks wants to be told by mail."""

    def deed(self, form: Any) -> dict[str, Any]:
        chosen = choose_mail(actor=self.request.user, **form.cleaned_data)
        return {"mode": chosen.mode, "hour": chosen.hour}


class WatchChange(telling.WatchChange):
    """Begin to watch a record, or stop where the person who asks watches it."""

    form_class = NamedRecordForm

    @cached_property
    def subject(self) -> Any:
        values = self.form.cleaned_data
        return views.commentable(self.request.user, values["kind"], values["record"])

    def deed(self, form: Any) -> Any:
        watched = self.is_watched
        super().deed(form)
        return {"watched": not watched}


urlpatterns = [
    *records("assignments", name="assignment", list=OpenWork),
    deed("assignments/<int:pk>/reassign/", views.AssignmentReassign, name="assignment_reassign"),
    deed("assignments/<int:pk>/reschedule/", views.AssignmentReschedule, name="assignment_reschedule"),
    deed("comments/", CommentCreate, name="comment_create", status=201),
    reading("notifications/", Unread, name="notification_list"),
    deed("notifications/read/", NotificationsRead, name="notification_read", shape=ReadShape),
    *records(
        "rules",
        name="escalationrule",
        list=ladders.EscalationRuleList,
        create=ladders.EscalationRuleForms,
        change=ladders.EscalationRuleForms,
    ),
    deed("mail/", MailChange, name="mailpreference_change", shape=MailPreferenceShape),
    deed("watches/", WatchChange, name="watch_change", shape=WatchShape),
    *records(
        "delegations",
        name="delegation",
        list=standing_in.DelegationList,
        create=standing_in.DelegationCreate,
    ),
    deed("delegations/<int:pk>/end/", standing_in.DelegationEnd, name="delegation_end"),
]
