"""Review by exception, release, and the sealed PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.jobs.models import BackgroundJob
from core.jobs.queries import jobs_of
from core.printing.models import PrintedRecord
from core.printing.queries import prints_of
from core.web import slots
from core.web.views import Action, DetailPage, Fact, ListPage, MovePage, Part, Related, Tab
from mes.execution.queries import order_facts
from mes.production_record import services
from mes.production_record.filters import ProductionRecordFilters
from mes.production_record.lifecycle import PRINT, RELEASE, VIEW
from mes.production_record.models import ProductionRecord
from mes.production_record.queries import recorded_in, standing_of
from mes.production_record.tables import ProductionRecordTable
from traceability.queries import trace
from traceability.services import release_lot

READ = ("order__site", "order__material__uom", "order__routing_revision__routing", "lot__site", "lot__material")


def against_release(record: ProductionRecord, user: Any) -> Sequence[Any]:
    """What stands against the release of the record's lot now, as far as its state offers it."""
    states = slots.mover().available_moves(record.lot, user, "release")
    return states[0].blockers if states else ()


def summary_of(record: ProductionRecord) -> list[Part]:
    """What the reviewer goes by: what was recorded with its exceptions, nonconformances and signatures."""

    def recorded() -> dict[str, Any]:
        counted, exceptions = recorded_in(record)
        return {"recorded": counted, "exceptions": exceptions}

    folder = "mes/production_record/"
    return [
        Part(
            "recorded",
            _("What was recorded"),
            folder + "_recorded.html",
            recorded,
            _("Reading what was recorded…"),
            holds_form=True,
        ),
        Part(
            "standing",
            _("Nonconformances and signatures"),
            folder + "_standing.html",
            lambda: {"standing": standing_of(record)},
            _("Checking nonconformances and signatures…"),
            holds_form=True,
        ),
    ]


class ProductionRecordList(ListPage):
    """Production records."""

    model, permission = ProductionRecord, VIEW
    table_class, filterset_class = ProductionRecordTable, ProductionRecordFilters
    search_fields = ("number", "order__number", "lot__number", "order__material__name")
    order = ("-number",)
    title = _("Production records")
    empty_title, empty_text = _("No production records yet"), _("They begin when an order is released to the floor.")
    empty_offers = ((_("See the orders"), "mes_execution:productionorder_list"),)

    def get_queryset(self) -> Any:
        return ProductionRecord.objects.select_related(*READ)


class ProductionRecordDetail(DetailPage):
    """One production record."""

    model, permission = ProductionRecord, VIEW
    template_name = "mes/production_record/productionrecord_detail.html"
    timeline_later = True

    def get_queryset(self) -> Any:
        return ProductionRecord.objects.select_related(*READ)

    def page_title(self) -> str:
        return str(self.record.order.material)

    def facts(self) -> list[Fact]:
        order = self.record.order
        return [
            Fact(_("Order"), order.number, order.get_absolute_url()),
            Fact(_("Lot"), self.record.lot.number, self.record.lot.get_absolute_url()),
            Fact(_("Routing"), order.routing_revision, order.routing_revision.get_absolute_url()),
            Fact(_("Routing as pinned (SHA-256)"), order.routing_hash[:16] + "…" if order.routing_hash else ""),
        ]

    def actions(self) -> list[Action]:
        found = []
        if self.record.status == "review":
            address = reverse("mes_production_record:productionrecord_review", args=[self.record.pk])
            found.append(Action(_("Release the lot"), address, "circle-check", permission=RELEASE))
        if self.prints:
            found.append(Action(_("Sealed PDF"), self.prints[0].get_absolute_url(), "lock", primary=True))
        elif self.record.status == "released":
            address = reverse("mes_production_record:productionrecord_print", args=[self.record.pk])
            found.append(Action(_("Render and seal"), address, "printer", permission=PRINT))
        return found

    @cached_property
    def prints(self) -> list[PrintedRecord]:
        """What was sealed of this record, newest first."""
        return prints_of(self.record)

    def related(self) -> list[Related]:
        return [Related(str(p), p.get_absolute_url(), _("Sealed PDF")) for p in self.prints]

    def tabs(self) -> list[Tab]:
        folder = "mes/production_record/"
        return [
            Tab("review", _("Review"), folder + "_review.html"),
            Tab("operations", _("Operations"), folder + "_operations.html"),
            Tab("genealogy", _("Genealogy"), folder + "_genealogy.html"),
        ]

    def waits_for_release(self) -> bool:
        """Whether something may stand between the record and the release of its lot."""
        return bool(self.record.status == "review")

    def parts(self) -> list[Part]:
        release = Part(
            "release",
            _("Before the lot can be released"),
            "mes/production_record/_release.html",
            lambda: {"release_blockers": against_release(self.record, self.request.user)},
            _("Checking what stands against the release…"),
            is_announced=True,
        )
        return [*super().parts(), release, *summary_of(self.record)]

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(jobs=jobs_of(self.record), release_waits=self.waits_for_release(), **more)
        current = context["tab"].key
        if current == "operations":
            context["operations"] = order_facts(self.record.order, ("values", "consumptions"))
        elif current == "genealogy":
            context["genealogy"] = trace(self.record.lot, "backward")
        return context


class ProductionRecordReview(MovePage):
    """Release the lot: the signature on it is the release of the record."""

    model, permission, deed_permission = ProductionRecord, VIEW, RELEASE
    template_name = "mes/production_record/productionrecord_review.html"
    gates_later = True
    label = _("Release the lot")
    meaning = "released"
    explanation = _(
        "You release this lot after reviewing its production record by exception. The record is rendered and sealed."
    )

    def get_queryset(self) -> Any:
        return ProductionRecord.objects.select_related(*READ)

    def covered(self) -> Sequence[Any]:
        return [Fact(_("Lot"), self.record.lot.number), Fact(_("Material"), self.record.order.material)]

    def parts(self) -> list[Part]:
        return [*super().parts(), *summary_of(self.record)]

    def signed_record(self) -> Any:
        return self.record.lot

    def blockers(self) -> Sequence[Any]:
        return against_release(self.record, self.request.user)

    def deed(self, form: Any) -> ProductionRecord:
        reason = form.cleaned_data["reason"]
        release_lot(lot=self.record.lot, actor=self.request.user, reason=reason, signature=self.proof())
        found: ProductionRecord = self.record
        return found


class ProductionRecordPrint(MovePage):
    """Seal a new edition of the production record as PDF; made in the background."""

    model, permission, deed_permission = ProductionRecord, VIEW, PRINT
    label = _("Render and seal")
    explanation = _("Rendered once: the same content gives the same file.")

    def deed(self, form: Any) -> BackgroundJob:
        return services.request_print(record=self.record, actor=self.request.user)
