"""Shapes of input of the worklist."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.organization.models import Role, Site, User
from core.web.forms import MOST, Form, MomentField, ReasonField


class ReassignForm(Form):
    """To whom open work goes, and why."""

    to_user = forms.ModelChoiceField(label=_("To"), queryset=User.objects.none())
    reason = ReasonField()

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = people  # type: ignore[attr-defined]


class RescheduleForm(Form):
    """Until when open work is due now, and why."""

    due_at = MomentField(label=_("Due"))
    reason = ReasonField()


class CommentForm(Form):
    """What somebody says about a record."""

    text = forms.CharField(label=_("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))


class NamedRecordForm(Form):
    """A record that a program names by kind and id."""

    kind = forms.CharField(label=_("Kind of record"), max_length=120, help_text="traceability.lot")
    record = forms.IntegerField(label=_("Record"), min_value=1, max_value=MOST)

    def clean_kind(self) -> type[Model]:
        """The model of that name."""
        try:
            return apps.get_model(str(self.cleaned_data["kind"]))
        except (LookupError, ValueError) as error:
            raise forms.ValidationError(_("There is no such kind of record."), code="unknown") from error


class CommentOnForm(NamedRecordForm, CommentForm):
    """What a program says about a record, which it names by kind and id."""


class SavedFilterForm(Form):
    """Under which name filters are kept, and for whom."""

    name = forms.CharField(label=_("Name"), max_length=80)
    site = forms.ModelChoiceField(
        label=_("Share at"), queryset=Site.objects.none(), required=False, empty_label=_("Only for me")
    )
    to_role = forms.ModelChoiceField(
        label=_("Share with"),
        queryset=Role.objects.filter(is_active=True),
        to_field_name="code",
        required=False,
        empty_label=_("Everybody at the site"),
    )
    is_default = forms.BooleanField(label=_("The list opens with it"), required=False)

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sites.exists():
            self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        else:
            del self.fields["site"], self.fields["to_role"]
