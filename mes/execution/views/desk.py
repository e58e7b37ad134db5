"""Orders at the desk: create, release, follow, print; why somebody cannot start; calls for help."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.lifecycle.queries import decisions_of
from core.organization.queries import people_at, sites_of
from core.printing.services import render_sheet
from core.trail.queries.wording import words_of_action
from core.web.markup import quantity
from core.web.views import Action, Bulk, BulkPage, DetailPage, Fact, FormPage, ListPage, MovePage, Related, Tab
from mes.execution import services, tables
from mes.execution.filters import AndonFilters, ProductionOrderFilters
from mes.execution.forms import OrderForm, SandboxForm, WhyForm
from mes.execution.lifecycle import ANSWER_ANDON, CHANGE, CREATE, OVERRIDE, SANDBOX, VIEW, VIEW_ANDON
from mes.execution.models import Andon, OrderOperation, ProductionOrder
from mes.execution.queries import Progress, gate, material_lines, newer_instruction, next_action, progress, telling
from mes.routing.models import RoutingRevision
from traceability.views.containing import contain_action

READ = ("site", "material__uom", "lot", "routing_revision__routing", "created_by")


class ProductionOrderList(ListPage):
    """Production orders."""

    model, permission = ProductionOrder, VIEW
    table_class, filterset_class = tables.ProductionOrderTable, ProductionOrderFilters
    search_fields = ("number", "material__number", "material__name", "lot__number")
    order = ("-number",)
    title = _("Production orders")
    create_url_name, create_permission = "mes_execution:productionorder_create", CREATE
    empty_title = _("No production orders yet")
    empty_text = _("Create one for a material with an effective routing, then release it to the floor.")
    empty_offers = ((_("See the routings"), "mes_routing:routing_list"),)

    def get_queryset(self) -> Any:
        return ProductionOrder.objects.select_related(*READ)


class ProductionOrderCreate(FormPage):
    """Create a production order from the effective routing of its material."""

    model, permission, form_class = ProductionOrder, CREATE, OrderForm
    title = _("Create a production order")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, CREATE)}

    def deed(self, form: Any) -> ProductionOrder:
        return services.create_order(**form.cleaned_data, actor=self.request.user)


def _goods(order: ProductionOrder) -> list[Fact]:
    """The lot that is made; of a rework order what is reworked, and by which decision."""
    line, lot = order.rework_of, order.lot_at_hand
    facts = [Fact(_("Lot"), lot, lot.get_absolute_url() if lot else "")]
    if line is not None:
        found = line.nonconformance
        facts.append(Fact(_("Rework of"), f"{found.number} · {line}", found.get_absolute_url()))
    return facts


class ProductionOrderDetail(DetailPage):
    """One production order."""

    model, permission = ProductionOrder, VIEW
    timeline_later = True

    def get_queryset(self) -> Any:
        return ProductionOrder.objects.select_related(*READ)

    def page_title(self) -> str:
        return str(self.record.material)

    def badges(self) -> list[Any]:
        return [(_("Try-out"), "warn", "flask")] if self.record.is_sandbox else []

    def facts(self) -> list[Fact]:
        order = self.record
        return [
            Fact(_("Quantity"), quantity(order.quantity, order.material.uom.symbol)),
            Fact(_("Due on"), order.due_on),
            Fact(_("Priority"), order.priority),
            Fact(_("Site"), order.site),
            *_goods(order),
            Fact(_("Routing"), order.routing_revision, order.routing_revision.get_absolute_url()),
            Fact(_("Routing as pinned (SHA-256)"), order.routing_hash[:16] + "…" if order.routing_hash else ""),
            Fact(_("Created by"), order.created_by),
        ]

    def actions(self) -> list[Action]:
        def to(name: str) -> str:
            return reverse(f"mes_execution:productionorder_{name}", args=[self.record.pk])

        if self.record.status == "draft":
            return []
        return [
            Action(_("Traveler"), to("traveler"), "printer", permission=VIEW, new_window=True),
            Action(_("Barcode sheet"), to("barcodes"), "barcode", permission=VIEW, new_window=True),
            contain_action("order", record=self.record.number, site=self.record.site_id),
        ]

    def related(self) -> list[Related]:
        record = getattr(self.record, "production_record", None)
        return [Related(str(record), record.get_absolute_url(), _("Production record"))] if record else []

    def work_elsewhere(self) -> Related | None:
        order = self.record
        following = next((row.operation for row in self.rows if row.operation.status != "completed"), None)
        if following is None or order.status not in ("released", "in_progress"):
            return None
        return Related(
            _("Next: %(operation)s at %(where)s.")
            % {"operation": following.short_name, "where": following.work_center},
            following.get_absolute_url(),
            _("It is “%(state)s”; the work is done at a station there. The order is closed when all of it is done.")
            % {"state": following.get_status_display()},
        )

    def tabs(self) -> list[Tab]:
        return [Tab("operations", _("Operations"), "mes/execution/_order_operations.html")]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(progress=self.rows, **more)

    @cached_property
    def rows(self) -> list[Progress]:
        """The operations in order, with what was reported at each."""
        return progress(self.record)


class ProductionOrderMove(MovePage):
    """Release, close or cancel a production order."""

    model, permission = ProductionOrder, VIEW

    def get_queryset(self) -> Any:
        return ProductionOrder.objects.select_related(*READ)

    def covered(self) -> Any:
        order = self.record
        return [
            Fact(_("Material"), order.material),
            Fact(_("Quantity"), f"{order.quantity.normalize():f} {order.material.uom.symbol}"),
            Fact(_("Routing"), order.routing_revision),
        ]


class _Sheet(DetailPage):
    """A PDF made on the spot from an order; it is no record, so it is neither sealed nor stored."""

    model, permission = ProductionOrder, VIEW
    sheet = ""
    name = ""

    def get_queryset(self) -> Any:
        return ProductionOrder.objects.select_related(*READ)

    def sheet_context(self) -> dict[str, Any]:
        rows = progress(self.record)
        for row in rows:
            row.operation.needed = material_lines(row.operation, with_choices=True)  # type: ignore[attr-defined]
        return {"order": self.record, "rows": rows}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        pdf = render_sheet(self.sheet, self.sheet_context(), title=f"{self.title} {self.record.number}")
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{self.name}-{self.record.number}.pdf"'
        return response


class Traveler(_Sheet):
    """What goes with the material through the plant, with barcodes for every operation."""

    sheet, name = "mes/execution/print/traveler.html", "traveler"
    title = _("Traveler")


class BarcodeSheet(_Sheet):
    """Everything an evaluator without a scanner's targets needs: badges, the order, operations, component lots."""

    sheet, name = "mes/execution/print/barcodes.html", "barcodes"
    title = _("Barcode sheet")

    def sheet_context(self) -> dict[str, Any]:
        people = people_at([self.record.site]).exclude(badge="")[:12]
        return {**super().sheet_context(), "people": people}


