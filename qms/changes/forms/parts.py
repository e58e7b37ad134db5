"""Items, suggestions, assessments, tasks and decisions about orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site, User
from core.web.forms import MOST, Form, MomentField
from qms.changes.models import ChangeItem, ChangeSuggestion, ChangeTask, ImpactAssessment, WipDecision
from qms.changes.queries import OrderLine, controlled_kinds, effective_of, in_flight_of
from qms.risk.models import RiskAssessment
from qms.risk.queries import assessments_for

TEXT = 8000


class ItemForm(Form):
    """What is revised, brought or ended, by its number."""

    action = forms.ChoiceField(label=_("Action"), choices=ChangeItem.Action.choices, initial=ChangeItem.Action.REVISE)
    kind = forms.ChoiceField(label=_("Kind"))
    number = forms.CharField(
        label=_("Number"), max_length=60, help_text=_("Number of the document or code of the routing.")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        self.kinds = {kind.model._meta.label_lower: kind for kind in controlled_kinds()}
        self.fields["kind"].choices = [(key, kind.label) for key, kind in self.kinds.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        kind, number = self.kinds.get(values.get("kind", "")), values.get("number")
        if kind is None or not number:
            return values
        for master in kind.find(self.site, number):
            revision = effective_of(kind, master) or in_flight_of(kind, master)
            if revision is not None:
                return {**values, "revision": revision}
        raise ValidationError(
            {"number": _t("Nothing with the number “%(number)s” is effective or on its way.") % {"number": number}}
        )


class RiskForm(Form):
    """A risk assessment by its number, among those that the user may see."""

    assessment = forms.CharField(
        label=_("Risk assessment"), max_length=24, help_text=_("Its number, such as RA-000001.")
    )
    note = forms.CharField(
        label=_("What to look at"), max_length=300, required=False, help_text=_("Which of its risks may be other ones.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_assessment(self) -> RiskAssessment:
        """The assessment with this number."""
        number = self.cleaned_data["assessment"].strip()
        found = assessments_for(self.user).filter(number__iexact=number).order_by("pk").first()
        if found is None:
            raise ValidationError(_t("There is no risk assessment “%(number)s”.") % {"number": number}, code="unknown")
        return found


class AnswerForm(Form):
    """Whether a suggested record is affected."""

    suggestion = forms.ModelChoiceField(label=_("Suggestion"), queryset=ChangeSuggestion.objects.none())
    is_affected = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("Affected")), ("no", _("Not affected"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, suggestions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suggestion"].queryset = suggestions  # type: ignore[attr-defined]


class AssessForm(Form):
    """What a change means for a function."""

    answer = forms.ChoiceField(
        label=_("Is the function affected?"),
        choices=[choice for choice in ImpactAssessment.Answer.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    rationale = forms.CharField(
        label=_("What it means, or why it means nothing"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class AssessorForm(Form):
    """Who is asked for a function."""

    owner = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Whoever may assess changes"),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class TaskForm(Form):
    """What is to be done, by whom, until when."""

    title = forms.CharField(label=_("Title"), max_length=200)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())
    due_at = MomentField(label=_("Due"), required=False)
    after = forms.ModelChoiceField(
        label=_("After"),
        queryset=ChangeTask.objects.none(),
        required=False,
        empty_label=_("Nothing: it can begin with the implementation"),
    )

    def __init__(self, *args: Any, people: Any, tasks: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        if tasks is None:
            del self.fields["after"]
        else:
            self.fields["after"].queryset = tasks  # type: ignore[attr-defined]


class DependencyForm(Form):
    """Which task comes before this one."""

    needed = forms.ModelChoiceField(label=_("After"), queryset=ChangeTask.objects.none())

    def __init__(self, *args: Any, tasks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needed"].queryset = tasks  # type: ignore[attr-defined]


class DecideForm(Form):
    """What becomes of one open order."""

    order = forms.ChoiceField(label=_("Order"))
    decision = forms.ChoiceField(label=_("Decision"), choices=WipDecision.Decision.choices)
    from_sequence = forms.IntegerField(
        label=_("From operation"),
        required=False,
        min_value=0,
        max_value=MOST,
        help_text=_("Only where it goes over: the number of the first operation by the new revision."),
    )

    def __init__(self, *args: Any, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].choices = [  # type: ignore[attr-defined]
            (f"{line.order_type}:{line.demand.order.pk}", f"{line.demand.order} · {line.demand.state}")
            for line in lines
        ]

    def clean_order(self) -> tuple[int, int]:
        """Kind and id of the order."""
        kind, _colon, key = self.cleaned_data["order"].partition(":")
        return int(kind), int(key)
