"""What charts are asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Partner, Site, WorkCenter
from core.web.forms import DayField, Form
from qms.nonconformance.models import CauseCategory, DefectCode, FoundAt, NonConformance
from qms.nonconformance.queries import TRAITS
from traceability.forms import material_field
from traceability.models import Material

MOST_MONTHS = 36
ALL = ("", _("All"))


class AnalysisForm(Form):
    """Of which site, from when to when, and of what."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none(), required=False)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)
    by = forms.ChoiceField(label=_("By"), choices=[(one.code, one.label) for one in TRAITS.values()], required=False)
    volume = forms.ChoiceField(label=_("For each thousand"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[ALL, *NonConformance.Kind.choices], required=False)
    defect_code = forms.ModelChoiceField(
        label=_("Defect code"), queryset=DefectCode.objects.all(), required=False, empty_label=_("All")
    )
    material = material_field(required=False)
    supplier = forms.ModelChoiceField(
        label=_("Supplier"), queryset=Partner.objects.filter(is_supplier=True), required=False, empty_label=_("All")
    )
    work_center = forms.ModelChoiceField(
        label=_("Work center"), queryset=WorkCenter.objects.none(), required=False, empty_label=_("All")
    )
    cause = forms.ChoiceField(label=_("Kind of cause"), choices=[ALL, *CauseCategory.choices], required=False)
    detection = forms.ChoiceField(label=_("Found at"), choices=[ALL, *FoundAt.choices], required=False)

    def __init__(self, *args: Any, sites: Any, volumes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["site"].queryset = sites
        fields["work_center"].queryset = WorkCenter.objects.filter(area__site__in=sites)
        fields["material"].rows = Material.objects.all()
        fields["volume"].choices = volumes

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first is not None and last is not None and first > last:
            self.add_error("last", _t("The last day lies before the first one."))
        elif first is not None and last is not None and (last - first) > dt.timedelta(days=31 * MOST_MONTHS):
            self.add_error("first", _t("At most %(months)s months are shown.") % {"months": MOST_MONTHS})
        return values