class OrderOperationDetail(DetailPage):
    """One operation: why this person can or cannot do the next thing, and every decision of its gates."""

    timeline_later = signatures_later = True

    model, permission = OrderOperation, VIEW
    template_name = "mes/execution/orderoperation_detail.html"
    list_url_name = "mes_execution:productionorder_list"

    def get_queryset(self) -> Any:
        return OrderOperation.objects.select_related(
            "order__site", "order__material__uom", "order__lot", "operation__document", "work_center__area__site",
            "document_revision__document",
        )  # fmt: skip

    def page_title(self) -> str:
        return str(self.record)

    def facts(self) -> list[Fact]:
        operation = self.record
        revision = operation.document_revision
        return [
            Fact(_("Order"), operation.order.number, operation.order.get_absolute_url()),
            Fact(_("Material"), operation.order.material),
            Fact(_("Work center"), operation.work_center, operation.work_center.get_absolute_url()),
            Fact(_("Instruction"), revision, revision.get_absolute_url() if revision else ""),
        ]

    def actions(self) -> list[Action]:
        pk = self.record.pk
        found = [Action(_("Who can run it"), reverse("mes_execution:orderoperation_staff", args=[pk]), "users")]
        if self.record.status != "completed":
            override = reverse("mes_execution:orderoperation_override", args=[pk])
            found.append(Action(_("Let somebody work untrained"), override, "signature", permission=OVERRIDE))
        if newer_instruction(self.record) is not None:
            to = reverse("mes_execution:orderoperation_adopt", args=[pk])
            found.append(Action(OrderOperationAdopt.label, to, "file-text", permission=CHANGE))
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        form = WhyForm(self.request.GET or None, people=people_at([self.record.order.site]))
        person = self.request.user
        if form.is_bound and form.is_valid() and form.cleaned_data["person"] is not None:
            person = form.cleaned_data["person"]
        own = self.record.runs.filter(operator=person.pk).exclude(status="ended").first()
        action = next_action(self.record, own) or "complete"
        results = [] if self.record.status == "completed" else gate(self.record, action, person)
        return super().context(
            why_form=form,
            person=person,
            gate_results=telling(results),
            can=all(result.passed for result in results),
            decisions=[
                (words_of_action(one.action, OrderOperation), one) for one in decisions_of(self.record, limit=50)
            ],
            **more,
        )


