"""Rework is an order on exactly the goods of a signed line, done when its re-inspection passed (scenario C)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from mes.execution import services
from mes.execution.models import OrderOperation, ProductionOrder
from mes.routing import services as routings
from mes.routing.models import Routing
from mes.routing.queries import effective_routing, unfinished_revision
from qms.nonconformance import services as quality
from qms.nonconformance.models import Disposition, NonConformance
from tests.mes.execution.floor import Floor, put_into_force
from tests.mes.execution.refusals import refused
from tests.qms.nonconformance.conftest import Case, make_case
from tests.qms.nonconformance.test_views import signed_in
from tests.support.people import grant, proof, work_center_of
from tests.support.stock import held_quantity
from traceability.models import Hold, Lot
from traceability.queries import on_hand

pytestmark = pytest.mark.requirement("NC-10")


def rework_routing(floor: Floor, *, inspected: bool = True, put: bool = True) -> Routing:
    system = floor.world.system
    routing = routings.create_routing(
        site=floor.site, material=floor.product, code="RW-1", name="Tighten again", is_rework=True, actor=system
    )
    revision = unfinished_revision(routing)
    assert revision is not None
    center = work_center_of(floor.site)
    routings.add_operation(revision=revision, name="Rework", work_center=center, actor=system)
    document = floor.instruction.document if inspected else None
    routings.add_operation(revision=revision, name="Inspect", work_center=center, document=document, actor=system)
    if put:
        put_into_force(revision, system)
    return routing


@dataclass
class Bad:
    """A lot of the floor's product of which some pieces do not conform, under review."""

    floor: Floor
    case: Case
    routing: Routing
    lot: Lot
    found: NonConformance

    def line(self, kind: str = "rework", quantity: int = 5, **values: Any) -> Disposition:
        return quality.propose_disposition(
            **{
                "item": self.found.items.get(), "kind": kind, "quantity": Decimal(quantity),
                "justification": "Tighten again", "route": self.routing.pk if kind == "rework" else None,
                "actor": self.case.engineer, **values,
            }
        )  # fmt: skip

    def signed(self, **values: Any) -> Disposition:
        return self.case.approve(self.line(**values))

    def order(self, line: Disposition) -> ProductionOrder:
        return ProductionOrder.objects.get(rework_of=line)

    def inspect(self, order: ProductionOrder, value: str) -> OrderOperation:
        """The first operation is done, and the value of the re-inspection is recorded."""
        floor = self.floor
        first = floor.start(floor.first(order))
        services.report_output(order_operation=first, good=order.quantity, actor=floor.operator)
        services.complete_operation(order_operation=first, actor=floor.operator)
        last = floor.start(floor.last(order))
        services.record_value(order_operation=last, data_point=floor.torque, value=value, actor=floor.operator)
        return last

    def done(self, line: Disposition) -> Disposition:
        line.refresh_from_db()
        return quality.complete_disposition(disposition=line, actor=self.case.engineer, reason="Inspected")

    def again(self, line: Disposition) -> None:
        line.refresh_from_db()
        engineer = self.case.engineer
        quality.redispose(
            disposition=line, actor=engineer, signature=proof(engineer, "rejected"), reason="It did not pass"
        )


@pytest.fixture
def bad(floor: Floor) -> Bad:
    case = make_case(floor.world)
    lot = floor.world.lot(0, floor.product)
    units = [floor.world.unit(lot) for _ in range(5)]
    assert len(units) == 5
    routing = rework_routing(floor)
    found = case.under_review((lot, 5))
    return Bad(floor, case, routing, lot, found)


def codes(deed: Any) -> tuple[str, ...]:
    with pytest.raises(Blocked) as caught:
        deed()
    assert all(blocker.remedy for blocker in caught.value.blockers)
    return tuple(caught.value.codes)


def test_signing_puts_an_order_on_exactly_these_goods(bad: Bad) -> None:
    assert codes(lambda: bad.line(route=None)) == ("route",)
    assert codes(lambda: bad.line(route=bad.routing.pk + 99)) == ("route",)
    line = bad.signed()
    order = bad.order(line)
    assert (order.status, order.quantity, order.lot, order.lot_at_hand) == ("released", 5, None, bad.lot)
    assert [one.name for one in order.operations.order_by("sequence")] == ["Rework", "Inspect"]
    assert held_quantity(bad.lot) == 5  # not free before it passed
    assert codes(lambda: bad.done(line)) == ("rework_open",)
    assert codes(lambda: bad.again(line)) == ("rework_open",)


def test_it_is_done_and_free_when_the_reinspection_passed(bad: Bad) -> None:
    line = bad.signed()
    last = bad.inspect(bad.order(line), "11.0")
    with refused("complete_unit", "rework"):
        services.complete_unit(order_operation=last, serial="NEW-1", actor=bad.floor.operator)
    stock = on_hand(bad.lot)
    services.report_output(order_operation=last, good=Decimal(5), actor=bad.floor.operator)
    assert on_hand(bad.lot) == stock == 5  # nothing new came into being
    assert codes(lambda: bad.done(line)) == ("rework_open",)
    services.complete_operation(order_operation=last, actor=bad.floor.operator)
    bad.found.refresh_from_db()
    quality.state_cause(nonconformance=bad.found, cause="Wrench", actor=bad.case.engineer)
    bad.case.without_capa(bad.found)
    bad.found.refresh_from_db()
    engineer = bad.case.engineer

    def close() -> NonConformance:
        return quality.close_nonconformance(
            nonconformance=bad.found, actor=engineer, signature=proof(engineer, "closed")
        )

    assert codes(close) == ("not_done", "hold_open")
    bad.done(line)
    assert held_quantity(bad.lot) == 0
    assert close().status == "closed"


