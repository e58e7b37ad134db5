"""The intake: who said what about which product when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Partner, Site
from core.organization.queries import sites_of
from core.web.forms import DayField, Form
from qms.complaints.forms.common import complaint_field, line, text
from qms.complaints.models import Channel, Complaint, Harm
from qms.complaints.queries import identify, similar_to
from qms.complaints.services.intake import TOLD
from traceability.forms import ByNumberField
from traceability.queries import day_at

DATES = ("received_on", "event_on", "aware_on")


def customer_field() -> ByNumberField:
    """The customer by its code, where the complainant is one."""
    found = ByNumberField(
        field="code", unknown=_("There is no customer with this code."), required=False, label=_("Customer's code")
    )
    found.rows = Partner.objects.filter(is_customer=True)
    return found


class ToldForm(Form):
    """What was told, as it was told."""

    claimed_udi = line(
        _("UDI or label"), 200, scan=True, help_text=_("Scan the label, or type the UDI with its brackets.")
    )
    claimed_product = line(_("Product, as reported"), 200)
    claimed_lot = line(_("Lot, as reported"), 80, scan=True)
    claimed_serial = line(_("Serial number, as reported"), 80, scan=True)
    title = line(_("Title"), 200, required=True, help_text=_("What is wrong with what, in a few words."))
    nature = text(_("What is complained of"), rows=4, help_text=_("As it was told, with the circumstances."))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    event_on = DayField(label=_("Happened on"), required=False)
    harm = forms.ChoiceField(label=_("Harm to patient, user or others"), choices=Harm.choices, initial=Harm.UNKNOWN)
    harm_note = text(_("Who was harmed, and how"), rows=2, required=False)
    complainant_name = line(_("Name"), 160)
    complainant_organization = line(_("Organization"), 160)
    complainant_address = text(_("Address"), rows=2, required=False)
    complainant_phone = line(_("Phone"), 60)
    complainant_email = forms.EmailField(label=_("E-mail"), required=False, max_length=160)
    customer = customer_field()

    def told(self) -> dict[str, Any]:
        """The values that the services know as told."""
        return {name: self.cleaned_data[name] for name in TOLD if name in self.cleaned_data}


class IntakeForm(ToldForm):
    """A new complaint. Similar ones have to be looked at before it is recorded."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    received_on = DayField(label=_("Received on"), required=False, help_text=_("Empty: today."))
    aware_on = DayField(
        label=_("Aware since"),
        required=False,
        help_text=_("The first day on which anybody of the plant knew. Empty: the day of receipt."),
    )
    similar_to = complaint_field(label=_("Similar to complaint"))
    similar_reason = text(
        _("What both have in common"), rows=2, required=False, help_text=_("Needed when you name a similar complaint.")
    )
    similar_seen = forms.BooleanField(
        label=_("I looked at the similar complaints: this is another one"), required=False
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        sites = sites_of(user, "qms_complaints.record_complaint")
        fields["site"].queryset = sites
        self.initial.setdefault("site", sites.first())
        fields["similar_to"].rows = Complaint.objects.filter(site__in=sites)
        self.similar: list[Complaint] = []

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        site = values.get("site")
        if site is None or self.errors:
            return values
        named = identify(
            site=site,
            udi=values["claimed_udi"],
            lot=values["claimed_lot"],
            serial=values["claimed_serial"],
            product=values["claimed_product"],
        )
        self.similar = similar_to(
            site=site,
            words=f"{values['title']} {values['nature']}",
            lot=named.lot,
            material=named.material,
            today=day_at(site),
        )
        if self.similar and values.get("similar_to") is None and not values.get("similar_seen"):
            numbers = ", ".join(one.number for one in self.similar)
            raise ValidationError(
                _t("There are similar complaints: %(numbers)s. Name one and what both have in common, or confirm that"
                   " this is another one.") % {"numbers": numbers},
                code="similar",
            )  # fmt: skip
        return values


class IntakeChangeForm(ToldForm):
    """A correction of what was written down."""

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TOLD:
            self.initial[name] = getattr(complaint, name)
        self.initial["customer"] = complaint.customer.code if complaint.customer is not None else ""
