"""Forms of how long lots may be used."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import DayField, Form
from traceability.models import Lot
from traceability.queries import day_at


class RetestForm(Form):
    """What a retest found, and when the next one is due."""

    result = forms.CharField(
        label=_("Result"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was tested, by which method, and what was found."),
    )
    retest_on = DayField(label=_("Next retest"), help_text=_("The last day of use before it is tested again."))

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = lot.material.retest_days
        if days is not None:
            latest = min(filter(None, (day_at(lot.site) + dt.timedelta(days=days), lot.expires_on)))
            self.fields["retest_on"].initial = latest
