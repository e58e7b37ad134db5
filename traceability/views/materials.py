"""Pages of materials, their revisions and bills of material."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.clock import now
from core.web.access import may, scoped
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Tab
from traceability import forms, services
from traceability.filters import MaterialFilters
from traceability.models import BillOfMaterial, BillOfMaterialLine, Lot, Material, MaterialRevision
from traceability.queries import bom_lines, explode, plain, where_used, with_stock
from traceability.tables import MaterialTable
from traceability.views.containing import contain_action

LOTS_SHOWN = 20
LATER_FIELDS = ("gtin", "shelf_life_rule", "retest_days", "open_life_days")
"""What came to materials in a later version: programs that were written before do not send it."""


class MaterialList(ListPage):
    """All materials."""

    model = Material
    permission = "traceability.view_material"
    table_class = MaterialTable
    filterset_class = MaterialFilters
    search_fields = ("number", "name", "external_id", "gtin")
    order = ("number",)
    create_url_name = "traceability:material_create"
    create_permission = "traceability.change_material"
    empty_title = gettext_lazy("No materials yet")
    empty_text = gettext_lazy("Create one, or import those of your ERP.")
    empty_icon = "packages"

    def get_queryset(self) -> QuerySet[Material]:
        effective = MaterialRevision.objects.filter(material=OuterRef("pk"), status="effective").values("revision")
        return Material.objects.select_related("uom").annotate(effective_revision=Subquery(effective[:1]))


class MaterialDetail(DetailPage):
    """One material: what it is, what it is made of, where it is used, its lots."""

    model = Material
    permission = "traceability.view_material"
    timeline_later = True

    def get_queryset(self) -> QuerySet[Material]:
        return Material.objects.select_related("uom")

    def page_title(self) -> str:
        return str(self.record.name)

    def badges(self) -> list[tuple[str, str, str]]:
        return [] if self.record.is_active else [(_("No longer used"), "warn", "ban")]

    def facts(self) -> list[Fact]:
        life = self.record.shelf_life_days
        return [
            Fact(_("Kind"), self.record.get_kind_display()),
            Fact(_("Tracking"), self.record.get_tracking_display()),
            Fact(_("Unit"), f"{self.record.uom.symbol} · {self.record.uom.name}"),
            Fact(_("Shelf life"), _("%(days)s days") % {"days": life} if life else "–"),
            *self.further_life(),
            Fact(_("GTIN"), self.record.gtin or "–"),
            Fact(_("Key in another system"), self.record.other_key or "–"),
        ]

    def further_life(self) -> list[Fact]:
        """What else limits the use of its lots, where something does."""
        material = self.record
        facts = [Fact(_("How long it keeps"), material.get_shelf_life_rule_display())]
        for label, days in (
            (_("Retest after"), material.retest_days),
            (_("Usable once opened"), material.open_life_days),
        ):
            if days is not None:
                facts.append(Fact(label, _("%(days)s days") % {"days": days}))
        return facts if len(facts) > 1 or material.shelf_life_rule != Material.ShelfLifeRule.FIXED else []

    def actions(self) -> list[Action]:
        return [
            Action(
                _("Change"),
                reverse("traceability:material_change", args=[self.record.pk]),
                "edit",
                "traceability.change_material",
            ),
            Action(
                _("New revision"),
                reverse("traceability:materialrevision_create", args=[self.record.pk]),
                "plus",
                "traceability.change_material",
            ),
            contain_action("material", material=self.record.number),
        ]

    @cached_property
    def bill(self) -> BillOfMaterial | None:
        """The active bill of material."""
        return BillOfMaterial.objects.filter(material=self.record, is_active=True).first()

    def tabs(self) -> list[Tab]:
        return [
            Tab("overview", _("Overview"), "traceability/_material_overview.html"),
            Tab("bom", _("Made of"), "traceability/_material_bom.html"),
            Tab("used", _("Used in"), "traceability/_material_used.html"),
            Tab("lots", _("Lots"), "traceability/_material_lots.html"),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(**more)
        today = now().date()
        current = context["tab"].key
        if current == "overview":
            context["may_release"] = may(self.request.user, "traceability.release_materialrevision", self.record)
            context["revisions"] = MaterialRevision.objects.filter(material=self.record).order_by("-pk")
        elif current == "bom":
            context["bill"] = self.bill
            context["lines"] = bom_lines(self.record, today)
            context["may_change"] = may(self.request.user, "traceability.change_billofmaterial", self.record)
        elif current == "used":
            context["uses"] = where_used(self.record, today)
        else:
            lots = scoped(Lot.objects.filter(material=self.record), self.request.user, "traceability.view_lot")
            context["lots"] = with_stock(lots).select_related("site").order_by("-pk")[:LOTS_SHOWN]
            context["lots_shown"] = LOTS_SHOWN
        return context


class MaterialCreate(FormPage):
    """A new material."""

    model = Material
    permission = "traceability.change_material"
    form_class = forms.MaterialForm

    def deed(self, form: Any) -> Material:
        values = dict(form.cleaned_data)
        values["shelf_life_rule"] = values["shelf_life_rule"] or Material.ShelfLifeRule.FIXED
        return services.create_material(**values, actor=self.request.user)


class MaterialChange(FormPage):
    """What may change about a material."""

    model = Material
    permission = "traceability.change_material"
    form_class = forms.MaterialChangeForm

    def get_initial(self) -> dict[str, Any]:
        fields = ("name", "kind", "shelf_life_days", *LATER_FIELDS, "is_active")
        return {name: getattr(self.record, name) for name in fields}

    def deed(self, form: Any) -> Material:
        values = dict(form.cleaned_data)
        for name in LATER_FIELDS:
            # A program that knows nothing of it leaves it as it is; a field that was emptied means none.
            if name not in form.data:
                values[name] = None
            elif values[name] is None:
                values[name] = 0
        values["shelf_life_rule"] = values["shelf_life_rule"] or None
        return services.change_material(material=self.record, **values, actor=self.request.user)


class MaterialDeed(MovePage):
    """Base of forms that add something to a material."""

    model = Material
    permission = "traceability.view_material"
    deed_permission = "traceability.change_material"


class RevisionCreate(MaterialDeed):
    """A new draft revision."""

    form_class = forms.RevisionForm
    label = gettext_lazy("Begin the revision")
    explanation = gettext_lazy(
        "The revision begins as a draft. Nothing changes on the floor until it becomes effective."
    )

    def deed(self, form: Any) -> MaterialRevision:
        values = form.cleaned_data
        return services.add_revision(
            material=self.record,
            revision=values["revision"],
            description=values["description"],
            actor=self.request.user,
        )


class RevisionMove(MovePage):
    """A move of a revision; afterwards its material is shown."""

    model = MaterialRevision
    permission = "traceability.view_material"
    list_url_name = "traceability:material_list"

    def get_queryset(self) -> QuerySet[MaterialRevision]:
        return MaterialRevision.objects.select_related("material")


class RevisionUseUp(MovePage):
    """Until when lots of a superseded revision may still be used."""

    model = MaterialRevision
    permission = "traceability.view_material"
    deed_permission = "traceability.release_materialrevision"
    list_url_name = "traceability:material_list"
    form_class = forms.UseUpForm
    label = gettext_lazy("Allow the use")
    explanation = gettext_lazy(
        "Lots of this revision may be used until the end of that day, although it is superseded."
    )
    asks_reason = True

    def get_queryset(self) -> QuerySet[MaterialRevision]:
        return MaterialRevision.objects.select_related("material")

    def deed(self, form: Any) -> MaterialRevision:
        values = form.cleaned_data
        return services.allow_use_up(
            revision=self.record, until=values["until"], actor=self.request.user, reason=values["reason"]
        )


class BillOfMaterialCreate(MaterialDeed):
    """A new bill of material of an assembly."""

    deed_permission = "traceability.change_billofmaterial"
    form_class = forms.BillOfMaterialForm
    label = gettext_lazy("Begin the bill of material")
    explanation = gettext_lazy("It becomes the one in use; a bill of material before it is no longer used.")

    def deed(self, form: Any) -> BillOfMaterial:
        return services.create_bill_of_material(
            material=self.record, code=form.cleaned_data["code"], actor=self.request.user
        )


class BillOfMaterialDetail(DetailPage):
    """The whole structure of an assembly on a day, every level, with quantities per piece of the top."""

    model = BillOfMaterial
    permission = "traceability.view_material"
    timeline_later = True
    list_url_name = "traceability:material_list"
    template_name = "traceability/billofmaterial_detail.html"

    def get_queryset(self) -> QuerySet[BillOfMaterial]:
        return BillOfMaterial.objects.select_related("material__uom")

    def page_title(self) -> str:
        return _("What %(name)s is made of") % {"name": self.record.material.name}

    def number(self) -> str:
        return str(self.record)

    def badges(self) -> list[tuple[str, str, str]]:
        return [] if self.record.is_active else [(_("Not in use"), "warn", "ban")]

    def actions(self) -> list[Action]:
        return [
            Action(_("Material"), self.record.material.get_absolute_url(), "package"),
            Action(
                _("Add a component"),
                reverse("traceability:billofmaterialline_create", args=[self.record.pk]),
                "plus",
                "traceability.change_billofmaterial",
                primary=True,
            ),
        ]

    @cached_property
    def day(self) -> dt.date:
        """The day of the address (`?on=2026-01-31`), else today."""
        try:
            return parse_date(self.request.GET.get("on", "")) or now().date()
        except ValueError:
            return now().date()

    def context(self, **more: Any) -> dict[str, Any]:
        lines = explode(self.record.material, self.day)
        levels = max((line.level for line in lines), default=0)
        return super().context(
            day=self.day,
            lines=lines,
            levels=levels,
            components=len({line.component.pk for line in lines}),
            may_change=may(self.request.user, "traceability.change_billofmaterial", self.record),
            **more,
        )


class BomLineCreate(MovePage):
    """Add a component to a bill of material."""

    model = BillOfMaterial
    permission = "traceability.view_material"
    deed_permission = "traceability.change_billofmaterial"
    list_url_name = "traceability:material_list"
    form_class = forms.BomLineForm
    label = gettext_lazy("Add the component")

    def get_queryset(self) -> QuerySet[BillOfMaterial]:
        return BillOfMaterial.objects.select_related("material")

    def get_initial(self) -> dict[str, Any]:
        return {"valid_from": now().date(), **super().get_initial()}

    def deed(self, form: Any) -> BillOfMaterial:
        values = form.cleaned_data
        services.add_bom_line(
            bom=self.record,
            component=values["component"],
            quantity=values["quantity"],
            uom=values["uom"] or values["component"].uom,
            valid_from=values["valid_from"],
            valid_to=values["valid_to"],
            actor=self.request.user,
        )
        bill: BillOfMaterial = self.record
        return bill


class BomLineEnd(MovePage):
    """End a line after a last day."""

    model = BillOfMaterialLine
    permission = "traceability.view_material"
    deed_permission = "traceability.change_billofmaterial"
    list_url_name = "traceability:material_list"
    form_class = forms.BomLineEndForm
    label = gettext_lazy("End the line")

    def get_queryset(self) -> QuerySet[BillOfMaterialLine]:
        return BillOfMaterialLine.objects.select_related("bom__material", "component", "uom")

    def record_url(self) -> str:
        return str(self.record.bom.get_absolute_url())

    def covered(self) -> Sequence[Any]:
        return [
            Fact(_("Component"), self.record.component),
            Fact(_("Quantity"), f"{plain(self.record.quantity)} {self.record.uom}"),
        ]

    def get_initial(self) -> dict[str, Any]:
        return {"valid_to": self.record.valid_to or now().date(), **super().get_initial()}

    def deed(self, form: Any) -> str:
        values = form.cleaned_data
        services.end_bom_line(
            line=self.record, valid_to=values["valid_to"], actor=self.request.user, reason=values["reason"]
        )
        return self.record_url()
