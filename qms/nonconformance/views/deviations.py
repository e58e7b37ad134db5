"""Pages of planned deviations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.web.markup import quantity
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage
from qms.nonconformance import services
from qms.nonconformance.filters import PlannedDeviationFilters
from qms.nonconformance.forms import DeviationForm, UseForm
from qms.nonconformance.models import DeviationUse, PlannedDeviation
from qms.nonconformance.queries import allowed_of, left_of
from qms.nonconformance.tables import PlannedDeviationTable

SEE = "qms_nonconformance.view_planneddeviation"
DRAFT = "qms_nonconformance.draft_planneddeviation"
USE = "qms_nonconformance.use_planneddeviation"
SHOWN = 100


class PlannedDeviationList(ListPage):
    """What may be done otherwise for a while, and what could be."""

    model, permission = PlannedDeviation, SEE
    table_class, filterset_class = PlannedDeviationTable, PlannedDeviationFilters
    search_fields = ("number", "title", "material__number")
    order = ("-pk",)
    create_url_name = "qms_nonconformance:planneddeviation_create"
    create_permission = DRAFT
    empty_title = _("No planned deviations")
    empty_text = _("Draft one when something has to be done otherwise for a while: it is approved before it is used.")
    empty_icon = "route"

    def get_queryset(self) -> QuerySet[Any]:
        return PlannedDeviation.objects.select_related("site", "material", "uom", "author")


class PlannedDeviationForms(FormPage):
    """Draft one, or change a draft."""

    model, permission, form_class = PlannedDeviation, DRAFT, DeviationForm
    change_needs_reason = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user, "deviation": self.instance}

    def deed(self, form: Any) -> Any:
        if self.is_change:
            return services.change_deviation(deviation=self.record, actor=self.request.user, **form.cleaned_data)
        return services.draft_deviation(actor=self.request.user, **form.cleaned_data)


def _value_facts(record: PlannedDeviation) -> list[Fact]:
    """Which value may leave its limits, and how far."""
    if record.document is None:
        return []
    return [
        Fact(_("Instruction"), record.document, record.document.get_absolute_url()),
        Fact(_("Value"), record.parameter),
        Fact(_("Allowed"), allowed_of(record)),
    ]


def facts_of(record: PlannedDeviation) -> list[Fact]:
    """What is allowed, for what, how long."""
    return [
        Fact(_("Material"), record.material, record.material.get_absolute_url()),
        Fact(_("Quota"), quantity(record.quota, record.uom.symbol)),
        Fact(_("Left"), quantity(left_of(record), record.uom.symbol), tone="" if left_of(record) else "bad"),
        Fact(_("Valid from"), record.valid_from),
        Fact(_("Valid until"), record.valid_until),
        Fact(_("Author"), record.author),
        *_value_facts(record),
        Fact(_("What is required"), record.requirement, wide=True),
        Fact(_("What is done instead"), record.instead, wide=True),
        Fact(_("Justification"), record.justification, wide=True),
    ]


class PlannedDeviationDetail(DetailPage):
    """One planned deviation with what was made under it."""

    model, permission = PlannedDeviation, SEE
    template_name = "qms/nonconformance/planneddeviation_detail.html"
    timeline_later = True
    signatures_later = True
    stepper_path = ("draft", "in_review", "approved", "closed")

    def get_queryset(self) -> QuerySet[Any]:
        return PlannedDeviation.objects.select_related("site", "material__uom", "uom", "author", "document")

    def facts(self) -> Sequence[Fact]:
        return facts_of(self.record)

    def actions(self) -> Sequence[Action]:
        record = self.record
        if record.status == "draft":
            url = reverse("qms_nonconformance:planneddeviation_change", args=[record.pk])
            return [Action(_("Change"), url, "pencil", permission=DRAFT)]
        if record.status == "approved":
            url = reverse("qms_nonconformance:planneddeviation_use", args=[record.pk])
            return [Action(_("Record a use"), url, "check", permission=USE, primary=True)]
        return ()

    def context(self, **more: Any) -> dict[str, Any]:
        uses = self.record.uses.select_related("lot", "unit", "actor", "deviation__uom").order_by("-pk")
        return super().context(uses=list(uses[:SHOWN]), **more)


class PlannedDeviationMove(MovePage):
    """A move of a planned deviation."""

    model, permission = PlannedDeviation, SEE

    def get_queryset(self) -> QuerySet[Any]:
        return PlannedDeviation.objects.select_related("site", "material__uom", "uom", "author", "document")

    def covered(self) -> Sequence[Fact]:
        return facts_of(self.record)


class PlannedDeviationUse(PlannedDeviationMove):
    """Take a quantity from the quota."""

    label = _("Record a use")
    deed_permission = USE
    form_class = UseForm
    explanation = _("The quantity is taken from the quota, if so much is left.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": self.record.site}

    def deed(self, form: Any) -> DeviationUse:
        return services.use_deviation(
            deviation=self.record,
            lot=form.cleaned_data["lot"],
            quantity=form.cleaned_data["quantity"],
            actor=self.request.user,
        )
