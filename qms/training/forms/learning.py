"""What people enter about learning: requirements, audiences, assignments, quizzes, shifts, policies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Role, Site, User, WorkCenter
from core.web.forms import DayField, Form, MomentField
from qms.documents.models import Document
from qms.training.models import QuizQuestion, TrainingRequirement


class RequirementForm(Form):
    """Something that a curriculum takes."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TrainingRequirement.Kind.choices)
    title = forms.CharField(
        label=_("Title"), max_length=160, required=False, help_text=_("Empty: the name of the document.")
    )
    document = forms.ModelChoiceField(
        label=_("Document"),
        queryset=Document.objects.none(),
        required=False,
        help_text=_("What is read or asked about; for practice and proofs only where a document describes it."),
    )
    repetitions = forms.IntegerField(label=_("Repetitions seen by the trainer"), min_value=1, max_value=999, initial=1)
    valid_months = forms.IntegerField(
        label=_("Valid for months"),
        required=False,
        min_value=1,
        max_value=600,
        help_text=_("Empty: until the content changes."),
    )

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document: Any = self.fields["document"]
        document.queryset = documents

    def clean(self) -> dict[str, Any]:
        """Practice and proofs have a title of their own."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("title") and values.get("document") is None:
            self.add_error("title", ValidationError(_t("Give it a title, or name the document."), code="required"))
        return values


class AudienceForm(Form):
    """Who needs a curriculum."""

    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.filter(is_active=True), required=False)
    work_center = forms.ModelChoiceField(
        label=_("Work center"),
        queryset=WorkCenter.objects.none(),
        required=False,
        help_text=_("With a role: its holders there. Alone: everybody with a grant at this work center."),
    )
    by_operation = forms.BooleanField(
        label=_("Whoever may run operations that ask for it"), required=False, help_text=_("Instead of the two above.")
    )

    def __init__(self, *args: Any, work_centers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        work_center: Any = self.fields["work_center"]
        work_center.queryset = work_centers


class AssignForm(Form):
    """One person learns one requirement by a date."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    requirement = forms.ModelChoiceField(
        label=_("What to learn"),
        queryset=TrainingRequirement.objects.filter(is_active=True).select_related("curriculum"),
    )
    due_at = DayField(at=dt.time.max, label=_("Due"), help_text=_("The last day."))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: Any = self.fields["user"]
        user.queryset = people


class EvidenceForm(Form):
    """What was done, for the signature of the learner."""

    evidence = forms.CharField(
        label=_("What was done"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was practised and how often, or what the proof says."),
    )
    file = forms.FileField(label=_("Proof"), required=False, help_text=_("Such as the certificate, as PDF or picture."))


class QuizForm(Form):
    """A new version of a quiz."""

    document = forms.ModelChoiceField(label=_("Document"), queryset=Document.objects.none())
    pass_percent = forms.IntegerField(label=_("Pass mark, percent"), min_value=1, max_value=100, initial=80)
    attempts_allowed = forms.IntegerField(
        label=_("Attempts"),
        min_value=1,
        max_value=20,
        initial=2,
        help_text=_("After so many failures a trainer helps first."),
    )

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document: Any = self.fields["document"]
        document.queryset = documents


class QuestionForm(Form):
    """A question with its answers, one in a line."""

    text = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 2}))
    lines = forms.CharField(
        label=_("Answers"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One answer in a line; * before each right one."),
    )

    def answers(self) -> dict[str, Any]:
        """The answers in their order, and the positions of the right ones."""
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        return {
            "answers": [line.removeprefix("*").strip() for line in lines],
            "right": [position for position, line in enumerate(lines) if line.startswith("*")],
        }


class AnswerForm(Form):
    """The questions of one attempt, each with its answers to tick."""

    def __init__(self, *args: Any, sheet: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for asked in sheet.asked if sheet is not None else ():
            self.fields[f"q{asked.question.pk}"] = forms.TypedMultipleChoiceField(
                label=asked.question.text,
                choices=asked.shown,
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def chosen(self) -> dict[int, list[int]]:
        """Positions ticked, by the question's id."""
        return {int(name[1:]): values for name, values in self.cleaned_data.items() if name.startswith("q")}


class QuestionRemoveForm(Form):
    """Which question goes."""

    question = forms.ModelChoiceField(label=_("Question"), queryset=QuizQuestion.objects.none())

    def __init__(self, *args: Any, questions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question: Any = self.fields["question"]
        question.queryset = questions


class ShiftForm(Form):
    """Who is planned where, from and until."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    work_center = forms.ModelChoiceField(label=_("Work center"), queryset=WorkCenter.objects.none())
    shift = forms.CharField(label=_("Shift"), max_length=24, help_text=_("As your plant calls it, such as Early."))
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))

    def __init__(self, *args: Any, people: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: Any = self.fields["user"]
        user.queryset = people
        place: Any = self.fields["work_center"]
        place.queryset = places


class PolicyForm(Form):
    """Who signs only once trained."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    document = forms.ModelChoiceField(
        label=_("Document"),
        queryset=Document.objects.none(),
        help_text=_("What a signature means and how the system is used; its effective revision is what counts."),
    )
    is_on = forms.BooleanField(label=_("People sign only once they were trained on it"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed to change what was decided before."),
    )

    def __init__(self, *args: Any, sites: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site: Any = self.fields["site"]
        site.queryset = sites
        document: Any = self.fields["document"]
        document.queryset = documents
