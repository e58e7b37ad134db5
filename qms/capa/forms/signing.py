"""What people sign about a CAPA."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import Form, MomentField
from qms.capa.forms.common import person, text, yes_or_no
from qms.capa.models import CapaDecision, EffectivenessResult
from qms.capa.models.records import AdverseEffect, Priority

LEVELS = CapaDecision.Level.choices


class _Answers(Form):
    """The questions of the triage."""

    severity = forms.ChoiceField(label=_("How bad is it?"), choices=LEVELS, widget=forms.RadioSelect)
    occurrence = forms.ChoiceField(label=_("How often does it happen?"), choices=LEVELS, widget=forms.RadioSelect)
    escaped = yes_or_no(_("Did it pass the checks, or reach a customer?"))
    recurs = yes_or_no(_("Has it happened before?"))
    regulatory = yes_or_no(_("Does a regulation or an authority demand it?"))
    rationale = text(_("Rationale"))


class OpenForm(_Answers):
    """A CAPA is opened."""

    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    owner = person(_("Owner"))
    due_at = MomentField(label=_("Due"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class DeclineForm(_Answers):
    """No CAPA is opened."""

    decision = forms.ChoiceField(
        label=_("Instead"), choices=CapaDecision.Decision.choices[1:], widget=forms.RadioSelect
    )


class VerifyForm(Form):
    """What was verified, and whether it harms anything."""

    finding = text(_("What was verified, and how"))
    adverse_effect = forms.ChoiceField(
        label=_("Adverse effect"), choices=AdverseEffect.choices, widget=forms.RadioSelect
    )
    adverse_note = text(_("How adverse effects were looked for, and what was found"))


class JudgeEffectForm(Form):
    """Where the figures leave it open."""

    result = forms.ChoiceField(
        label=_("Result"), choices=EffectivenessResult.Result.choices[:2], widget=forms.RadioSelect
    )
    rationale = text(_("Rationale"))


class CloseForm(Form):
    """The end."""

    conclusion = text(_("Conclusion"))


class ReopenForm(Form):
    """What is new."""

    information = text(_("What is new"))
    owner = person(_("Owner"))
    due_at = MomentField(label=_("Due"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class ExtendForm(Form):
    """Until when instead."""

    due_at = MomentField(label=_("Due instead"))
