"""Forms of recalls and recall drills."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.web.forms import Form
from traceability.forms import SiteForm
from traceability.forms.goods import PartnerField
from traceability.forms.scanned import named_on
from traceability.models import Containment, Lot, Recall, RecallDecision, RecallLine, SerializedUnit
from traceability.queries.containment import Scope, of_supplier
from traceability.queries.recall_decisions import fitting

SEPARATORS = re.compile(r"[\n\r,;]+")
MOST_GOODS = 500
"""Lots and units that are entered at once."""


def goods_named(text: str, site: int) -> list[Lot | SerializedUnit]:
    """The lots and units of a site with these numbers; numbers that nothing has are told together (`ValidationError`).

    A number that several materials gave stands for all of them: rather too much is searched than too little.
    """
    numbers = list(dict.fromkeys(filter(None, (one.strip() for one in SEPARATORS.split(text)))))
    if len(numbers) > MOST_GOODS:
        raise forms.ValidationError(_t("At most %(limit)s at once."), params={"limit": MOST_GOODS})
    names = {number: named_on(number) for number in numbers}
    wanted = set(names.values())
    found: dict[str, list[Lot | SerializedUnit]] = defaultdict(list)
    for unit in SerializedUnit.objects.filter(site=site, serial__in=wanted).select_related("material", "site"):
        found[unit.serial].append(unit)
    for lot in Lot.objects.filter(site=site, number__in=wanted).select_related("material", "site"):
        found[lot.number].append(lot)
    wrong = [number for number, name in names.items() if name not in found]
    if wrong:
        raise forms.ValidationError(
            _t("There is no lot or unit with this number here: %(numbers)s."),
            params={"numbers": ", ".join(wrong[:10])},
        )
    return [one for name in names.values() for one in found[name]]


class GoodsMixin(Form):
    """Lots and units, or all lots of a supplier's lot number."""

    goods = forms.CharField(
        label=_("Lots and serial numbers"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "data-accepts-scan": ""}),
        max_length=20_000,
        required=False,
        help_text=_("Scan or type them, one a line."),
    )
    supplier_lot = forms.CharField(
        label=_("Supplier's lot number"),
        max_length=80,
        required=False,
        help_text=_("All lots with it, however it is spelled."),
    )
    supplier = PartnerField(
        label=_("Supplier's code"),
        required=False,
        help_text=_("Leaves out what is known to have come from another supplier."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["supplier"].offer(is_supplier=True)

    def at_site(self) -> Any:
        """Where the goods are looked for."""
        return self.cleaned_data.get("site")

    def clean(self) -> dict[str, Any]:
        """All of them as `goods`."""
        values = super().clean() or self.cleaned_data
        text, number = values.pop("goods", ""), values.pop("supplier_lot", "")
        supplier, site = values.pop("supplier", None), self.at_site()
        if site is None or self.errors:
            return values
        try:
            values["goods"] = goods_named(text, site.pk)
        except forms.ValidationError as error:
            self.add_error("goods", error)
            return values
        if number:
            named = of_supplier(Scope(Containment.Kind.SUPPLIER, site, supplier=supplier, supplier_lot=number))
            received = Lot.objects.filter(pk__in=named.lots).select_related("material", "site").order_by("pk")
            if not received:
                self.add_error("supplier_lot", _t("No lot here has this supplier's lot number."))
            values["goods"] += received
        if not values["goods"] and not self.errors:
            self.add_error("goods", _t("Enter at least one lot, serial number or supplier's lot number."))
        return values


class RecallForm(GoodsMixin, SiteForm):
    """A new recall or drill."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Recall.Kind.choices,
        widget=forms.RadioSelect,
        initial=Recall.Kind.DRILL,
        help_text=_("A drill begins at once, holds nothing and tells nobody. A recall begins when it is signed."),
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What is wrong or suspected; for a drill, what is practised. It stands in the letters."),
    )
    advice = forms.CharField(
        label=_("What customers should do"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("It stands in the letters. Empty: stop using it, keep it apart and send back the reply."),
    )
    contact = forms.CharField(
        label=_("Whom customers answer"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        max_length=1000,
        required=False,
        help_text=_("Address, name, telephone and e-mail, as the letters print them. A recall needs it."),
    )
    field_order = ("site", "kind", "goods", "supplier_lot", "supplier", "title", "reason", "advice", "contact")


class WidenForm(GoodsMixin):
    """More lots and units for a recall, at its site."""

    def __init__(self, *args: Any, recall: Recall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recall = recall

    def at_site(self) -> Any:
        """The site of the recall."""
        return self.recall.site


class DecisionForm(Form):
    """What becomes of lines, and a note."""

    disposition = forms.ChoiceField(label=_("Disposition"), choices=RecallDecision.Disposition.choices)
    note = forms.CharField(
        label=_("Note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("Evidence, such as a reply, a certificate of destruction or where it was found."),
    )

    def __init__(self, *args: Any, recall: Recall | None = None, where: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["disposition"]
        if recall is None:
            return
        offered = fitting(recall, where)
        field.choices = [(value, label) for value, label in RecallDecision.Disposition.choices if value in offered]
        if where and RecallDecision.Disposition.CONFIRMED in offered:
            field.initial = RecallDecision.Disposition.CONFIRMED


class GroupDecisionForm(DecisionForm):
    """The same about all open lines at one kind of place, with one customer, or both."""

    where = forms.ChoiceField(
        label=_("Where"), choices=[("", _("everywhere")), *RecallLine.Where.choices], required=False
    )
    customer = PartnerField(label=_("Customer's code"), required=False)
    field_order = ("where", "customer", "disposition", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["customer"].offer(is_customer=True)


class LineDecisionForm(DecisionForm):
    """About one line; a correction says why."""

    def __init__(self, *args: Any, line: RecallLine, is_decided: bool, **kwargs: Any) -> None:
        super().__init__(*args, recall=line.recall, where=line.where, **kwargs)
        if is_decided:
            self.fields["reason"] = forms.CharField(
                label=_("Why it is corrected"), widget=forms.Textarea(attrs={"rows": 2})
            )


class ConclusionForm(Form):
    """What was learned."""

    conclusion = forms.CharField(
        label=_("Conclusion"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("What was learned, and what follows from it. It stands in the report."),
    )