def test_failing_twice_and_then_scrapped(bad: Bad) -> None:
    floor, lot = bad.floor, bad.floor.world.lot(0, bad.floor.product)
    unit = floor.world.unit(lot)
    one = Bad(floor, bad.case, bad.routing, lot, bad.case.under_review((unit, None)))
    known = NonConformance.objects.count()
    for _ in range(2):
        line = one.signed(quantity=1)
        last = one.inspect(one.order(line), "13.0")
        assert NonConformance.objects.count() == known  # it is held and decided already
        with refused("report", "reinspection_failed"):
            services.report_output(order_operation=last, good=Decimal(1), actor=floor.operator)
        services.report_output(
            order_operation=last, scrap=Decimal(1), scrap_reason=floor.scrap_reason, actor=floor.operator
        )
        services.complete_operation(order_operation=last, actor=floor.operator)
        assert codes(lambda line=line: one.done(line)) == ("reinspection_failed",)
        assert Hold.objects.filter(unit=unit, status="open").count() == 1
        one.again(line)
        one.found.refresh_from_db()
        assert one.found.status == "under_review"
        assert Hold.objects.filter(unit=unit, status="open").count() == 1
    orders = ProductionOrder.objects.filter(rework_of__affected_item__unit=unit)
    assert [order.status for order in orders] == ["completed", "completed"]
    one.signed(kind="scrap", quantity=1)
    unit.refresh_from_db()
    assert (unit.status, on_hand(lot)) == ("scrapped", 0)
    assert not Hold.objects.filter(unit=unit, status="open").exists()
    quality.state_cause(nonconformance=one.found, cause="Thread", actor=bad.case.engineer)
    bad.case.without_capa(one.found)
    one.found.refresh_from_db()
    closed = quality.close_nonconformance(
        nonconformance=one.found, actor=bad.case.engineer, signature=proof(bad.case.engineer, "closed")
    )
    assert closed.status == "closed"


def test_a_cancelled_order_does_nothing_for_its_line(bad: Bad) -> None:
    line = bad.signed()
    services.cancel_order(order=bad.order(line), actor=bad.floor.planner, reason="Wrong goods")
    assert codes(lambda: bad.done(line)) == ("rework_missing",)
    bad.again(line)


def test_a_routing_that_ended_meanwhile_signs_nothing(bad: Bad) -> None:
    line = bad.line()
    revision = bad.routing.revisions.get()
    system = bad.floor.world.system
    perform(revision, "make_obsolete", actor=system, signature=proof(system, "approved"), reason="Wrong torque")
    assert codes(lambda: bad.case.approve(line)) == ("route",)
    line.refresh_from_db()
    assert line.status == "proposed" and not ProductionOrder.objects.filter(rework_of=line).exists()


def test_nothing_is_made_by_a_routing_for_rework(bad: Bad) -> None:
    floor = bad.floor
    assert effective_routing(floor.product, floor.site) == floor.revision
    revision = bad.routing.revisions.get()
    assert codes(
        lambda: services.create_order(
            site=floor.site,
            material=floor.product,
            quantity=Decimal(1),
            routing_revision=revision,
            actor=floor.planner,
        )
    ) == ("routing",)
    assert codes(lambda: bad.line(kind="scrap", route=bad.routing.pk)) == ("route",)


def test_rework_ends_with_an_inspection_and_takes_no_material(floor: Floor) -> None:
    routing = rework_routing(floor, inspected=False, put=False)
    revision = unfinished_revision(routing)
    assert revision is not None
    operation = revision.operations.order_by("sequence")[0]
    routings.assign_material(
        operation=operation, material=floor.parts[1], quantity=Decimal(1), actor=floor.world.system
    )
    with pytest.raises(Blocked) as caught:
        put_into_force(revision, floor.world.system)
    assert set(caught.value.codes) == {"reinspection", "rework_material"}


def test_the_pages_tell_of_the_rework(bad: Bad) -> None:
    for right in ("mes_execution.view_productionorder", "traceability.view_lot"):
        grant(bad.case.engineer, bad.floor.site, right)
    desk = signed_in(bad.case.engineer)
    page = desk.get(bad.found.get_absolute_url()).content.decode()
    assert "RW-1 Tighten again" in page  # offered with the proposal
    line = bad.signed()
    page = desk.get(bad.found.get_absolute_url()).content.decode()
    assert "?part=rework" in page
    order = bad.order(line)
    assert order.number in desk.get(bad.found.get_absolute_url(), {"part": "rework"}).content.decode()
    assert bad.found.number in desk.get(order.get_absolute_url()).content.decode()
