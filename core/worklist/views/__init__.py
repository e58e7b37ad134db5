"""Doors of the worklist: the inbox, passing work on, comments, saved filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.files.queries import may_see_record
from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.kernel.records import TrailedModel
from core.organization.queries import sites_of
from core.web.access import Access, PageMixin, may
from core.web.context import shell_of
from core.web.first_steps import first_steps
from core.web.views import Bulk, BulkPage, FormPage, ListPage, MovePage
from core.web.views.lists import kept_query
from core.web.views.record import Page
from core.worklist import services
from core.worklist.forms import CommentForm, ReassignForm, RescheduleForm, SavedFilterForm
from core.worklist.models import Assignment, Kind, SavedFilter
from core.worklist.queries import (
    asked_in_words,
    may_reschedule,
    pages_of,
    people_for,
    role_names,
    saved_filters,
    unread_by,
    work_of,
)
from core.worklist.services import filters

SHOWN = 200
WHOSE = {"all": _("All"), "mine": _("Mine"), "roles": _("My roles and rights")}


@dataclass(frozen=True)
class Line:
    """One piece of work with the address of what it is about and who is asked, in words."""

    assignment: Assignment
    url: str
    asked: str
    may_reschedule: bool


@dataclass(frozen=True)
class Group:
    """Work that is due in the same span of time."""

    label: str | Promise
    tone: str
    lines: list[Line]


def grouped(
    work: Iterable[Assignment], pages: Mapping[tuple[int, int], str], user: Any, moment: dt.datetime, zone: dt.tzinfo
) -> list[Group]:
    """Work by when it is due in the visitor's zone: overdue, today, within a week, later, without a date."""
    roles = role_names()
    today = moment.astimezone(zone).date()
    spans: dict[str, Group] = {
        "overdue": Group(_("Overdue"), "bad", []),
        "today": Group(_("Today"), "warn", []),
        "week": Group(_("Within a week"), "neutral", []),
        "later": Group(_("Later"), "neutral", []),
        "undated": Group(_("Without a date"), "neutral", []),
    }
    for assignment in work:
        url = pages.get((assignment.subject_type_id, assignment.subject_id), "")
        asked = asked_in_words(assignment, roles.get(assignment.to_role, ""))
        line = Line(assignment, url, asked, may_reschedule(user, assignment))
        spans[_span(assignment.due_at, moment, today, zone)].lines.append(line)
    return [group for group in spans.values() if group.lines]


def _span(due_at: dt.datetime | None, moment: dt.datetime, today: dt.date, zone: dt.tzinfo) -> str:
    if due_at is None:
        return "undated"
    if due_at < moment:
        return "overdue"
    days = (due_at.astimezone(zone).date() - today).days
    return "today" if days == 0 else "week" if days <= 7 else "later"


class Inbox(Page):
    """“My work”: everything that waits for the visitor, by when it is due. Shows what the visitor may see, only."""

    access = Access.SIGNED_IN
    title = _("My work")
    template_name = "core/worklist/assignment_inbox.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        whose = request.GET.get("whose", "all")
        whose = whose if whose in WHOSE else "all"
        work = work_of(request.user, whose=whose)
        kind = request.GET.get("kind", "")
        if kind in Kind.values:
            work = work.filter(kind=kind)
        found = list(work[: SHOWN + 1])
        notices = list(unread_by(request.user)[:20])
        pages = pages_of([*found[:SHOWN], *notices])
        return self.render(
            first_steps=first_steps(request),
            bulk=[Bulk(_("Pass on"), "core_worklist:assignment_delegate", icon="transfer")],
            groups=grouped(found[:SHOWN], pages, request.user, now(), shell_of(request).zone),
            has_more=len(found) > SHOWN,
            shown=SHOWN,
            whose=whose,
            whose_choices=WHOSE.items(),
            kind=kind if kind in Kind.values else "",
            kinds=Kind.choices,
            notices=[(notice, pages.get((notice.subject_type_id, notice.subject_id), "")) for notice in notices],
        )


def commentable(user: Any, model: Any, pk: int) -> Any:
    """The record that the visitor may comment on; 404 for what keeps no comments or is not theirs to see."""
    if model is None or not issubclass(model, TrailedModel) or not hasattr(model, "get_absolute_url"):
        raise Http404(gettext("There is no such record here."))
    record: Any = model._base_manager.filter(pk=pk).first()
    if not may_see_record(user, record):
        raise Http404(gettext("There is no such record here."))
    return record


class NotificationsRead(PageMixin):
    """Marks the visitor's notifications as read."""

    access = Access.SIGNED_IN
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        services.mark_read(actor=request.user)
        return HttpResponseRedirect(reverse("core_worklist:assignment_inbox"))


