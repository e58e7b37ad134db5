"""Fields and parts that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PickField(forms.CharField):
    """Names a record by its number, with suggestions as one types; scales where a list of choices would not.

    `queryset` may be given later: rights and sites narrow it. What was typed may carry the name behind the number.
    """

    def __init__(self, *, number: str = "number", **kwargs: Any) -> None:
        self.number = number
        self.queryset: QuerySet[Any] | None = None
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, self.number) if isinstance(value, Model) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text or self.queryset is None:
            return None
        self.run_validators(text)  # before the database is asked: no column holds every character
        found = self.queryset.filter(**{self.number: text}).first()
        if found is None:
            found = self.queryset.filter(**{self.number: text.split()[0]}).first()
        if found is None:
            raise ValidationError(_("There is nothing with the number %(text)s here.") % {"text": text}, code="unknown")
        return found


def pick(form: forms.Form, name: str, rows: QuerySet[Any], kind: str) -> None:
    """Give a PickField its rows and, as one types, its suggestions: the <datalist> `options-<kind>` of the page."""
    field = form.fields[name]
    if not isinstance(field, PickField):
        raise TypeError(f"{name} is no PickField")
    field.queryset = rows
    field.widget.attrs |= {
        "list": f"options-{kind}",
        "hx-get": reverse("mes_routing:routing_options", args=[kind]),
        "hx-trigger": "focus once, input changed delay:200ms",
        "hx-target": f"#options-{kind}",
        "hx-swap": "innerHTML",
    }
