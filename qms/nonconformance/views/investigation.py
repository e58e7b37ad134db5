"""Pages of the investigation: other lots, duplicates, the CAPA decision, and whose the records are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.organization.models import User
from core.organization.queries import people_who_may
from core.web.views import BulkPage, Fact, ListPage, MovePage
from qms.capa.queries import capas_open_to
from qms.nonconformance import services
from qms.nonconformance.filters import OtherLotFilters
from qms.nonconformance.forms import CapaForm, MergeForm, OtherLotForm, OwnerForm
from qms.nonconformance.models import NonConformance, OtherLot
from qms.nonconformance.queries.records import OWNERS_RIGHTS
from qms.nonconformance.tables import OtherLotTable
from qms.nonconformance.views.deeds import TRIAGE, VIEW, DeedPage


class OtherLotList(ListPage):
    """Other lots that may be affected, of one record (`?nonconformance=`) or of all."""

    model, permission = OtherLot, VIEW
    table_class, filterset_class = OtherLotTable, OtherLotFilters
    search_fields = ("lot__number", "lot__material__number", "nonconformance__number")
    order = ("pk",)
    empty_title = _("No other lots are named")
    empty_text = _("They are computed from the genealogy, on the page of a nonconformance.")
    empty_icon = "route"

    def get_queryset(self) -> QuerySet[Any]:
        return OtherLot.objects.select_related("nonconformance__site", "lot__material", "answered_by")


class OtherLotsFind(DeedPage):
    """Compute from the genealogy which other lots may be affected."""

    label = _("Look for other lots")
    explanation = _(
        "What went into the affected lots, what was made of them, and what shares a component with them: each is a line"
        " to answer."
    )
    deed_permission = TRIAGE

    def deed(self, form: Any) -> Any:
        services.list_other_lots(nonconformance=self.record, actor=self.request.user)
        return self.record

    def success_url(self, result: Any) -> str:
        return f"{self.record_url()}#other-lots"


class OtherLotAnswer(MovePage):
    """Say of one lot whether it is affected, and why."""

    model, permission, deed_permission = OtherLot, VIEW, TRIAGE
    label, title = _("Answer"), _("Is this lot affected too?")
    explanation = _("A lot that is affected is named and held in the same moment.")
    form_class = OtherLotForm
    list_url_name = "qms_nonconformance:otherlot_list"

    def get_queryset(self) -> QuerySet[Any]:
        return OtherLot.objects.select_related("nonconformance__site", "lot__material__uom")

    @property
    def needs_reason(self) -> bool:
        return bool(self.record.answer)

    def number(self) -> str:
        return str(self.record.nonconformance.number)

    def covered(self) -> Sequence[Fact]:
        return [
            Fact(_("Lot"), self.record.lot, self.record.lot.get_absolute_url()),
            Fact(_("Material"), self.record.lot.material),
            Fact(_("Why it is asked"), self.record.get_relation_display()),
        ]

    def deed(self, form: Any) -> Any:
        return services.answer_other_lot(line=self.record, actor=self.request.user, **form.cleaned_data)


CANDIDATES = 200
"""So many records, the newest, are offered to merge into: a duplicate is told of soon."""


def _newest(rows: QuerySet[NonConformance]) -> QuerySet[NonConformance]:
    keys = list(rows.order_by("-pk").values_list("pk", flat=True)[:CANDIDATES])
    return NonConformance.objects.filter(pk__in=keys).order_by("-pk")


class NonConformanceMerge(DeedPage):
    """Merge a duplicate into the record that stays."""

    label = _("Merge")
    title = _("Merge a duplicate")
    meaning = "hold_released"
    asks_reason = True
    explanation = _("What it affects is held by the record that stays; this one is cancelled and leads there.")
    deed_permission = "qms_nonconformance.close_nonconformance"
    form_class = MergeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        record = self.record
        others = NonConformance.objects.filter(
            site=record.site_id, kind=record.kind, status__in=("draft", "open", "under_review")
        )
        return {**super().get_form_kwargs(), "candidates": _newest(others.exclude(pk=record.pk))}

    def deed(self, form: Any) -> Any:
        return services.merge_nonconformance(
            nonconformance=self.record,
            into=form.cleaned_data["into"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            signature=self.proof(),
        )


class CapaDecide(DeedPage):
    """Decide whether a CAPA is needed."""

    label = _("Decide")
    title = _("Is a CAPA needed?")
    explanation = _("Asked when the same is used as it is again, and for everything major or critical.")
    deed_permission = TRIAGE
    form_class = CapaForm

    @property
    def needs_reason(self) -> bool:
        return bool(self.record.capa_decision)

    def get_initial(self) -> dict[str, Any]:
        record = self.record
        return {
            "decision": record.capa_decision or None, "capa": record.capa_id, "rationale": record.capa_rationale
        }  # fmt: skip

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "capas": capas_open_to(self.request.user, self.record.site)}

    def deed(self, form: Any) -> Any:
        return services.decide_capa(nonconformance=self.record, actor=self.request.user, **form.cleaned_data)


class AssignMany(BulkPage):
    """Give several records to one owner."""

    model, permission, deed_permission = NonConformance, VIEW, TRIAGE
    label = _("Assign")
    explanation = _("The open work on them goes to the new owner.")
    form_class = OwnerForm

    def get_queryset(self) -> QuerySet[Any]:
        return NonConformance.objects.select_related("site", "owner")

    def get_form_kwargs(self) -> dict[str, Any]:
        sites = {record.site_id: record.site for record in self.chosen}
        people = people_who_may(OWNERS_RIGHTS, next(iter(sites.values()))) if sites else User.objects.none()
        return {**super().get_form_kwargs(), "people": people}

    def deed_on(self, record: Any, form: Any) -> Any:
        return services.assign_owner(nonconformance=record, owner=form.cleaned_data["owner"], actor=self.request.user)
