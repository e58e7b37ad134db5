"""Stored reports, when they are made, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.web.access import may
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from qms.reporting import services
from qms.reporting.filters import ReportRunFilters, ReportScheduleFilters
from qms.reporting.forms import OwnSubscriptionForm, ScheduleForm, SubscribeForm
from qms.reporting.lifecycle import CHANGE_SCHEDULE, VIEW_RUN, VIEW_SCHEDULE
from qms.reporting.models import ReportRun, ReportSchedule, ReportSubscription
from qms.reporting.queries import last_due, print_of, unread_delivery
from qms.reporting.tables import ReportRunTable, ReportScheduleTable

SHOWN = 12


class RunList(ListPage):
    """The reports that the visitor may read."""

    model = ReportRun
    permission = VIEW_RUN
    table_class = ReportRunTable
    filterset_class = ReportRunFilters
    search_fields = ("number",)
    order = ("-pk",)
    empty_title = _("No reports yet")
    empty_text = _("A schedule has reports made by the clock, sealed, stored and sent to whoever subscribed.")
    empty_icon = "file-check"
    empty_offers = ((_("Schedules of reports"), "qms_reporting:reportschedule_list"),)

    def get_queryset(self) -> QuerySet[Any]:
        return ReportRun.objects.select_related("site")


class RunDetail(DetailPage):
    """One report: its sealed PDF, and to whom it was delivered."""

    model = ReportRun
    permission = VIEW_RUN
    template_name = "qms/reporting/reportrun_detail.html"
    timeline_later = True

    def get_queryset(self) -> QuerySet[Any]:
        return ReportRun.objects.select_related("site", "schedule__site")

    @cached_property
    def printed(self) -> Any:
        """The sealed PDF, once it is made."""
        return print_of(self.record)

    def facts(self) -> Sequence[Fact]:
        run = self.record
        return [
            Fact(_("Report"), run.get_kind_display()),
            Fact(_("Site"), run.site),
            Fact(_("From"), f"{run.begins_on:%Y-%m-%d}"),
            Fact(_("To"), f"{run.ends_on:%Y-%m-%d}"),
            Fact(_("Schedule"), run.schedule, run.schedule.get_absolute_url()),
        ]

    def actions(self) -> Sequence[Action]:
        if unread_delivery(self.record, self.request.user) is None:
            return ()
        return [Action(_("I have read it"), reverse("qms_reporting:reportrun_read", args=[self.record.pk]), "check")]

    def related(self) -> Sequence[Related]:
        if self.printed is None:
            return ()
        return [Related(str(self.printed), self.printed.get_absolute_url(), _("Sealed PDF"))]

    def context(self, **more: Any) -> dict[str, Any]:
        deliveries = list(self.record.deliveries.select_related("person").order_by("person__full_name"))
        return super().context(printed=self.printed, deliveries=deliveries, **more)


class RunRead(MovePage):
    """Say that one has read a report."""

    model = ReportRun
    permission = VIEW_RUN
    deed_permission = VIEW_RUN
    label = _("I have read it")
    explanation = _("It leaves your work. The report stays here.")

    def get_queryset(self) -> QuerySet[Any]:
        return ReportRun.objects.select_related("site", "schedule__site")

    def deed(self, form: Any) -> ReportRun:
        return services.mark_read(run=self.record, actor=self.request.user)


class ScheduleList(ListPage):
    """When which report is made."""

    model = ReportSchedule
    permission = VIEW_SCHEDULE
    table_class = ReportScheduleTable
    filterset_class = ReportScheduleFilters
    order = ("kind",)
    create_url_name = "qms_reporting:reportschedule_create"
    create_permission = CHANGE_SCHEDULE
    create_label = _("Schedule a report")
    empty_title = _("No report is scheduled")
    empty_text = _("Say which report is made when; people and roles subscribe to it.")
    empty_icon = "clock"

    def get_queryset(self) -> QuerySet[Any]:
        return ReportSchedule.objects.select_related("site")


class ScheduleForms(FormPage):
    """Schedule a report, or make it at another time with a reason."""

    model = ReportSchedule
    permission = CHANGE_SCHEDULE
    view_permission = VIEW_SCHEDULE
    form_class = ScheduleForm

    def get_queryset(self) -> QuerySet[Any]:
        return ReportSchedule.objects.select_related("site")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user, "schedule": self.instance}

    def deed(self, form: Any) -> Any:
        values = dict(form.cleaned_data)
        if not self.is_change:
            return services.create_schedule(**values, actor=self.request.user)
        chosen = {name: values[name] for name in ("day", "hour", "is_active", "reason")}
        return services.change_schedule(schedule=self.record, **chosen, actor=self.request.user)


class ScheduleDetail(DetailPage):
    """When it is made, who is told, and the reports that were made."""

    model = ReportSchedule
    permission = VIEW_SCHEDULE
    template_name = "qms/reporting/reportschedule_detail.html"
    timeline_later = True

    def get_queryset(self) -> QuerySet[Any]:
        return ReportSchedule.objects.select_related("site")

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        return [] if self.record.is_active else [(_("Not made any more"), "neutral", "ban")]

    def facts(self) -> Sequence[Fact]:
        record, due = self.record, last_due(self.record)
        return [
            Fact(_("Site"), record.site),
            Fact(_("How often"), record.get_every_display()),
            Fact(_("Day"), record.day),
            Fact(_("Hour at the site"), record.hour),
            Fact(_("Last due"), _t("not yet") if due is None else f"{due.due_at:%Y-%m-%d %H:%M}"),
        ]

    @cached_property
    def subscriptions(self) -> list[ReportSubscription]:
        """Who is told."""
        return list(self.record.subscriptions.select_related("person", "role"))

    def actions(self) -> Sequence[Action]:
        pk = self.record.pk
        found = []
        if not any(one.person_id == self.request.user.pk for one in self.subscriptions):
            url = reverse("qms_reporting:reportschedule_follow", args=[pk])
            found.append(Action(_("Subscribe"), url, "bell", VIEW_RUN))
        return [
            *found,
            Action(_("Add a subscriber"), reverse("qms_reporting:reportschedule_subscribe", args=[pk]), "user",
                   CHANGE_SCHEDULE),
            Action(_("Change"), reverse("qms_reporting:reportschedule_change", args=[pk]), "pencil", CHANGE_SCHEDULE),
        ]  # fmt: skip

    def context(self, **more: Any) -> dict[str, Any]:
        may_set = may(self.request.user, CHANGE_SCHEDULE, self.record)
        told = [(one, may_set or one.person_id == self.request.user.pk) for one in self.subscriptions]
        runs = list(self.record.runs.order_by("-pk")[:SHOWN]) if may(self.request.user, VIEW_RUN, self.record) else []
        return super().context(told=told, runs=runs, **more)


class _OfSchedule(MovePage):
    """What the deeds on a schedule share."""

    model = ReportSchedule
    permission = VIEW_SCHEDULE

    def get_queryset(self) -> QuerySet[Any]:
        return ReportSchedule.objects.select_related("site")


class ScheduleFollow(_OfSchedule):
    """Subscribe oneself."""

    deed_permission = VIEW_RUN
    form_class = OwnSubscriptionForm
    label = _("Subscribe")
    explanation = _("You are told here of each new report, and by e-mail if you wish.")

    def deed(self, form: Any) -> ReportSubscription:
        user: Any = self.request.user
        by_mail = form.cleaned_data["by_mail"]
        return services.subscribe(schedule=self.record, person=user, by_mail=by_mail, actor=user)


class ScheduleSubscribe(_OfSchedule):
    """Have somebody told."""

    deed_permission = CHANGE_SCHEDULE
    form_class = SubscribeForm
    label = _("Add a subscriber")
    explanation = _("They are told here of each new report, and by e-mail if you say so. They may unsubscribe.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "schedule": self.record}

    def deed(self, form: Any) -> ReportSubscription:
        names = ("person", "role", "by_mail", "reason")
        values = {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
        return services.subscribe(schedule=self.record, **values, actor=self.request.user)


class Unsubscribe(MovePage):
    """Nobody is told any more by a subscription."""

    model = ReportSubscription
    permission = VIEW_SCHEDULE
    deed_permission = VIEW_RUN
    label = _("Unsubscribe")
    explanation = _("Reports that come later are not told of by this subscription.")
    list_url_name = "qms_reporting:reportschedule_list"

    def get_queryset(self) -> QuerySet[Any]:
        return ReportSubscription.objects.select_related("schedule__site", "person", "role")

    def deed(self, form: Any) -> ReportSchedule:
        return services.unsubscribe(
            subscription=self.record, actor=self.request.user, reason=form.cleaned_data.get("reason", "")
        )
