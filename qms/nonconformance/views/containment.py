"""Pages of containment: look where affected goods are, and answer for each place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.web.markup import quantity
from core.web.views import Fact, MovePage
from qms.nonconformance import services
from qms.nonconformance.forms import ContainmentForm
from qms.nonconformance.models import ContainmentCheck
from qms.nonconformance.views.deeds import TRIAGE, VIEW, DeedPage


class PlacesFind(DeedPage):
    """Compute anew where affected goods are."""

    label = _("Look again")
    title = _("Look again where affected goods are")
    explanation = _(
        "Work in progress, stock and shipments of what is affected and of what was made of it: each place that is new"
        " is a line to answer. What was answered stays."
    )
    deed_permission = TRIAGE

    def deed(self, form: Any) -> Any:
        services.look_for_places(nonconformance=self.record, actor=self.request.user)
        return self.record

    def success_url(self, result: Any) -> str:
        return f"{self.record_url()}#containment"


class ContainmentAnswer(MovePage):
    """Say what was found at one place, with the evidence."""

    model, permission, deed_permission = ContainmentCheck, VIEW, TRIAGE
    label, title = _("Answer"), _("What was found there?")
    explanation = _("When every place is answered, the clock of the containment stops.")
    form_class = ContainmentForm
    list_url_name = "qms_nonconformance:nonconformance_list"

    def get_queryset(self) -> QuerySet[Any]:
        return ContainmentCheck.objects.select_related(
            "nonconformance__site", "lot__material", "unit__material", "place", "shipment", "uom"
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "check": self.record}

    @property
    def needs_reason(self) -> bool:
        return bool(self.record.result)

    def number(self) -> str:
        return str(self.record.nonconformance.number)

    def covered(self) -> Sequence[Fact]:
        check = self.record
        facts = [
            Fact(_("Goods"), check.thing, check.thing.get_absolute_url()),
            Fact(_("Material"), check.thing.material),
            Fact(_("Where"), f"{check.get_where_display()} · {check.at}"),
        ]
        if check.quantity is not None:
            facts.append(Fact(_("Quantity"), quantity(check.quantity, check.uom.symbol)))
        return facts

    def deed(self, form: Any) -> Any:
        return services.answer_containment(check=self.record, actor=self.request.user, **form.cleaned_data)

    def success_url(self, result: Any) -> str:
        return f"{self.record.get_absolute_url()}#containment"
