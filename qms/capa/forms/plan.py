"""Actions and the check of their effect."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from core.web.forms import MOST, DayField, Form, MomentField
from qms.capa.forms.common import person, text
from qms.capa.models import CapaAction, RootCause
from qms.capa.models.effectiveness import Test
from qms.capa.queries import bound_kinds, event_kinds, exposure_kinds
from traceability.forms import material_field
from traceability.models import Material

SIGNIFICANCE = [(10, "0.01"), (50, "0.05"), (100, "0.10")]


class ActionForm(Form):
    """What is done, by whom, until when, against which causes, bound to what."""

    title = forms.CharField(label=_("Title"), max_length=200)
    description = text(_("Description"), required=False)
    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=CapaAction.Purpose.choices, initial=CapaAction.Purpose.CORRECTIVE
    )
    causes = forms.ModelMultipleChoiceField(
        label=_("Removes"), queryset=RootCause.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(
        label=_("Bound to"), required=False, help_text=_("The action completes only when this has come about.")
    )
    bound_number = forms.CharField(
        label=_("Number of what it is bound to"), max_length=60, required=False,
        help_text=_("Of the document, routing, calibration, risk assessment or change."),
    )  # fmt: skip
    owner = person(_("Owner"))
    due_at = MomentField(label=_("Due"), required=False)

    def __init__(self, *args: Any, site: Site, people: Any, causes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site, self.kinds = site, bound_kinds()
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        self.fields["causes"].queryset = causes  # type: ignore[attr-defined]
        choices = [("", _("Nothing: evidence is written down")), *((c, k.label) for c, k in self.kinds.items())]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        number, kind = values.pop("bound_number", ""), self.kinds.get(values.get("kind", ""))
        values["bound"] = None
        if kind is None:
            return values
        found = kind.find(self.site, number) if number else []
        if not found:
            raise ValidationError(
                {"bound_number": _t("There is nothing of that kind with the number “%(number)s”.") % {"number": number}}
            )
        waiting = [one for one in found if not kind.reached(one).is_reached]
        return {**values, "bound": (waiting or found)[0]}


class CheckForm(Form):
    """What is counted, before and after."""

    events = forms.ChoiceField(label=_("What is counted"))
    sort = forms.ChoiceField(
        label=_("Only of this sort"), required=False, help_text=_("Defect code, event code or scrap reason.")
    )
    exposure = forms.ChoiceField(label=_("For each"))
    material = material_field(label=_("Material number"), required=False, help_text=_("Empty: of all materials."))
    test = forms.ChoiceField(label=_("Test"), choices=Test.choices, initial=Test.POISSON)
    baseline_begins = DayField(label=_("Baseline from"))
    baseline_ends = DayField(label=_("Baseline until"))
    window_days = forms.IntegerField(
        label=_("Days that are watched"), min_value=1, max_value=1100, help_text=_("From the verification on.")
    )
    minimum_exposure = forms.IntegerField(
        label=_("Smallest exposure"), min_value=1, max_value=MOST,
        help_text=_("With less the result is inconclusive; with so much it is effective or ineffective."),
    )  # fmt: skip
    alpha = forms.TypedChoiceField(label=_("Significance"), choices=SIGNIFICANCE, coerce=int, initial=50)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        events, exposures = event_kinds(), exposure_kinds()
        fields["events"].choices = [(code, kind.label) for code, kind in events.items()]
        fields["exposure"].choices = [(code, kind.label) for code, kind in exposures.items()]
        sorts = [(str(kind.label), list(kind.sorts())) for kind in events.values()]
        fields["sort"].choices = [("", _("All of them")), *((label, found) for label, found in sorts if found)]
        fields["material"].rows = Material.objects.order_by("pk")
