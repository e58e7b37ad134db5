"""Fields that several forms of complaints share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from qms.complaints.models import Complaint, ComplaintCode
from qms.nonconformance.queries import find_things
from traceability.forms import ByNumberField
from traceability.models import Lot, SerializedUnit

LONG = 8000


def text(label: Any, *, rows: int = 3, required: bool = True, **kwargs: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONG, widget=widget, **kwargs)


def line(label: Any, length: int, *, required: bool = False, scan: bool = False, **kwargs: Any) -> forms.CharField:
    """A text of one line; `scan` takes what a scanner reads."""
    attrs = {"autocomplete": "off", "data-accepts-scan": "", "spellcheck": "false"} if scan else {}
    return forms.CharField(
        label=label, required=required, max_length=length, widget=forms.TextInput(attrs=attrs), **kwargs
    )


def complaint_field(**kwargs: Any) -> ByNumberField:
    """Another complaint by its number; give it its `rows`."""
    return ByNumberField(
        field="number", unknown=_("There is no complaint with this number at this site."), required=False, **kwargs
    )


def code_field(kind: str, label: Any, *, required: bool = False) -> Any:
    """A word of the vocabulary that is in use."""
    codes = ComplaintCode.objects.filter(kind=kind, is_active=True)
    return forms.ModelChoiceField(label=label, queryset=codes, required=required)


def others_of(record: Complaint) -> Any:
    """The complaints that another one of the same site can name."""
    return Complaint.objects.filter(site=record.site_id).exclude(pk=record.pk)


def found_goods(site: Site, words: str) -> Lot | SerializedUnit:
    """The one lot or unit with this number; `ValidationError` when there is none or more than one."""
    found = find_things(site, words)
    if not found:
        raise ValidationError(
            _t("There is no lot or unit “%(words)s” at %(site)s.") % {"words": words, "site": site}, code="unknown"
        )
    if len(found) > 1:
        choices = ", ".join(f"{thing.material.number}/{thing}" for thing in found)
        raise ValidationError(_t("Several have this number. Write one of: %(choices)s.") % {"choices": choices})
    return found[0]
