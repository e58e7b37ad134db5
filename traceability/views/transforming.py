"""Pages of lots that become other lots, and of components that are replaced."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.markup import quantity
from core.web.views import Fact, MovePage
from traceability import services
from traceability.forms import transforming as forms
from traceability.models import Lot, SerializedUnit, Transformation
from traceability.queries import components_of, missing_in, movements_of_transformation
from traceability.views.lots import LotDeed
from traceability.views.receiving import sent_id

SPLIT = "traceability.split_lot"
REPLACE = "traceability.replace_component"


class LotSplit(LotDeed):
    """A quantity of a lot becomes a sublot."""

    deed_permission = SPLIT
    form_class = forms.SplitForm
    label = gettext_lazy("Split off")
    title = gettext_lazy("Split a lot")
    explanation = gettext_lazy(
        "The quantity becomes a lot of its own, in the same place and state. What is on hold stays on hold there."
    )

    def deed(self, form: Any) -> Lot:
        return services.split_lot(
            lot=self.record, **form.cleaned_data, client_id=sent_id(self.request), actor=self.request.user
        )


class LotMerge(LotDeed):
    """This lot and others become one."""

    deed_permission = SPLIT
    form_class = forms.MergeForm
    label = gettext_lazy("Merge")
    title = gettext_lazy("Merge lots")
    explanation = gettext_lazy(
        "All that is on hand becomes one new lot: usable as long as the one that expires first, on hold for every hold "
        "on any of them, and with the supplier's lot number only where it is the same."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["state"]
        return kwargs

    def deed(self, form: Any) -> Lot:
        values = form.cleaned_data
        others = [lot for lot in values.pop("lots") if lot.pk != self.record.pk]
        return services.merge_lots(
            lots=[self.record, *others], **values, client_id=sent_id(self.request), actor=self.request.user
        )


class TransformationUndo(MovePage):
    """A split or merge was a mistake: all goes back."""

    model = Transformation
    permission = "traceability.view_lot"
    deed_permission = SPLIT
    label = gettext_lazy("Take it back")
    title = gettext_lazy("Take a split or merge back")
    explanation = gettext_lazy("All goes back to the lots it came from. The lot that was made stays, empty.")
    asks_reason = True

    def get_queryset(self) -> QuerySet[Transformation]:
        return Transformation.objects.select_related("site")

    @property
    def made(self) -> Lot | None:
        """The lot that was made."""
        found = [m.lot for m in movements_of_transformation(self.record) if m.from_location_id is None]
        return found[0] if found else None

    def record_url(self) -> str:
        return self.made.get_absolute_url() if self.made is not None else self.list_url()

    def crumbs(self) -> list[tuple[Any, str]]:
        lots = (_("Lots"), reverse("traceability:lot_list"))
        return [lots, (str(self.made or self.record), self.record_url()), (self.page_title(), "")]

    def covered(self) -> list[Fact]:
        return [
            Fact(
                _("Goes out of %(lot)s") % {"lot": m.lot}
                if m.from_location_id is None
                else _("Comes back into %(lot)s") % {"lot": m.lot},
                quantity(m.quantity, m.lot.material.uom.symbol),
            )
            for m in movements_of_transformation(self.record)
        ]

    def deed(self, form: Any) -> str:
        services.undo_transformation(
            transformation=self.record, reason=form.cleaned_data["reason"], actor=self.request.user
        )
        return self.record_url()


class ComponentReplace(MovePage):
    """A component of a unit is taken out, and perhaps another one built in."""

    model = SerializedUnit
    permission = "traceability.view_serializedunit"
    deed_permission = REPLACE
    form_class = forms.ReplaceForm
    label = gettext_lazy("Replace")
    title = gettext_lazy("Replace a component")
    explanation = gettext_lazy("Both components stay in the unit's story, with their dates and your reason.")
    asks_reason = True

    def get_queryset(self) -> QuerySet[SerializedUnit]:
        return SerializedUnit.objects.select_related("material", "lot", "site")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "unit": self.record, "components": components_of(self.record)}

    def covered(self) -> list[Fact]:
        return [Fact(_("Material"), self.record.material), Fact(_("Lot"), self.record.lot or "–")]

    def deed(self, form: Any) -> SerializedUnit:
        values = dict(form.cleaned_data)
        new = values.pop("new")
        services.replace_component(
            genealogy_link=values.pop("component"),
            new_lot=new if isinstance(new, Lot) else None,
            new_unit=new if isinstance(new, SerializedUnit) else None,
            client_id=sent_id(self.request),
            actor=self.request.user,
            **values,
        )
        unit: SerializedUnit = self.record
        return unit


class ComponentBuildIn(MovePage):
    """What was taken out of a unit is put back."""

    model = SerializedUnit
    permission = "traceability.view_serializedunit"
    deed_permission = REPLACE
    form_class = forms.BuildInForm
    label = gettext_lazy("Build in")
    title = gettext_lazy("Build in what is missing")
    explanation = gettext_lazy("It takes the place of what was taken out earlier; the unit's story keeps both.")
    asks_reason = True

    def get_queryset(self) -> QuerySet[SerializedUnit]:
        return SerializedUnit.objects.select_related("material", "lot", "site")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "unit": self.record}

    def covered(self) -> list[Fact]:
        return [
            Fact(_("Missing: %(material)s") % {"material": one.material}, quantity(one.quantity, one.uom.symbol))
            for one in missing_in(self.record)
        ]

    def deed(self, form: Any) -> SerializedUnit:
        new = form.cleaned_data["new"]
        unit: SerializedUnit = self.record
        services.build_in_component(
            unit=unit,
            new_lot=new if isinstance(new, Lot) else None,
            new_unit=new if isinstance(new, SerializedUnit) else None,
            reason=form.cleaned_data["reason"],
            client_id=sent_id(self.request),
            actor=self.request.user,
        )
        return unit
