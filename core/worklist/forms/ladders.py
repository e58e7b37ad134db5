"""Shapes of input: a step of a ladder, a delegation, how one wants mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.organization.models import Role, Site, User
from core.organization.queries import people_in_reach, sites_of
from core.web.forms import Form, MomentField, ReasonField
from core.worklist.models import EscalationRule, Kind, MailPreference, Whom
from core.worklist.models.ladders import DAY, HOUR
from core.worklist.queries.ladders import kinds_of_record, severities_of
from core.worklist.queries.standing_in import NEVER_FOR_ANOTHER

SET = "core_worklist.change_escalationrule"
YEAR = 366 * DAY
"""Minutes; work that is a year late has been forgotten, not escalated."""
UNITS = {"minutes": 1, "hours": HOUR, "days": DAY}
SIDES = {"before": -1, "at": 0, "after": 1}


def _severities() -> list[tuple[str, str]]:
    """Every severity that some kind of record knows, with the kinds that know it."""
    known: dict[str, list[str]] = {}
    for model in apps.get_models():
        for value, label in severities_of(model) if not model._meta.label.startswith("Historical") else ():
            if value and "historical" not in str(model._meta.model_name):
                known.setdefault(value, []).append(f"{label} ({model._meta.verbose_name})")
    return [("", str(_("Any"))), *((value, " / ".join(labels)) for value, labels in sorted(known.items()))]


class RecordTypeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A kind of record, by the name that people know."""

    def label_from_instance(self, obj: Any) -> str:
        model = obj.model_class()
        return str(obj) if model is None else str(model._meta.verbose_name)


class EscalationRuleForm(Form):
    """When open work of a kind reaches whom, and how."""

    kind = forms.ChoiceField(
        label=_("Kind of work"), choices=[choice for choice in Kind.choices if choice[0] != Kind.ESCALATION]
    )
    record_type = RecordTypeField(
        label=_("Kind of record"),
        queryset=ContentType.objects.none(),
        required=False,
        empty_label=_("Every record"),
        help_text=_("Of several ladders that fit, the one that names the record counts, then severity, then site."),
    )
    severity = forms.ChoiceField(label=_("Severity"), choices=_severities, required=False)
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("Every site")
    )
    step = forms.IntegerField(label=_("Step"), min_value=1, max_value=9, initial=1)
    side = forms.ChoiceField(
        label=_("When"),
        choices=[("before", _("Before it is due")), ("at", _("When it is due")), ("after", _("After it was due"))],
        initial="after",
    )
    amount = forms.IntegerField(label=_("How long"), min_value=0, max_value=YEAR, initial=0, required=False)
    unit = forms.ChoiceField(
        label=_("Unit"),
        choices=[("days", _("Days")), ("hours", _("Hours")), ("minutes", _("Minutes"))],
        initial="days",
    )
    whom = forms.ChoiceField(label=_("Whom"), choices=Whom.choices, initial=Whom.ROLE)
    to_role = forms.ModelChoiceField(
        label=_("Role"),
        queryset=Role.objects.filter(is_active=True),
        to_field_name="code",
        required=False,
        help_text=_("Asked where the step names a role, and where nobody is the manager or person it names."),
    )
    to_user = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.none(),
        required=False,
    )
    by_mail = forms.BooleanField(
        label=_("By mail at once"), required=False, help_text=_("Whatever the person has chosen for other news.")
    )
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, user: Any, rule: EscalationRule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = User.objects.filter(is_active=True, is_system=False).order_by("full_name")
        reached = Q(pk__in=people_in_reach(known, user, SET).order_by().values("pk"))
        here = sites_of(user, SET).filter(is_active=True)
        if rule is not None:
            reached |= Q(pk=rule.to_user_id or 0)
            here = Site.objects.filter(pk=rule.site_id or 0)
        self.fields["to_user"].queryset = known.filter(reached)  # type: ignore[attr-defined]
        self.fields["site"].queryset = here  # type: ignore[attr-defined]
        self.fields["record_type"].queryset = kinds_of_record()  # type: ignore[attr-defined]
        if rule is not None:
            for name in ("kind", "record_type", "severity", "site", "step"):
                self.fields[name].disabled = True
                self.initial[name] = getattr(rule, name)
            for name in ("whom", "to_role", "to_user", "by_mail", "is_active"):
                self.initial[name] = getattr(rule, name)
            unit = next((name for name in ("days", "hours") if rule.after % UNITS[name] == 0), "minutes")
            side = "before" if rule.after < 0 else "after" if rule.after else "at"
            self.initial = {**self.initial, "side": side, "unit": unit, "amount": abs(rule.after) // UNITS[unit]}

    def clean(self) -> None:
        """Minutes after the due date, and somebody whom the step reaches."""
        super().clean()
        values = self.cleaned_data
        if {"side", "unit"} <= set(values) and "amount" in values:
            after = SIDES[values["side"]] * (values["amount"] or 0) * UNITS[values["unit"]]
            if abs(after) > YEAR:
                self.add_error("amount", _("That is longer than a year."))
            elif values["side"] != "at" and not after:
                self.add_error("amount", _("Say how long before or after it is due."))
            values["after"] = after
        whom = values.get("whom")
        if whom and whom != Whom.ASKED and "to_role" in values and values["to_role"] is None:
            self.add_error("to_role", _("Choose the role that is asked, also where nobody is that person."))
        if whom == Whom.PERSON and "to_user" in values and values["to_user"] is None:
            self.add_error("to_user", _("Choose the person."))


class DelegationForm(Form):
    """Whose work another does, which, from when until when, and why."""

    from_user = forms.ModelChoiceField(label=_("Work of"), queryset=User.objects.none())
    to_user = forms.ModelChoiceField(label=_("Done by"), queryset=User.objects.none())
    is_absence = forms.BooleanField(
        label=_("Is away"),
        required=False,
        help_text=_("The work goes to the other person and comes back at the end. Otherwise both see it."),
    )
    starts = MomentField(label=_("From"))
    ends = MomentField(label=_("Until"))
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of work"),
        choices=[choice for choice in Kind.choices if choice[0] not in NEVER_FOR_ANOTHER],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every kind. Training and acknowledgements are never done for another."),
    )
    reason = ReasonField()

    def __init__(self, *args: Any, givers: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_user"].queryset = givers  # type: ignore[attr-defined]
        self.fields["to_user"].queryset = people  # type: ignore[attr-defined]


class MailForm(Form):
    """How one wants to be told by mail."""

    mode = forms.ChoiceField(label=_("Mail"), choices=MailPreference.Mode.choices, initial=MailPreference.Mode.DIGEST)
    hour = forms.IntegerField(
        label=_("Hour of the summary"), min_value=0, max_value=23, initial=7, help_text=_("In your site's zone.")
    )
