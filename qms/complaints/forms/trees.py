"""Decision trees, codes, and what the trend is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from core.web.forms import Form
from qms.complaints.forms.common import line, text
from qms.complaints.models import ComplaintCode, DecisionTreeVersion
from qms.complaints.queries.trend import MONTHS
from traceability.forms import material_field
from traceability.models import Material

CONTENT = forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "tl-mono"})


def content_field() -> forms.CharField:
    """The text of a tree."""
    return forms.CharField(
        label=_("Questions and results"),
        max_length=60000,
        widget=CONTENT,
        help_text=_("YAML with start, questions (ask, clause, yes, no) and results (title, reportable, days, count)."),
    )


class TreeForm(Form):
    """A new decision tree."""

    code = line(_("Code"), 24, required=True)
    name = line(_("Name"), 120, required=True)
    authority = line(_("Reported to"), 120, required=True)
    content = content_field()


class VersionForm(Form):
    """The text of a draft."""

    content = content_field()
    change_summary = text(_("What changed and why"), rows=2, required=False)

    def __init__(self, *args: Any, version: DecisionTreeVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("content", version.content)
        self.initial.setdefault("change_summary", version.change_summary)


class CodeForm(Form):
    """One word of the vocabulary."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ComplaintCode.Kind.choices)
    code = line(_("Code"), 24, required=True)
    name = line(_("Name"), 120, required=True)
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, complaint_code: ComplaintCode | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if complaint_code is None:
            del self.fields["is_active"]
            return
        for name in ("kind", "code"):
            self.fields[name].disabled = True
        for name in self.fields:
            self.initial[name] = getattr(complaint_code, name)


class TrendForm(Form):
    """Of which site, code and product, and how many months."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none(), required=False)
    code = forms.ModelChoiceField(
        label=_("Event code"), queryset=ComplaintCode.objects.filter(kind="event"), required=False, empty_label=_("All")
    )
    material = material_field(required=False)
    months = forms.TypedChoiceField(
        label=_("Months"), choices=[(number, number) for number in MONTHS], coerce=int, required=False
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["site"].queryset = sites
        fields["material"].rows = Material.objects.all()
