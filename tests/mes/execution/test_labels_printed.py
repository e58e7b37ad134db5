"""Labels at the station: in one tap at the nearest printer, of the unit made last or of the lot."""

from __future__ import annotations

import pytest

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.printing.models import PrintJob
from core.printing.services.printers import create_printer, use_printer
from mes.execution import services
from mes.execution.models import OrderOperation
from tests.api.conftest import MAKE, program_of
from tests.mes.execution.floor import Floor
from tests.mes.execution.station import Station, make_station
from tests.support.people import grant, proof
from traceability.models import Label
from traceability.services import create_label_template

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("LBL-06")]


def shown(station: Station, operation: OrderOperation) -> str:
    """The page of the operation at the station."""
    return str(station.client.get(station.address(operation)).content.decode())


def with_printer(floor: Floor) -> None:
    """A printer of the work center, templates in force, and an operator who may print."""
    system = floor.world.system
    for key in ("lot-100x50", "unit-100x50"):
        template = create_label_template(site=None, code=key, name=key, standard=key, actor=system)
        perform(template, "make_effective", actor=system, signature=proof(system, "approved"))
    printer = create_printer(site=floor.site, code="P1", name="Cell", address="127.0.0.9", actor=system)
    use_printer(printer=printer, work_center=floor.work_center, actor=system)
    grant(floor.operator, floor.site, "traceability.print_label")


def test_one_tap_prints_the_label_of_the_lot_and_then_of_the_unit(floor: Floor) -> None:
    with_printer(floor)
    operation = floor.assembling(floor.order(2))
    station = make_station(floor.work_center, floor.operator)
    assert "Print label" in shown(station, operation)
    assert station.do(operation, "label").status_code == 302
    job = PrintJob.objects.get()
    assert (job.printer.code if job.printer else "", job.subject) == ("P1", operation.order.lot)
    again = station.do(operation, "label")
    assert again.status_code == 409 and "this is a reprint" in again.content.decode()
    assert PrintJob.objects.count() == 1
    floor.finish_unit(operation)
    assert station.do(operation, "label").status_code == 302
    unit = Label.objects.latest("pk").subject
    assert operation.order.lot is not None and unit == operation.order.lot.units.get()


def test_without_a_printer_it_says_where_to_print(floor: Floor) -> None:
    operation = floor.assembling(floor.order(2))
    station = make_station(floor.work_center, floor.operator)
    assert "Print label" not in shown(station, operation)
    for actor in (floor.operator, floor.world.system):
        with pytest.raises(Blocked) as refused:
            services.print_label(order_operation=operation, actor=actor)
        assert refused.value.codes == ("no_printer",)
    assert not PrintJob.objects.exists()


def test_a_program_prints_it_too(floor: Floor) -> None:
    with_printer(floor)
    operation = floor.assembling(floor.order(2))
    grant(floor.operator, floor.site, MAKE)
    answer = program_of(floor.operator).post(f"mes/execution/order-operations/{operation.pk}/print-label/")
    assert answer.status_code == 200 and answer.json()["status"] == "queued", answer.content


def test_who_may_not_print_is_refused_at_the_station(floor: Floor) -> None:
    with_printer(floor)
    operation = floor.assembling(floor.order(2))
    with pytest.raises(Blocked) as refused:
        services.print_label(order_operation=operation, actor=floor.colleague)
    assert refused.value.codes == ("permission",) and not Label.objects.exists()
