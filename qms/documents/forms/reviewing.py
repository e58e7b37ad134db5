"""What people enter about files, form fields and reviews of a revision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.organization.models import User
from core.web.forms import DayField, Form
from qms.documents.models import DocumentRevision, ReviewComment
from qms.documents.queries.filling import FIELD_KINDS


class FileForm(Form):
    """A file that is the content."""

    file = forms.FileField(
        label=_("File"), help_text=_("Word (.docx), Excel (.xlsx) or PDF. Markdown (.md) becomes the text itself.")
    )


class FormFieldForm(Form):
    """One field of a form."""

    label = forms.CharField(label=_("What is asked"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind of value"), choices=list(FIELD_KINDS.items()))
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    low = forms.CharField(label=_("Not below"), max_length=20, required=False)
    high = forms.CharField(label=_("Not above"), max_length=20, required=False)
    choices = forms.CharField(
        label=_("Choices"), max_length=400, required=False, help_text=_("With | between them: pass | fail")
    )
    required = forms.BooleanField(label=_("Has to be filled in"), required=False, initial=True)
    code = forms.CharField(
        label=_("Code"),
        max_length=24,
        required=False,
        help_text=_("How programs and comparisons name it: TEMP. Empty: F and its place."),
    )


class FormFieldRemoveForm(Form):
    """Which field goes."""

    code = forms.ChoiceField(label=_("Field"), choices=())

    def __init__(self, *args: Any, revision: DocumentRevision | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if revision is not None:
            field: Any = self.fields["code"]
            field.choices = [(one["code"], f"{one['code']} · {one['label']}") for one in revision.form_fields or ()]


class ReviewersForm(Form):
    """Who reviews a draft, in their order."""

    first = forms.ModelChoiceField(label=_("First reviewer"), queryset=User.objects.none(), required=False)
    second = forms.ModelChoiceField(label=_("Second reviewer"), queryset=User.objects.none(), required=False)
    third = forms.ModelChoiceField(label=_("Third reviewer"), queryset=User.objects.none(), required=False)
    fourth = forms.ModelChoiceField(label=_("Fourth reviewer"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, people: QuerySet[User] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if people is not None:
                field.queryset = people  # type: ignore[attr-defined]

    def chosen(self) -> list[User]:
        """The people who were named, in their order."""
        return [person for person in self.cleaned_data.values() if isinstance(person, User)]


class CommentForm(Form):
    """What has to change, and where."""

    place = forms.CharField(
        label=_("Place"), max_length=120, required=False, help_text=_("Such as section 4.2, step 3.")
    )
    text = forms.CharField(label=_("What has to change"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4_000)


class AnswerForm(Form):
    """What became of a comment."""

    answer = forms.ChoiceField(label=_("Answer"), choices=ReviewComment.Answer.choices, widget=forms.RadioSelect())
    explanation = forms.CharField(
        label=_("What was done, or why not"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000
    )


class ConclusionForm(Form):
    """What a periodic review found."""

    conclusion = forms.CharField(
        label=_("Conclusion"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4_000,
        help_text=_("What was looked at: law, standards, deviations, changes, how people really work."),
    )


class ReaffirmForm(ConclusionForm):
    """What it found, and when it is asked again."""

    next_due_on = DayField(label=_("Next review on"))