class AssignmentReassign(FormPage):
    """Pass open work on. Whoever is asked for it sees this page, and whoever may give work to others at the site."""

    access = Access.SIGNED_IN
    permission = "core_worklist.reassign_assignment"
    model = Assignment
    form_class = ReassignForm
    title = _("Pass on")
    submit_label = _("Pass on")
    list_url_name = "core_worklist:assignment_inbox"

    def find(self, permission: str) -> Any:
        found = Assignment.objects.select_related("site", "to_user").filter(pk=self.kwargs["pk"]).first()
        if found is None or not (
            work_of(self.request.user).filter(pk=found.pk).exists() or may(self.request.user, permission, found)
        ):
            raise Http404(gettext("There is no such record here."))
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_for([self.record])}

    def deed(self, form: Any) -> Any:
        return services.reassign(assignment=self.record, actor=self.request.user, **form.cleaned_data)


class AssignmentReschedule(FormPage):
    """Move the due date of open work."""

    permission = "core_worklist.reassign_assignment"
    model = Assignment
    form_class = RescheduleForm
    title = _("Other due date")
    lead = _("The escalation rules count from the new date. Whoever is asked stays asked.")
    list_url_name = "core_worklist:assignment_inbox"

    def get_initial(self) -> dict[str, Any]:
        return {"due_at": self.record.due_at}

    def deed(self, form: Any) -> Any:
        return services.reschedule(assignment=self.record, actor=self.request.user, **form.cleaned_data)


class AssignmentDelegate(BulkPage):
    """Pass several pieces of one's work on to one person."""

    access = Access.SIGNED_IN
    model = Assignment
    form_class = ReassignForm
    label = _("Pass on")
    title = _("Pass work on")
    explanation = _("The person finds it in their inbox; the due dates stay.")
    list_url_name = "core_worklist:assignment_inbox"

    def visible(self) -> Any:
        return work_of(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_for(self.chosen)}

    def deed_on(self, record: Assignment, form: Any) -> Any:
        return services.reassign(assignment=record, actor=self.request.user, **form.cleaned_data)


class CommentCreate(PageMixin):
    """Takes a comment on any record that the visitor may see, and leads back to the record."""

    access = Access.SIGNED_IN
    http_method_names = ("post",)

    def post(self, request: HttpRequest, kind: int, pk: int) -> HttpResponseBase:
        record = commentable(request.user, get_object_or_404(ContentType, pk=kind).model_class(), pk)
        form = CommentForm(request.POST)
        try:
            if form.is_valid():
                services.comment(subject=record, text=form.cleaned_data["text"], actor=request.user)
            else:
                messages.error(request, gettext("The comment is empty or too long."))
        except Blocked as refused:
            for blocker in refused.blockers:
                messages.error(request, str(blocker.message))
        return HttpResponseRedirect(f"{record.get_absolute_url()}#timeline")


class SavedFilterCreate(FormPage):
    """Keeps the filters of the list that the visitor comes from (`?page=` its url name, `query=` its filters)."""

    access = Access.SIGNED_IN
    model = SavedFilter
    form_class = SavedFilterForm
    title = _("Save these filters")
    list_url_name = "core_worklist:assignment_inbox"

    @property
    def wanted(self) -> tuple[str, str]:
        """The list and its filters; 404 for an address that is no list."""
        page = self.request.GET.get("page", "")
        try:
            view = resolve(reverse(page)).func
        except (NoReverseMatch, Resolver404):
            view = None
        if not issubclass(getattr(view, "view_class", object), ListPage):
            raise Http404(gettext("There is no such list."))
        return page, kept_query(self.request.GET.get("query", "")[:2000])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "sites": sites_of(self.request.user, "core_worklist.share_savedfilter").order_by("code"),
        }

    def cancel_url(self) -> str:
        page, query = self.wanted
        return f"{reverse(page)}?{query}"

    def deed(self, form: Any) -> str:
        page, query = self.wanted
        values = dict(form.cleaned_data)
        role = values.pop("to_role", None)
        saved = filters.save_filter(
            page=page, query=query, to_role=role.code if role else "", actor=self.request.user, **values
        )
        return saved.address


class SavedFilterRemove(MovePage):
    """Takes a saved filter off its list."""

    access = Access.SIGNED_IN
    model = SavedFilter
    label = _("Remove the saved filter")
    explanation = _("The filter is no longer offered to anybody. The records of the list stay as they are.")

    def find(self, permission: str) -> Any:
        found = SavedFilter.objects.select_related("site").filter(pk=self.kwargs["pk"], is_active=True).first()
        if found is None or not saved_filters(self.request.user, found.page).filter(pk=found.pk).exists():
            raise Http404(gettext("There is no such record here."))
        return found

    def may_do(self) -> bool:
        site = self.record.site
        return site is None or may(self.request.user, "core_worklist.share_savedfilter", site)

    def cancel_url(self) -> str:
        return str(self.record.address)

    def deed(self, form: Any) -> str:
        filters.remove_filter(saved_filter=self.record, actor=self.request.user)
        return f"{reverse(self.record.page)}?view=0"
