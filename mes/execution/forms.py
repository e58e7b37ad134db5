"""Desk forms of production orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site, User
from core.web.forms import DayField, Form, QuantityField
from traceability.models import Material


class OrderForm(Form):
    """A production order as the planner describes it."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    material = forms.ModelChoiceField(
        label=_("Material"),
        queryset=Material.objects.none(),
        help_text=_("Materials with an effective routing."),
    )
    quantity = QuantityField(label=_("Quantity"), initial=Decimal(1), max_digits=18, decimal_places=6)
    due_on = DayField(label=_("Due on"), required=False)
    priority = forms.IntegerField(
        label=_("Priority"), min_value=1, max_value=9, initial=5, help_text=_("1 is most urgent")
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["material"].queryset = (  # type: ignore[attr-defined]
            Material.objects.filter(routings__revisions__status="effective").distinct().order_by("number")
        )


class SandboxForm(Form):
    """How many pieces to try a routing with."""

    quantity = QuantityField(label=_("Pieces to try with"), initial=Decimal(1), max_digits=6, decimal_places=0)


class WhyForm(Form):
    """Whose readiness is asked."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = people
        person.choices = [("", person.empty_label), *((found.pk, str(found)) for found in people)]  # read once
