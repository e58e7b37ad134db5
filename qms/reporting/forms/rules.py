"""Rules of trends, schedules of reports, subscriptions, and what the key figures are asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Partner, Role, Site, User, WorkCenter
from core.organization.queries import sites_of
from core.web.forms import DayField, Form, QuantityField
from qms.nonconformance.models import DefectCode, NonConformance
from qms.reporting.lifecycle import CHANGE_RULE, CHANGE_SCHEDULE
from qms.reporting.models import ReportSchedule, TrendRule
from qms.reporting.queries import volume_kinds
from qms.reporting.queries.schedules import readers_at
from traceability.forms import material_field
from traceability.models import Material

EVERY = ("", _("Every"))
NONE = ("", _("None"))


def _number(label: Any, low: int, high: int, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=low, max_value=high, **kwargs)


class RuleForm(Form):
    """What is watched, and from where on somebody must decide."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    name = forms.CharField(label=_("Name"), max_length=120)
    judged = forms.ChoiceField(label=_("How it is judged"), choices=TrendRule.Judged.choices)
    limit = QuantityField(
        label=_("Limit"), required=False, max_digits=12, decimal_places=3,
        help_text=_("The number or the rate from which on there is an alarm; none where statistics judge."),
    )  # fmt: skip
    volume = forms.ChoiceField(
        label=_("For each thousand"), required=False, help_text=_("None where the number alone is judged.")
    )
    months = _number(
        _("Months of the mean"), 3, 36, initial=12, help_text=_("For statistics: the judged month and those before it.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[EVERY, *NonConformance.Kind.choices], required=False)
    defect_code = forms.ModelChoiceField(
        label=_("Defect code"), queryset=DefectCode.objects.all(), required=False, empty_label=_("Every")
    )
    material = material_field(required=False)
    supplier = forms.ModelChoiceField(
        label=_("Supplier"), queryset=Partner.objects.filter(is_supplier=True), required=False, empty_label=_("Every")
    )
    work_center = forms.ModelChoiceField(
        label=_("Work center"), queryset=WorkCenter.objects.none(), required=False, empty_label=_("Every")
    )
    starts_on = DayField(
        label=_("Watches from the month of"), required=False, help_text=_("Empty: from this month on.")
    )
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, user: Any, rule: TrendRule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        sites = sites_of(user, CHANGE_RULE)
        fields["site"].queryset = sites
        fields["work_center"].queryset = WorkCenter.objects.filter(area__site__in=sites)
        fields["material"].rows = Material.objects.all()
        fields["volume"].choices = [NONE, *((code, one.label) for code, one in volume_kinds().items())]
        if rule is None:
            del self.fields["is_active"]
            if sites.count() == 1:
                self.initial.setdefault("site", sites.first())
            return
        del self.fields["starts_on"]
        fields["site"].disabled = True
        for name in self.fields:
            value = getattr(rule, name, None)
            self.initial.setdefault(name, value.number if isinstance(value, Material) else value)


class ScheduleForm(Form):
    """Which report is made when."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    kind = forms.ChoiceField(label=_("Report"), choices=ReportSchedule.Kind.choices)
    every = forms.ChoiceField(label=_("How often"), choices=ReportSchedule.Every.choices)
    day = _number(_("Day"), 1, 28, initial=1, help_text=_("Of the week, 1 being Monday, or of the month, at most 28."))
    hour = _number(_("Hour at the site"), 0, 23, initial=6)
    starts_on = DayField(label=_("First made on or after"), required=False, help_text=_("Empty: today."))
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, user: Any, schedule: ReportSchedule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        sites = sites_of(user, CHANGE_SCHEDULE)
        fields["site"].queryset = sites
        if schedule is None:
            del self.fields["is_active"]
            if sites.count() == 1:
                self.initial.setdefault("site", sites.first())
            return
        del self.fields["starts_on"]
        for name in ("site", "kind", "every"):
            fields[name].disabled = True
        for name in self.fields:
            self.initial.setdefault(name, getattr(schedule, name, None))


class SubscribeForm(Form):
    """Who is told: a person, or whoever holds a role at the site."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), required=False)
    role = forms.ModelChoiceField(label=_("Or role"), queryset=Role.objects.none(), required=False)
    by_mail = forms.BooleanField(
        label=_("By e-mail too"), required=False, help_text=_("The mail says where the report is, not what it says.")
    )

    def __init__(self, *args: Any, schedule: ReportSchedule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["person"].queryset = readers_at(schedule.site)
        fields["role"].queryset = Role.objects.filter(is_active=True).order_by("name")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and (values.get("person") is None) == (values.get("role") is None):
            self.add_error("person", _t("Name one person or one role."))
        return values


class OwnSubscriptionForm(Form):
    """How somebody is told themselves."""

    by_mail = forms.BooleanField(
        label=_("By e-mail too"), required=False, help_text=_("The mail says where the report is, not what it says.")
    )


class FiguresForm(Form):
    """Of which site, from when to when."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none(), required=False)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["site"].queryset = sites

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first is not None and last is not None and first > last:
            self.add_error("last", _t("The last day lies before the first one."))
        return values