class SandboxCreate(FormPage):
    """Try a routing as operator, before it is approved: the same gates, nothing counts."""

    model, permission, form_class = RoutingRevision, SANDBOX, SandboxForm
    changes_record = False
    title = _("Try as operator")
    lead = _("A try-out order runs the same steps and gates. Nothing leaves stock and nothing enters a record.")
    change_needs_reason = False
    submit_label = _("Try it")

    def deed(self, form: Any) -> ProductionOrder:
        return services.try_routing(
            revision=self.record, quantity=form.cleaned_data["quantity"], actor=self.request.user
        )


class _OrderOperationMove(MovePage):
    """A deed on one operation at the desk."""

    model, permission = OrderOperation, VIEW
    list_url_name = "mes_execution:productionorder_list"

    def get_queryset(self) -> Any:
        return OrderOperation.objects.select_related(
            "order__site", "order__lot", "operation__document", "work_center__area", "document_revision__document"
        )


class OrderOperationReopen(_OrderOperationMove):
    """The lead opens a completed operation again, so that its entries can be corrected."""

    move = "reopen"


class OrderOperationAdopt(_OrderOperationMove):
    """The process engineer lets an open operation continue by the instruction that is effective now."""

    label, deed_permission, asks_reason = _("Take the effective instruction"), CHANGE, True
    explanation = _("From now on the operation is done by the effective revision; what was recorded before stays.")

    def covered(self) -> list[Fact]:
        return [
            Fact(_("Instruction"), self.record.document_revision or _("none")),
            Fact(_("Effective now"), newer_instruction(self.record) or _("none that is newer")),
        ]

    def deed(self, form: Any) -> OrderOperation:
        reason = form.cleaned_data["reason"]
        return services.adopt_instruction(order_operation=self.record, actor=self.request.user, reason=reason)


class AndonList(ListPage):
    """Calls for help."""

    model, permission = Andon, VIEW_ANDON
    table_class, filterset_class = tables.AndonTable, AndonFilters
    search_fields = ("text", "order_operation__order__number")
    order = ("-raised_at",)
    title = _("Calls for help")
    bulk = (Bulk(_("Acknowledge"), "mes_execution:andon_acknowledge", ANSWER_ANDON, "check"),)
    empty_title, empty_text = _("Nobody calls"), _("Calls from terminals appear here and in the inbox of the leads.")

    def get_queryset(self) -> Any:
        return Andon.objects.select_related("order_operation__order", "raised_by")


class AndonAcknowledge(BulkPage):
    """Acknowledge several calls for help at once."""

    model, permission, deed_permission = Andon, VIEW_ANDON, ANSWER_ANDON
    label = _("Acknowledge")
    explanation = _("Everybody sees that you have heard the call and are coming.")

    def get_queryset(self) -> Any:
        return Andon.objects.select_related("order_operation__order__site", "raised_by")

    def deed_on(self, record: Andon, form: Any) -> Andon:
        return services.acknowledge_andon(andon=record, actor=self.request.user)


class AndonDetail(DetailPage):
    """One call for help."""

    model, permission = Andon, VIEW_ANDON

    def get_queryset(self) -> Any:
        return Andon.objects.select_related("order_operation__order__site", "raised_by")

    def facts(self) -> list[Fact]:
        andon = self.record
        return [
            Fact(_("Where"), andon.order_operation, andon.order_operation.get_absolute_url()),
            Fact(_("What"), andon.get_category_display()),
            Fact(_("By"), andon.raised_by),
            Fact(_("Since"), andon.raised_at),
            Fact(_("Said"), andon.text, wide=True),
        ]


class AndonMove(MovePage):
    """Acknowledge or close a call for help."""

    model, permission = Andon, VIEW_ANDON
