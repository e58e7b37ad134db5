"""Reports: their fields, their submission, their supplements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import DayField, Form
from qms.complaints.forms.common import LONG, line
from qms.complaints.models import RegulatoryReport
from qms.complaints.queries import FIELDS
from qms.complaints.queries.exporting import ReportField


class _ReportFields(Form):
    """The fields that people write; the records know the rest."""

    def __init__(self, *args: Any, report: RegulatoryReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELDS:
            self.initial.setdefault(name, report.fields.get(name, ""))


def _field(one: ReportField) -> forms.CharField:
    widget: forms.Widget = forms.Textarea(attrs={"rows": 3}) if one.is_long else forms.TextInput()
    help_text = _("Needed before it is reviewed.") if one.is_needed else ""
    return forms.CharField(label=one.label, required=False, max_length=LONG, widget=widget, help_text=help_text)


ReportForm: type[_ReportFields] = type(
    "ReportForm", (_ReportFields,), {name: _field(one) for name, one in FIELDS.items()}
)


class SubmitForm(Form):
    """When it was sent, and under which reference."""

    reference = line(_("Reference"), 80, required=True, help_text=_("The number under which it was sent."))
    submitted_on = DayField(label=_("Submitted on"))


class AcknowledgeForm(Form):
    """When its receipt was confirmed."""

    acknowledged_on = DayField(label=_("Acknowledged on"))
    acknowledgement = line(_("Number of the acknowledgement"), 80)


class SupplementForm(Form):
    """Until when a supplement is due."""

    due_on = DayField(label=_("Due on"), help_text=_("A month after the new information, where the FDA gets it."))
