"""A cancelled order: nothing of it is left open, and nothing that was made or used disappears with it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse

from core.kernel.errors import Blocked
from core.lifecycle.models import Transition
from mes.execution import services
from mes.execution.models import Output, ProductionOrder
from mes.execution.queries import dispatch_list
from mes.production_record.models import ProductionRecord
from tests.mes.execution.floor import Floor
from tests.mes.execution.refusals import everything, refused
from tests.support.people import make_user
from tests.support.visits import seen, visit_as
from traceability.models import Lot, SerializedUnit
from traceability.services import place_hold, produce_stock, scrap_unit, void_lot

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-15")]
WHY = "The customer withdrew it."


def cancel(floor: Floor, order: ProductionOrder) -> None:
    services.cancel_order(order=order, actor=floor.planner, reason=WHY)


def ends(order: ProductionOrder) -> tuple[str, str, str]:
    """The states of the order, its lot and its production record."""
    order = ProductionOrder.objects.select_related("lot").get(pk=order.pk)
    assert order.lot is not None
    return order.status, order.lot.status, ProductionRecord.objects.get(order=order).status


def test_its_lot_is_voided_and_its_record_kept_with_the_reason(floor: Floor) -> None:
    order = floor.order()
    cancel(floor, order)
    assert ends(order) == ("cancelled", "voided", "cancelled")
    moves = Transition.objects.filter(to_status__in=("cancelled", "voided")).order_by("subject_type__model")
    assert [move.subject_type.model for move in moves] == ["lot", "productionorder", "productionrecord"]
    assert all(WHY in move.reason for move in moves)
    assert [move.actor == floor.planner for move in moves] == [True, True, False]


def test_a_draft_has_neither(floor: Floor) -> None:
    order = floor.order(release=False)
    cancel(floor, order)
    order.refresh_from_db()
    assert (order.status, order.lot) == ("cancelled", None)


def test_a_started_order_is_cancelled_once_everything_is_taken_back(floor: Floor) -> None:
    operation = floor.assembling()
    order = operation.order
    floor.finish_unit(operation, "U-1")
    with refused("cancel", "clocked_on", "reported", "reported", "consumed"):
        cancel(floor, order)
    services.undo_output(output=Output.objects.get(unit__serial="U-1"), reason="not needed", actor=floor.operator)
    services.leave_operation(order_operation=operation, actor=floor.operator)
    services.reopen_operation(order_operation=floor.first(order), reason="not needed", actor=floor.lead)
    with refused("cancel", "reported"):
        cancel(floor, order)
    first = Output.objects.get(order_operation=floor.first(order), reverses__isnull=True)
    services.undo_output(output=first, reason="not needed", actor=floor.lead)
    with refused("void", "unit_exists"):
        cancel(floor, order)
    scrap_unit(unit=SerializedUnit.objects.get(serial="U-1"), reason="taken apart", actor=floor.operator)
    cancel(floor, order)
    assert ends(order) == ("cancelled", "voided", "cancelled")
    assert dispatch_list(floor.work_center, floor.operator) == []
    assert Output.objects.filter(order_operation__order=order).count() == 4  # two reports, and each taken back


def held(floor: Floor, order: ProductionOrder) -> None:
    place_hold(lot=order.lot, reason="Wrong label on the bin", actor=floor.operator)


def defect(floor: Floor, order: ProductionOrder) -> None:
    operation = floor.start(floor.first(order))
    services.report_defect(
        order_operation=operation, title="Bent", severity="minor", quantity=Decimal(1), actor=floor.operator
    )
    services.leave_operation(order_operation=operation, actor=floor.operator)


@pytest.mark.parametrize(("happens", "codes"), [(held, {"hold"}), (defect, {"hold", "nonconformance_open"})])
def test_what_quality_has_to_decide_is_decided_first(
    floor: Floor, happens: Callable[[Floor, ProductionOrder], None], codes: set[str]
) -> None:
    order = floor.order()
    happens(floor, order)
    with refused("void", *codes):
        cancel(floor, order)


def test_a_lot_with_something_in_it_is_not_voided(floor: Floor) -> None:
    made = floor.world.lot(0, floor.world.material(), status="in_production")
    produce_stock(lot=made, quantity=Decimal(2), actor=floor.operator)
    with refused("void", "lot_not_empty"):
        void_lot(lot=made, actor=floor.planner, reason=WHY)


def test_nothing_is_made_into_a_voided_lot(floor: Floor) -> None:
    order = floor.order()
    cancel(floor, order)
    lot, before = Lot.objects.get(production_order=order), everything()
    with pytest.raises(Blocked) as refusal:
        produce_stock(lot=lot, quantity=Decimal(2), actor=floor.operator)
    assert refusal.value.codes == ("lot_status",) and "Voided" in str(refusal.value.blockers[0].message)
    assert everything() == before


def test_a_sandbox_order_leaves_nothing_to_take_back(floor: Floor) -> None:
    order = floor.order(is_sandbox=True)
    operation = floor.start(floor.first(order))
    services.report_output(order_operation=operation, good=Decimal(1), actor=floor.operator)
    services.leave_operation(order_operation=operation, actor=floor.operator)
    services.cancel_order(order=order, actor=floor.world.system, reason=WHY)
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_the_page_says_what_stands_against_it_and_what_becomes_of_the_lot(floor: Floor) -> None:
    order = floor.order()
    address = reverse("mes_execution:productionorder_move", args=[order.pk, "cancel"])
    planner = visit_as(floor.planner)
    assert "lot is voided" in planner.get(address).content.decode()
    before = everything()
    assert visit_as(floor.operator).post(address, {"reason": WHY}).status_code == 403
    assert planner.post(address, {"reason": ""}).status_code == 422
    assert everything() == before
    operation = floor.start(floor.first(order))
    page = planner.get(address).content.decode()
    assert str(operation) in page and "leave the operation" in page
    services.leave_operation(order_operation=operation, actor=floor.operator)
    assert planner.post(address, {"reason": WHY, **seen(order)}).status_code == 302
    assert ends(order) == ("cancelled", "voided", "cancelled")
    order.refresh_from_db()
    anybody = visit_as(make_user(site=floor.site, permissions=("traceability.view_lot",)))
    assert order.lot is not None and "Voided" in anybody.get(order.lot.get_absolute_url()).content.decode()
