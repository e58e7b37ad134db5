"""Fields that several forms of CAPAs share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import User

LONG = 8000


def text(label: Any, *, rows: int = 3, required: bool = True, **kwargs: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONG, widget=widget, **kwargs)


def person(label: Any, **kwargs: Any) -> Any:
    """Somebody; the form says who may be chosen."""
    return forms.ModelChoiceField(label=label, queryset=User.objects.none(), **kwargs)


def yes_or_no(label: Any) -> forms.TypedChoiceField:
    """A question that has to be answered."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
