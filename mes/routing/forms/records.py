"""What people enter about routings, their revisions and scrap reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from core.web.forms import Form, ModelForm
from mes.routing.forms.fields import PickField, pick
from mes.routing.models import RoutingRevision, ScrapReason
from traceability.models import Material


class RoutingForm(Form):
    """Head of a new routing."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    material = PickField(
        label=_("Material"), help_text=_("Type a part of the number or the name. What is made by this routing.")
    )
    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("Empty: R- and the material's number.")
    )
    name = forms.CharField(label=_("Name"), max_length=160, required=False, help_text=_("Empty: the material's name."))

    is_rework = forms.BooleanField(
        label=_("For rework"),
        required=False,
        help_text=_("Nonconforming goods are reworked by it; its last operation is their re-inspection."),
    )

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.fields["site"]
        site.queryset = sites  # type: ignore[attr-defined]
        if len(sites) == 1:
            site.initial = sites[0].pk
        pick(self, "material", Material.objects.filter(is_active=True), "materials")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        material = values.get("material")
        if material is not None:
            prefix = "RW" if values.get("is_rework") else "R"
            values["code"] = values.get("code") or f"{prefix}-{material.number}"[:40]
            values["name"] = values.get("name") or material.name[:160]
        return values


class RoutingNameForm(Form):
    """Code and name of a routing."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=160)


class RevisionForm(Form):
    """A new revision: what it copies, and what will be different."""

    copy_from = forms.ModelChoiceField(
        label=_("Copy from"),
        queryset=RoutingRevision.objects.none(),
        required=False,
        empty_label=_("The effective revision, else the newest"),
    )
    summary = forms.CharField(
        label=_("What changes and why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("Needed before it can be submitted; it can be completed later."),
    )

    def __init__(self, *args: Any, revisions: QuerySet[RoutingRevision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copy_from"].queryset = revisions  # type: ignore[attr-defined]


class ScrapReasonForm(ModelForm):
    """A scrap reason."""

    class Meta:
        model = ScrapReason
        fields = ("code", "name", "is_active")
