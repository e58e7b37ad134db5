"""Method, causes, and how they are judged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import Form
from qms.capa.forms.common import text
from qms.capa.models import RootCause
from qms.capa.models.records import Method


class MethodForm(Form):
    """How causes are looked for, and what the plan says beside its actions."""

    method = forms.ChoiceField(label=_("Method"), choices=Method.choices, widget=forms.RadioSelect)
    adverse_plan = text(
        _("How adverse effects are looked for"),
        required=False,
        help_text=_("What the actions could harm, and how that is found out before they are verified."),
    )
    retraining_reason = text(
        _("Why training alone suffices"),
        rows=2,
        required=False,
        help_text=_("Only where nothing but training is done against a cause."),
    )


class CauseForm(Form):
    """A possible cause and its place."""

    statement = forms.CharField(label=_("Cause"), max_length=300)
    parent = forms.ModelChoiceField(
        label=_("It explains"), queryset=RootCause.objects.none(), required=False, empty_label=_("The problem itself")
    )
    branch = forms.ChoiceField(label=_("Branch"), choices=RootCause.Branch.choices[1:])

    def __init__(self, *args: Any, others: Any, is_fishbone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_fishbone:
            del self.fields["parent"]
        else:
            del self.fields["branch"]
            self.fields["parent"].queryset = others  # type: ignore[attr-defined]


class JudgeForm(Form):
    """Confirmed or ruled out, and by what."""

    verdict = forms.ChoiceField(label=_("Judged"), choices=RootCause.Verdict.choices, widget=forms.RadioSelect)
    evidence = text(
        _("Evidence"), required=False, help_text=_("What was measured, tried or seen, and where it is kept.")
    )
