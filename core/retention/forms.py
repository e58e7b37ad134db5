"""What people enter to dispose of old rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.records import RecordClass, record_class
from core.retention.queries import disposable_tables
from core.web.forms import DayField, Form


def name_of(model: type[models.Model]) -> str:
    """What a table holds, in words: facts by their name, history by the name of what it is the history of."""
    if record_class(model) is not RecordClass.HISTORY:
        return str(model._meta.verbose_name)
    return _("%(kind)s (history)") % {"kind": model.instance_type._meta.verbose_name}  # type: ignore[attr-defined]


class DisposalForm(Form):
    """Which rows, and on what basis."""

    table = forms.ChoiceField(label=_("Table"))
    before = DayField(at=dt.time.min, label=_("Written before"))
    basis = forms.CharField(
        label=_("Basis"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The rule of retention, and why nothing holds these rows back."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables: Any = self.fields["table"]
        tables.choices = [(table.name, name_of(table.model)) for table in disposable_tables()]
