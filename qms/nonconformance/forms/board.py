"""Shapes of input of the review board and of the investigation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site, User
from core.organization.queries import people_at, sites_of
from core.web.forms import DayField, Form
from qms.capa.models import Capa
from qms.changes.models.configuration import Function
from qms.nonconformance.forms.records import SMALLEST, quantity_field
from qms.nonconformance.models import (
    BoardAuthority,
    BoardRule,
    CapaDecision,
    ContainmentCheck,
    Disposition,
    NonConformance,
    OtherLot,
    Severity,
)
from qms.nonconformance.queries import FITTING

RATIONALE: dict[str, Any] = {"max_length": 4000, "widget": forms.Textarea(attrs={"rows": 3})}


class BoardRuleForm(Form):
    """Which function signs which disposition."""

    kind = forms.ChoiceField(label=_("Disposition"), choices=Disposition.Kind.choices)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[("", _("Every severity")), *Severity.choices], required=False
    )
    function = forms.ChoiceField(label=_("Function"), choices=Function.choices)
    needs_witness = forms.BooleanField(
        label=_("Witness of the destruction"),
        required=False,
        help_text=_("Scrap is booked only when a second person signs that it was made unusable."),
    )
    is_active = forms.BooleanField(label=_("Active"), required=False)

    def __init__(self, *args: Any, rule: BoardRule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rule is None:
            del self.fields["is_active"]
            return
        for name in ("kind", "severity", "function"):
            del self.fields[name]
        for name in self.fields:
            self.initial.setdefault(name, getattr(rule, name))


class AuthorityForm(Form):
    """Who signs for which function, from when until when, and up to which limits; later only how long and how far."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    function = forms.ChoiceField(label=_("Function"), choices=Function.choices)
    valid_from = DayField(label=_("Valid from"))
    valid_until = DayField(label=_("Valid until"), help_text=_("The last day."))
    highest_severity = forms.ChoiceField(label=_("Up to severity"), choices=Severity.choices, initial=Severity.CRITICAL)
    highest_quantity = quantity_field(
        required=False,
        min_value=SMALLEST,
        help_text=_("Of one line, in the unit of its material. Empty: without limit."),
    )
    basis = forms.CharField(
        label=_("Appointed by"),
        help_text=_("The letter or decision that gives the authority."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, user: Any, authority: BoardAuthority | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["highest_quantity"].label = _("Up to a quantity of")
        if authority is not None:
            for name in ("site", "person", "function", "valid_from"):
                del self.fields[name]
            for name in self.fields:
                self.initial.setdefault(name, getattr(authority, name))
            return
        sites = sites_of(user, "qms_nonconformance.change_boardauthority")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["person"].queryset = people_at(sites)  # type: ignore[attr-defined]
        self.initial.setdefault("site", sites.first())


class WitnessForm(Form):
    """The second person, who saw that it was made unusable."""

    witness_id = forms.CharField(label=_("User name of the witness"), max_length=80)
    witness_secret = forms.CharField(
        label=_("Password of the witness"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    witness_code = forms.CharField(
        label=_("Code of the witness's app"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=_("Only where a second factor is switched on."),
    )


class CapaForm(Form):
    """Is a CAPA needed, and why (not)?"""

    decision = forms.ChoiceField(label=_("Is a CAPA needed?"), choices=CapaDecision.choices, widget=forms.RadioSelect)
    capa = forms.ModelChoiceField(
        label=_("The CAPA"),
        queryset=Capa.objects.none(),
        required=False,
        empty_label=_("None yet: raise one from this record"),
        help_text=_("The one that deals with it. Leave it empty where none is needed, or where none exists yet."),
    )
    rationale = forms.CharField(label=_("Why so"), help_text=_("Why a CAPA is needed, or why none is."), **RATIONALE)

    def __init__(self, *args: Any, capas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capa"].queryset = capas  # type: ignore[attr-defined]


class OtherLotForm(Form):
    """Whether another lot is affected too."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[choice for choice in OtherLot.Answer.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    rationale = forms.CharField(label=_("Why so"), help_text=_("What was looked at, and what it showed."), **RATIONALE)


class ContainmentForm(Form):
    """What was found at a place, and the evidence."""

    result = forms.ChoiceField(label=_("Result"), widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=_("Evidence"), help_text=_("Who looked, when, what was counted; name the photo or paper."), **RATIONALE
    )

    def __init__(self, *args: Any, check: ContainmentCheck, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = FITTING[ContainmentCheck.Where(check.where)]
        self.fields["result"].choices = [(one.value, one.label) for one in fitting]  # type: ignore[attr-defined]


class MergeForm(Form):
    """The record that stays."""

    into = forms.ModelChoiceField(
        label=_("Into"), queryset=NonConformance.objects.none(), help_text=_("The record that stays open.")
    )

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = candidates  # type: ignore[attr-defined]


class OwnerForm(Form):
    """Who owns the records from now on."""

    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), help_text=_("Answers for it."))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
