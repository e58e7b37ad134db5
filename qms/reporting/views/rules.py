"""Rules of trends and their alarms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.web.access import may
from core.web.markup import number
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, Related
from qms.capa.queries import capas_from
from qms.reporting import services
from qms.reporting.filters import TrendAlarmFilters, TrendRuleFilters
from qms.reporting.forms import RuleForm
from qms.reporting.lifecycle import CHANGE_RULE, VIEW_ALARM, VIEW_RULE
from qms.reporting.models import TrendAlarm, TrendRule
from qms.reporting.queries import MonthFound, asked_by, found_by, month_end, volume_kinds
from qms.reporting.tables import TrendAlarmTable, TrendRuleTable
from qms.reporting.views.analysis import SEE, nonconformances

SHOWN = 12
RELATED = ("site", "defect_code", "material", "supplier", "work_center")


class RuleList(ListPage):
    """What is watched."""

    model = TrendRule
    permission = VIEW_RULE
    table_class = TrendRuleTable
    filterset_class = TrendRuleFilters
    search_fields = ("name",)
    order = ("name",)
    create_url_name = "qms_reporting:trendrule_create"
    create_permission = CHANGE_RULE
    create_label = _("Watch a trend")
    empty_title = _("No trend is watched")
    empty_text = _("A rule says from which number, rate or statistical limit on somebody decides about a CAPA.")
    empty_icon = "chart"

    def get_queryset(self) -> QuerySet[Any]:
        return TrendRule.objects.select_related("site")


class RuleForms(FormPage):
    """Watch a trend, or watch it otherwise with a reason."""

    model = TrendRule
    permission = CHANGE_RULE
    view_permission = VIEW_RULE
    form_class = RuleForm

    def get_queryset(self) -> QuerySet[Any]:
        return TrendRule.objects.select_related(*RELATED)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user, "rule": self.instance}

    def deed(self, form: Any) -> Any:
        values = dict(form.cleaned_data)
        if not self.is_change:
            return services.create_rule(**values, actor=self.request.user)
        values.pop("site")
        return services.change_rule(rule=self.record, **values, actor=self.request.user)


class RuleDetail(DetailPage):
    """What a rule watches, what it finds now, and its alarms."""

    model = TrendRule
    permission = VIEW_RULE
    template_name = "qms/reporting/trendrule_detail.html"
    timeline_later = True

    def get_queryset(self) -> QuerySet[Any]:
        return TrendRule.objects.select_related(*RELATED)

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        return [] if self.record.is_active else [(_("Not watched"), "neutral", "ban")]

    def actions(self) -> Sequence[Action]:
        url = reverse("qms_reporting:trendrule_change", args=[self.record.pk])
        return [Action(_("Change"), url, "pencil", CHANGE_RULE)]

    def facts(self) -> Sequence[Fact]:
        record = self.record
        volume = volume_kinds().get(record.volume)
        told = [
            (_("Site"), record.site),
            (_("How it is judged"), record.get_judged_display()),
            (_("Limit"), None if record.limit is None else number(record.limit)),
            (_("For each thousand"), None if volume is None else volume.label),
            (_("Months of the mean"), record.months if record.judged == TrendRule.Judged.ALARM else None),
            (_("Kind"), record.kind and dict(_kinds()).get(record.kind)),
            (_("Defect code"), record.defect_code),
            (_("Material"), record.material),
            (_("Supplier"), record.supplier),
            (_("Work center"), record.work_center),
            (_("Watches from"), date_format(record.starts_on, "F Y")),
        ]
        return [Fact(label, value) for label, value in told if value]

    @cached_property
    def found(self) -> list[tuple[MonthFound, str]]:
        """The months that are judged now, with the lists behind them."""
        rule = self.record
        return [(one, nonconformances(asked_by(rule, one.month, month_end(one.month)))) for one in found_by(rule)[::-1]]

    def context(self, **more: Any) -> dict[str, Any]:
        alarms = list(self.record.alarms.order_by("-pk")[:SHOWN])
        return super().context(found=self.found, alarms=alarms, **more)


def _kinds() -> Sequence[tuple[str, Any]]:
    choices: Any = RuleForm.base_fields["kind"]
    return [(key, label) for key, label in choices.choices if key]


class AlarmList(ListPage):
    """What broke a rule."""

    model = TrendAlarm
    permission = VIEW_ALARM
    table_class = TrendAlarmTable
    filterset_class = TrendAlarmFilters
    search_fields = ("number", "rule__name")
    order = ("-pk",)
    empty_title = _("No alarms")
    empty_text = _("No rule of a trend was broken. Each alarm opens a draft of a CAPA about which somebody decides.")
    empty_icon = "shield-check"

    def get_queryset(self) -> QuerySet[Any]:
        return TrendAlarm.objects.select_related("site", "rule")


class AlarmDetail(DetailPage):
    """What was counted in the month, where the limit lay, and the CAPA that was drafted."""

    model = TrendAlarm
    permission = VIEW_ALARM
    timeline_later = True

    def get_queryset(self) -> QuerySet[Any]:
        rule = [f"rule__{name}" for name in RELATED]
        return TrendAlarm.objects.select_related("site", *rule)

    def facts(self) -> Sequence[Fact]:
        alarm = self.record
        listed = nonconformances(asked_by(alarm.rule, alarm.month, month_end(alarm.month)))
        volume = volume_kinds().get(alarm.rule.volume)
        facts = [
            Fact(_("Rule"), alarm.rule, alarm.rule.get_absolute_url()),
            Fact(_("Site"), alarm.site),
            Fact(_("Month"), date_format(alarm.month, "F Y")),
            Fact(_("Counted then"), alarm.count, listed if self.request_may_see else ""),
            Fact(_("Limit"), number(round(alarm.limit, 3))),
        ]
        if alarm.rate is not None and volume is not None:
            facts += [
                Fact(_("Per 1,000"), number(round(alarm.rate, 3))),
                Fact(volume.label, number(alarm.volume or 0)),
            ]
        return facts

    @cached_property
    def request_may_see(self) -> bool:
        """Whether the visitor may see the records that were counted."""
        return may(self.request.user, SEE, self.record.site)

    def related(self) -> Sequence[Related]:
        found = capas_from(self.record, self.request.user)
        return [Related(str(one), one.get_absolute_url(), one.get_status_display()) for one in found]
