"""Shapes of input of nonconformances."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site, User
from core.organization.queries import sites_of
from core.web.forms import Form, MomentField, QuantityField
from qms.nonconformance.models import (
    AffectedItem,
    CauseCategory,
    DefectCode,
    Disposition,
    FoundAt,
    NonConformance,
    Severity,
)
from qms.nonconformance.queries import find_things, routes_for
from qms.nonconformance.questions import ReworkRoute
from qms.nonconformance.services import ItemInput
from traceability.models import Lot, SerializedUnit

ROWS = 3
UNCOUNTED = _("Empty: all of the lot is held until it is counted.")


class PhotosInput(forms.ClearableFileInput):
    """Several files at once; a phone or tablet offers its camera."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Pictures and other files; none is fine."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", PhotosInput(attrs={"accept": "image/*,application/pdf", "capture": "environment"}))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(file, initial) for file in files]


def thing_field(**kwargs: Any) -> forms.CharField:
    """The number of a lot or the serial number of a unit, typed or scanned."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "data-accepts-scan": "", "spellcheck": "false"})
    return forms.CharField(label=_("Lot or serial number"), max_length=120, widget=widget, **kwargs)


SMALLEST = Decimal("0.000001")
"""The smallest quantity that can be entered."""


def quantity_field(**kwargs: Any) -> QuantityField:
    """A quantity in the material's own unit."""
    return QuantityField(label=_("Quantity"), max_digits=18, decimal_places=6, **kwargs)


def found_thing(site: Site, words: str) -> Lot | SerializedUnit:
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


def found_at_field(label: Any, help_text: Any = "") -> forms.ChoiceField:
    """A place in the flow of product; none is fine while nobody knows."""
    choices = [("", _("Not known")), *FoundAt.choices]
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=help_text)


class RaiseForm(Form):
    """What was found, how bad it is, and what it affects."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=NonConformance.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("What is wrong with what, in a few words."))
    description = forms.CharField(
        label=_("What was found"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 3})
    )
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    defect_code = forms.ModelChoiceField(
        label=_("Defect code"), queryset=DefectCode.objects.filter(is_active=True), required=False
    )
    detection_point = found_at_field(_("Found at"))
    photos = PhotosField(label=_("Photos"))
    thing_1 = thing_field(required=False)
    quantity_1 = quantity_field(required=False, help_text=UNCOUNTED)
    thing_2 = thing_field(required=False)
    quantity_2 = quantity_field(required=False, help_text=UNCOUNTED)
    thing_3 = thing_field(required=False)
    quantity_3 = quantity_field(required=False, help_text=UNCOUNTED)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = sites_of(user, "qms_nonconformance.raise_nonconformance")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.initial.setdefault("site", sites.first())

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of the affected items, pair by pair."""
        return [(self[f"thing_{row}"], self[f"quantity_{row}"]) for row in range(1, ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        items = []
        for row in range(1, ROWS + 1):
            words, quantity = values.pop(f"thing_{row}", ""), values.pop(f"quantity_{row}", None)
            if not words or values.get("site") is None:
                continue
            try:
                thing = found_thing(values["site"], words)
            except ValidationError as error:
                self.add_error(f"thing_{row}", error)
                continue
            items.append(ItemInput(lot=thing, quantity=quantity) if isinstance(thing, Lot) else ItemInput(unit=thing))
        return {**values, "items": items}


class ItemForm(Form):
    """A further lot or unit."""

    thing = thing_field()
    quantity = quantity_field(required=False, help_text=_("Empty: all of the lot is held until it is counted."))

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site

    def clean_thing(self) -> Lot | SerializedUnit:
        return found_thing(self.site, self.cleaned_data["thing"])


class CountForm(Form):
    """How much is affected after all."""

    quantity = quantity_field(min_value=SMALLEST, error_messages={"min_value": _("Enter more than zero.")})


class TriageForm(Form):
    """How severe, which defect, whose, until when."""

    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    defect_code = forms.ModelChoiceField(label=_("Defect code"), queryset=DefectCode.objects.filter(is_active=True))
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), help_text=_("Answers for it."))
    due_at = MomentField(
        label=_("To be closed by"), required=False, help_text=_("Empty: by the usual time for this severity.")
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    description = forms.CharField(
        label=_("What was found"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 3})
    )
    detection_point = found_at_field(_("Found at"), _("Where it showed."))
    escape_point = found_at_field(_("Escaped at"), _("The last place before that could have found it and did not."))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class RecurrenceForm(Form):
    """Has it happened before, and which record does it repeat?"""

    recurrence = forms.ChoiceField(
        label=_("Has this happened before?"),
        choices=[choice for choice in NonConformance.Recurrence.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    recurrence_of = forms.ModelChoiceField(
        label=_("Recurrence of"), queryset=NonConformance.objects.none(), required=False
    )
    note = forms.CharField(
        label=_("How this was judged"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, similar: Sequence[NonConformance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [record.pk for record in similar]
        self.fields["recurrence_of"].queryset = NonConformance.objects.filter(pk__in=keys)  # type: ignore[attr-defined]


class CauseForm(Form):
    """Why it happened."""

    cause = forms.CharField(label=_("Cause"), max_length=8000, widget=forms.Textarea(attrs={"rows": 2}))
    cause_category = forms.ChoiceField(
        label=_("Kind of cause"), choices=[("", _("Not known")), *CauseCategory.choices], required=False
    )


class PhotoForm(Form):
    """A photo or another file."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf", "capture": "environment"}),
    )
    caption = forms.CharField(label=_("Caption"), max_length=300, required=False)


class ProposeForm(Form):
    """What to do with how much of which item, and why that is safe and sufficient."""

    item = forms.ModelChoiceField(label=_("Affected item"), queryset=AffectedItem.objects.none())
    kind = forms.ChoiceField(label=_("Disposition"), choices=Disposition.Kind.choices)
    quantity = quantity_field()
    justification = forms.CharField(label=_("Justification"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    route = forms.TypedChoiceField(
        label=_("Routing for rework"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("For rework and repair: the order that is made for it follows this routing."),
    )

    def __init__(
        self,
        *args: Any,
        nonconformance: NonConformance,
        routes: Sequence[ReworkRoute] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        known = routes_for(nonconformance) if routes is None else routes
        choices = [("", ""), *((one.key, one.label) for one in known)]
        self.fields["route"].choices = choices  # type: ignore[attr-defined]
        items = AffectedItem.objects.filter(nonconformance=nonconformance).select_related("lot", "unit")
        self.fields["item"].queryset = items  # type: ignore[attr-defined]


class SignForm(Form):
    """Which of the proposed lines are signed."""

    lines = forms.ModelMultipleChoiceField(
        label=_("Lines"), queryset=Disposition.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, nonconformance: NonConformance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = Disposition.objects.filter(affected_item__nonconformance=nonconformance, status="proposed")
        field = self.fields["lines"]
        field.queryset = lines.select_related(  # type: ignore[attr-defined]
            "affected_item__lot", "affected_item__unit", "proposed_by"
        ).order_by("pk")
        field.label_from_instance = _line_in_words  # type: ignore[attr-defined]
        self.initial.setdefault("lines", [line.pk for line in lines])


def _line_in_words(line: Disposition) -> str:
    return _t("%(item)s: %(line)s – %(why)s (proposed by %(who)s)") % {
        "item": line.affected_item,
        "line": line,
        "why": line.justification,
        "who": line.proposed_by,
    }


class DefectCodeForm(Form):
    """One word of the vocabulary of defects."""

    code = forms.CharField(label=_("Code"), max_length=24)
    name = forms.CharField(label=_("Name"), max_length=120)
    severity = forms.ChoiceField(label=_("Usual severity"), choices=Severity.choices)
    parent = forms.ModelChoiceField(label=_("Broader code"), queryset=DefectCode.objects.all(), required=False)
    concession_months = forms.IntegerField(
        label=_("Window of use-as-is, months"),
        required=False,
        min_value=1,
        max_value=120,
        initial=12,
        help_text=_("Use-as-is of one material with this defect is counted within so many months."),
    )
    concession_triage_at = forms.IntegerField(
        label=_("CAPA decision at use-as-is number"),
        required=False,
        min_value=1,
        max_value=1000,
        initial=2,
        help_text=_("From this one on, somebody first decides whether a CAPA is needed."),
    )
    concession_stop_at = forms.IntegerField(
        label=_("No use-as-is from number"),
        required=False,
        min_value=1,
        max_value=1000,
        initial=3,
        help_text=_("This one and every further one is refused."),
    )
    containment_hours = forms.IntegerField(
        label=_("Contained within, hours"),
        required=False,
        min_value=1,
        max_value=8760,
        initial=24,
        help_text=_("So many hours after the report every place of affected goods is looked at."),
    )
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, defect_code: DefectCode | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if defect_code is None:
            del self.fields["is_active"]
            return
        self.fields["code"].disabled = True
        for name in self.fields:
            self.initial[name] = getattr(defect_code, name)
