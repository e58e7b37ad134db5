"""The work on a complaint: triage, decision, findings, reply, and what comes of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import User
from core.web.forms import DayField, Form, QuantityField
from qms.complaints.forms.common import code_field, complaint_field, found_goods, line, others_of, text
from qms.complaints.models import Capa, Complaint, Harm, IsComplaint, Reply
from qms.complaints.queries import possible_owners
from qms.nonconformance.models import DefectCode, Severity
from traceability.forms import material_field
from traceability.models import Lot, Material, SerializedUnit


class TriageForm(Form):
    """Whether it is a complaint, about what, and whose it is."""

    is_complaint = forms.ChoiceField(
        label=_("Is it a complaint?"), choices=IsComplaint.choices[1:], widget=forms.RadioSelect()
    )
    assessment = text(
        _("Why"), rows=2, help_text=_("What is alleged about which quality of a product that was released.")
    )
    harm = forms.ChoiceField(label=_("Harm to patient, user or others"), choices=Harm.choices)
    code = code_field("event", _("Event code"))
    goods = line(_("Lot or serial number"), 120, scan=True)
    material = material_field(required=False)
    not_identified = text(
        _("Why product or lot is not identified"),
        rows=2,
        required=False,
        help_text=_("Needed where either is not known."),
    )
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), help_text=_("Answers for it."))

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.complaint = complaint
        fields: Any = self.fields
        fields["owner"].queryset = possible_owners(complaint.site)
        fields["material"].rows = Material.objects.all()

    def clean_goods(self) -> Lot | SerializedUnit | None:
        words = self.cleaned_data["goods"]
        return found_goods(self.complaint.site, words) if words else None

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        goods = values.pop("goods", None)
        values["lot"] = goods if isinstance(goods, Lot) else None
        values["unit"] = goods if isinstance(goods, SerializedUnit) else None
        return values


class JudgeForm(Form):
    """The answers to a decision tree, and why they are so."""

    answers = forms.CharField(label=_("Answers"), max_length=400, widget=forms.HiddenInput(), help_text="yes,no,…")
    rationale = text(_("Rationale"), rows=3, help_text=_("From what you know that the answers are so."))


class WaiveForm(Form):
    """Why it is not investigated."""

    similar_to = complaint_field(label=_("Investigated already with complaint"))
    justification = text(_("Justification"), rows=3)

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["similar_to"].rows = others_of(complaint)
        if complaint.similar_to is not None:
            self.initial.setdefault("similar_to", complaint.similar_to.number)


class SimilarForm(Form):
    """Which complaint it is like, and why."""

    similar_to = complaint_field(label=_("Similar to complaint"))

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["similar_to"].rows = others_of(complaint)
        fields["similar_to"].required = True


class ReopenForm(Form):
    """Which new information came, and since when it is known."""

    information = text(_("New information"), rows=3)
    aware_on = DayField(label=_("Aware since"), help_text=_("Statutory clocks run anew from this day."))


class FindingsForm(Form):
    """What was found, why, what was corrected."""

    investigation = text(_("What the investigation found"), rows=5, required=False)
    cause = code_field("cause", _("Cause"))
    correction = text(_("Correction and corrective action"), rows=3, required=False)
    code = code_field("event", _("Event code"))
    capa = forms.ChoiceField(label=_("Is a CAPA needed?"), choices=Capa.choices, required=False)
    capa_note = text(_("Its number, or why none is needed"), rows=2, required=False)

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("investigation", "cause", "correction", "code", "capa", "capa_note"):
            self.initial.setdefault(name, getattr(complaint, name))


class ReplyForm(Form):
    """What was replied, or why nothing was."""

    reply = forms.ChoiceField(label=_("Reply"), choices=Reply.choices[1:])
    text = text(_("Text of the reply, or why none is sent"), rows=6)
    replied_on = DayField(label=_("Replied on"), required=False, help_text=_("Empty: today."))


class FileForm(Form):
    """Evidence."""

    file = forms.FileField(label=_("File"))
    caption = line(_("Caption"), 300)


class RaiseForm(Form):
    """A nonconformance that comes of a complaint."""

    title = line(_("Title"), 200, required=True)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    defect_code = forms.ModelChoiceField(
        label=_("Defect code"), queryset=DefectCode.objects.filter(is_active=True), required=False
    )
    hold = forms.BooleanField(
        label=_("Hold what is here of the lot"),
        required=False,
        help_text=_("What failed outside may fail in each of its siblings."),
    )
    quantity = QuantityField(
        label=_("Quantity"),
        max_digits=18,
        decimal_places=6,
        min_value=0,
        required=False,
        help_text=_("Empty: all of the lot is held until it is counted."),
    )
