"""An order with everything that can happen to one: what its production record has to tell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from core.jobs.models import BackgroundJob
from core.jobs.services import run_job
from core.kernel.deeds import acting
from core.lifecycle.services import perform
from core.organization.models import Terminal, User
from core.organization.services import system_user
from core.printing.models import PrintedRecord
from mes.execution import services
from mes.execution.models import OrderOperation, ProductionOrder
from mes.production_record.models import ProductionRecord
from qms.nonconformance import services as nc
from qms.nonconformance.models import NonConformance
from tests.mes.execution.floor import Floor, make_floor
from tests.qms.nonconformance.conftest import ENGINEER, contain
from tests.support.people import grant, make_user, proof
from tests.traceability.world import QUALITY
from traceability.models import Lot
from traceability.services import place_hold, release_hold

REVIEWER = tuple(
    dict.fromkeys(
        (
            *QUALITY,
            *ENGINEER,
            "mes_execution.view_productionorder",
            "mes_production_record.view_productionrecord",
            "mes_production_record.release_productionrecord",
            "mes_production_record.print_productionrecord",
        )
    )
)


@dataclass
class Story:
    """A floor, the reviewer, and the order they meet over."""

    floor: Floor
    reviewer: User
    order: ProductionOrder

    @property
    def record(self) -> ProductionRecord:
        """The order's production record, as it is now."""
        return ProductionRecord.objects.select_related("order__site", "lot").get(order=self.order)

    @property
    def lot(self) -> Lot:
        """The finished lot, as it is now."""
        return Lot.objects.select_related("material__uom", "site").get(pk=self.record.lot_id)

    @property
    def last(self) -> OrderOperation:
        """The operation at which units are assembled."""
        return self.floor.last(self.order)

    def make(self, *values: str) -> None:
        """Assemble one unit per measured torque, after the first operation."""
        operation = self.floor.assembling(self.order)
        for number, value in enumerate(values, start=1):
            self.floor.finish_unit(
                operation, f"{self.order.number}-{number}", values=[services.Measured(self.floor.torque, value)]
            )

    def complete(self) -> None:
        """The last operation, and with it the order, is completed."""
        services.complete_operation(
            order_operation=self.last,
            actor=self.floor.operator,
            signature=proof(self.floor.operator, "performed"),
        )

    def release(self, actor: User | None = None) -> Lot:
        """Quality releases the lot with a signature."""
        actor = actor or self.reviewer
        return perform(self.lot, "release", actor=actor, reason="Complete.", signature=proof(actor, "released"))

    def printed(self) -> PrintedRecord:
        """Run the print job as the worker does."""
        job = BackgroundJob.objects.filter(handler="mes_production_record.print").latest("pk")
        run_job(job.pk)
        job.refresh_from_db()
        assert job.status == "done", job.error
        return PrintedRecord.objects.get(kind="production-record", subject_id=self.record.pk)


def make_story(quantity: int = 2, **values: object) -> Story:
    """A released order and a reviewer who did not work on it."""
    floor = make_floor(**values)  # type: ignore[arg-type]
    return Story(floor, make_user(site=floor.site, permissions=REVIEWER), floor.order(quantity))


def make_terminal(floor: Floor) -> Terminal:
    """A terminal at the floor's work center."""
    with transaction.atomic(), acting(system_user("test")):
        terminal = Terminal(work_center=floor.work_center, code=f"t-{floor.site.pk}", name="Linke Bank")
        terminal.save()
    return terminal


def decide(story: Story, found: NonConformance) -> NonConformance:
    """Triage, review, disposition and closure of one nonconformance by two people of quality."""
    first, second = story.reviewer, make_user(site=story.floor.site, permissions=ENGINEER)
    code = nc.create_defect_code(code=f"D-{found.pk}", name="Torque", severity="major", actor=first)
    nc.triage_nonconformance(
        nonconformance=found, severity="major", defect_code=code, owner=first, actor=first, reason="Seen."
    )
    nc.answer_recurrence(nonconformance=found, recurrence="no", note="Only this wrench.", actor=first)
    contain(found, first)
    nc.send_to_review(nonconformance=found, actor=first)
    for item in found.items.all():
        proposed = nc.propose_disposition(
            item=item, kind="use_as_is", quantity=item.quantity or Decimal(1),
            justification="Joint analysis: safe up to 14 N·m.", actor=first,
        )  # fmt: skip
        nc.approve_disposition(disposition=proposed, actor=second, signature=proof(second, "dispositioned"))
    found.refresh_from_db()
    for line in found.other_lots.all():
        nc.answer_other_lot(line=line, answer="not_affected", rationale="Made on another day.", actor=first)
    nc.state_cause(nonconformance=found, cause="Wrench was out of calibration.", actor=first)
    nc.decide_capa(nonconformance=found, decision="not_needed", rationale="One wrench.", actor=first)
    return nc.close_nonconformance(nonconformance=found, actor=first, signature=proof(first, "closed"))


def full_story() -> Story:
    """Released, with a correction, scrap, an undone report, a value out of limits, a deviation, a hold, and depth."""
    story = make_story(requirements=[{"meaning": "performed"}])
    floor, order = story.floor, story.order
    terminal = make_terminal(floor)
    first = floor.first(order)
    services.start_operation(order_operation=first, terminal=terminal, actor=floor.operator)
    services.pause_operation(order_operation=first, actor=floor.operator, note="Waited for the gauge")
    services.resume_operation(order_operation=first, terminal=terminal, actor=floor.operator)
    wrong = services.report_output(order_operation=first, good=Decimal(1), actor=floor.operator).record
    services.undo_output(output=wrong, reason="Counted twice", actor=floor.operator)
    services.report_output(
        order_operation=first, good=Decimal(2), scrap=Decimal(1), scrap_reason=floor.scrap_reason, actor=floor.operator,
        explanation="One more was started",
    )  # fmt: skip
    services.complete_operation(
        order_operation=first, material_explanation="The washers follow at the next station", actor=floor.operator
    )
    raw = floor.world.lot(5, floor.world.material(number=f"Rohguß-{order.pk}"))
    for part in floor.parts:
        floor.world.link(raw, floor.lot(part))
    operation = floor.start(story.last)
    outcome = floor.finish_unit(operation, "Ü-0001", values=[services.Measured(floor.torque, "12.5")])
    floor.finish_unit(operation, "Ü-0002", values=[services.Measured(floor.torque, "11.75")])
    unit = outcome.record.unit
    services.record_value(
        order_operation=operation, data_point=floor.torque, unit=unit, value="11", reason="Gauge was not zeroed",
        actor=floor.operator,
    )  # fmt: skip
    decide(story, outcome.nonconformance)
    _hold_and_deviation(story, raw)
    story.complete()
    return story


def _hold_and_deviation(story: Story, raw: Lot) -> None:
    quality = story.floor.world.quality
    hold = place_hold(lot=raw, reason="Supplier certificate missing", actor=quality)
    release_hold(hold=hold, reason="Certificate arrived", actor=quality, signature=proof(quality, "hold_released"))
    grant(story.floor.lead, story.floor.site, *ENGINEER)
    found = nc.raise_nonconformance(
        site=story.floor.site, title="Humidity was 62 %", severity="minor", kind="deviation", source=story.last,
        items=[nc.ItemInput(lot=story.lot, quantity=Decimal(1))], actor=story.floor.lead,
    )  # fmt: skip
    decide(story, found)
