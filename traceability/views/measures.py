"""Pages of units of measure."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.views import Action, DetailPage, Fact, FormPage, ListPage
from traceability import forms, services
from traceability.models import UnitOfMeasure
from traceability.models.spelling import spelled
from traceability.tables import UnitOfMeasureTable


class UnitOfMeasureList(ListPage):
    """All units of measure."""

    model = UnitOfMeasure
    permission = "traceability.view_material"
    table_class = UnitOfMeasureTable
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name = "traceability:unitofmeasure_create"
    create_permission = "traceability.change_material"
    empty_title = gettext_lazy("No units of measure yet")
    empty_text = gettext_lazy("Every material is counted or measured in one. An import of materials makes them too.")
    empty_icon = "ruler"


class UnitOfMeasureDetail(DetailPage):
    """One unit of measure, the physical unit that it stands for, and whether it counts pieces."""

    model = UnitOfMeasure
    permission = "traceability.view_material"
    timeline_later = True

    def page_title(self) -> str:
        return str(self.record.name)

    def facts(self) -> list[Fact]:
        return [
            Fact(_("Written as"), self.record.symbol),
            Fact(
                _("Physical unit"),
                spelled(self.record.pint_unit) or self.record.pint_unit or _("none: it converts into nothing"),
            ),
            Fact(_("Counts"), _("whole pieces") if self.record.whole_only else _("parts too")),
            Fact(_("Key in another system"), self.record.other_key or "–"),
        ]

    def actions(self) -> list[Action]:
        change = reverse("traceability:unitofmeasure_change", args=[self.record.pk])
        return [Action(_("Change"), change, "edit", "traceability.change_material")]


class UnitOfMeasureCreate(FormPage):
    """A new unit of measure."""

    model = UnitOfMeasure
    permission = "traceability.change_material"
    form_class = forms.UnitOfMeasureForm

    def deed(self, form: forms.UnitOfMeasureForm) -> UnitOfMeasure:
        return services.create_uom(**form.cleaned_data, actor=self.request.user)


class UnitOfMeasureChange(FormPage):
    """What may change about a unit of measure."""

    model = UnitOfMeasure
    permission = "traceability.change_material"
    view_permission = "traceability.view_material"
    form_class = forms.UnitOfMeasureChangeForm

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.record.name, "whole_only": self.record.whole_only}

    def deed(self, form: Any) -> UnitOfMeasure:
        return services.change_uom(uom=self.record, **form.cleaned_data, actor=self.request.user)
