"""A value out of limits under a planned deviation: the work goes on, as far as the quota reaches (scenario E)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision
from core.lifecycle.services import perform
from core.organization.services import system_user
from core.signing.queries import manifest
from mes.execution import services
from mes.execution.models import DataRecord, OrderOperation
from mes.execution.queries import deviations_at, order_facts, steps_at
from mes.execution.services import Measured
from mes.production_record.queries.exceptions import exceptions_in
from qms.nonconformance import services as quality
from qms.nonconformance.models import DeviationUse, NonConformance, PlannedDeviation
from qms.nonconformance.services import ValueAllowed
from tests.mes.execution.floor import Floor, make_floor
from tests.mes.execution.refusals import refused
from tests.mes.execution.station import make_station
from tests.mes.execution.test_races import at_once
from tests.support.people import grant, make_site, make_user, proof
from traceability.models import Hold
from traceability.queries import day_at

pytestmark = pytest.mark.requirement("DEV-06")
USE = "qms_nonconformance.use_planneddeviation"
RIGHTS = tuple(f"qms_nonconformance.{right}_planneddeviation" for right in ("view", "draft", "approve", "use"))


def drafted(floor: Floor, author: Any, **values: Any) -> PlannedDeviation:
    today = day_at(floor.site)
    return quality.draft_deviation(
        **{
            "site": floor.site, "title": "Softer gasket", "requirement": "10 to 12", "instead": "9 to 12",
            "justification": "Test report 12", "material": floor.product, "quota": Decimal(3), "valid_from": today,
            "valid_until": today + dt.timedelta(days=7), "actor": author,
            "allowed": ValueAllowed(floor.instruction.document, "TORQUE", lower=Decimal(9)), **values,
        }
    )  # fmt: skip


def approved(floor: Floor, **values: Any) -> PlannedDeviation:
    author, other = (make_user(site=floor.site, permissions=RIGHTS) for _ in range(2))
    found = drafted(floor, author, **values)
    perform(found, "submit", actor=author, signature=proof(author, "authored"))
    return perform(found, "approve", actor=other, signature=proof(other, "approved"))


def allowed_to_use(floor: Floor) -> Floor:
    for person in (floor.operator, floor.colleague):
        grant(person, floor.site, USE)
    return floor


def record(floor: Floor, operation: OrderOperation, value: str, deviation: PlannedDeviation | None, **more: Any) -> Any:
    return services.record_value(
        **{
            "order_operation": operation, "data_point": floor.torque, "value": value, "deviation": deviation,
            "actor": floor.operator, **more,
        }
    )  # fmt: skip


def test_a_covered_value_lets_the_operation_go_on(floor: Floor) -> None:
    deviation = approved(allowed_to_use(floor))
    operation = floor.assembling(quantity=2)
    told = record(floor, operation, "9.4", deviation)
    use = DeviationUse.objects.get()
    assert (use.lot, use.unit, use.quantity, use.source_id) == (operation.order.lot, None, 2, operation.pk)
    assert told.tone == "warn" and "1 of 3 are left" in str(told.next_step)
    assert (told.record.judgement, told.record.deviation_use) == ("out", use)
    assert not NonConformance.objects.exists() and not Hold.objects.exists()
    deviation.refresh_from_db()
    assert deviation.used == 2
    assert all(state.intact for state in manifest(deviation))  # what was approved still fits

    again = record(floor, operation, "9.2", deviation, reason="Read anew")
    deviation.refresh_from_db()
    assert (deviation.used, again.record.deviation_use) == (2, use)  # the same two pieces

    for _ in range(2):
        floor.finish_unit(operation, values=[])
    services.complete_operation(order_operation=operation, actor=floor.operator)
    operation.refresh_from_db()
    assert operation.status == "completed"
    said = [one.text for one in exceptions_in(order_facts(operation.order)) if one.kind == "out_of_limits"]
    assert said and all(deviation.number in text for text in said)


def test_each_finished_unit_takes_one_of_the_quota(floor: Floor) -> None:
    deviation = approved(allowed_to_use(floor), quota=Decimal(1))
    operation = floor.assembling(quantity=3)
    measured = [Measured(floor.torque, "9.4", deviation=deviation)]
    told = floor.finish_unit(operation, "U-A", values=measured)
    use = DeviationUse.objects.get()
    assert use.unit is not None and (use.unit.serial, use.quantity) == ("U-A", 1)
    assert told.tone == "warn" and deviation.number in str(told.next_step)
    kit = floor.kit()
    with refused("complete_unit", "quota"):
        floor.finish_unit(operation, "U-B", values=measured, components=kit)
    assert not deviations_at(operation)
    # Within limits nothing is taken, whatever was chosen.
    floor.finish_unit(operation, "U-C", values=[Measured(floor.torque, "11.0", deviation=deviation)], components=kit)
    assert DeviationUse.objects.count() == 1
    floor.finish_unit(operation, "U-D", values=[Measured(floor.torque, "9.4")])
    assert NonConformance.objects.count() == 1


def test_what_it_does_not_cover_is_refused_in_words(floor: Floor) -> None:
    operation = floor.assembling(quantity=2)
    deviation = approved(floor)
    others = {
        "other_value": approved(floor, allowed=None),
        "other_material": approved(floor, material=floor.parts[1]),
        "quota": approved(floor, quota=Decimal(1)),
        "not_approved": drafted(floor, make_user(site=floor.site, permissions=RIGHTS)),
    }
    with refused("record", "permission"):
        record(floor, operation, "9.4", deviation)
    allowed_to_use(floor)
    for code, other in others.items():
        with refused("record", code):
            record(floor, operation, "9.4", other)
    for value in ("8.9", "12.1"):  # its upper limit stays the instruction's
        with refused("record", "beyond_deviation"):
            record(floor, operation, value, deviation)
    with time_machine.travel(now() + dt.timedelta(days=9), tick=True), refused("record", "expired"):
        record(floor, operation, "9.4", deviation)
    record(floor, operation, "9.4", None)
    assert NonConformance.objects.get().status == "draft"


def test_a_deviation_does_not_undo_a_nonconformance(floor: Floor) -> None:
    """Measured first without it: that value's nonconformance is decided all the same (21 CFR 211.192)."""
    deviation = approved(allowed_to_use(floor))
    operation = floor.assembling(quantity=2)
    record(floor, operation, "9.4", None)
    record(floor, operation, "9.4", deviation, reason="Forgot to choose it")
    with pytest.raises(Blocked) as caught:
        services.complete_operation(order_operation=operation, actor=floor.operator)
    assert "nonconformance_open" in caught.value.codes


def test_a_trial_uses_nothing(floor: Floor) -> None:
    deviation = approved(allowed_to_use(floor))
    order = floor.order(2, is_sandbox=True)
    operation = floor.assembling(order)
    assert record(floor, operation, "9.4", deviation).record.deviation_use is None
    assert not DeviationUse.objects.exists() and not deviations_at(operation)


def test_only_a_value_within_limits_of_the_instruction_is_named(floor: Floor) -> None:
    author = make_user(site=floor.site, permissions=RIGHTS)
    document = floor.instruction.document
    for allowed, code in (
        (ValueAllowed(document, "NOTHING", Decimal(9)), "parameter"),
        (ValueAllowed(document, "TORQUE"), "allowed"),
        (ValueAllowed(document, "TORQUE", Decimal(9), Decimal(8)), "allowed"),
    ):
        with pytest.raises(Blocked) as caught:
            drafted(floor, author, allowed=allowed)
        assert caught.value.codes == (code,)
    elsewhere = make_site()
    with transaction.atomic(), acting(system_user("test")):
        document.site = elsewhere
        document.save()
    with pytest.raises(Blocked) as caught:
        drafted(floor, author, allowed=ValueAllowed(document, "TORQUE", Decimal(9)))
    assert caught.value.codes == ("document_site",)
    assert not PlannedDeviation.objects.exists()


def test_the_station_offers_those_in_force(floor: Floor) -> None:
    deviation = approved(floor)
    approved(floor, valid_from=day_at(floor.site) + dt.timedelta(days=1))
    operation = floor.assembling(quantity=2)
    [entry] = [entry for step in steps_at(operation) for entry in step.entries]
    assert list(entry.deviations) == [deviation]


def test_two_stations_take_the_last_of_the_quota_and_the_loser_reads_why(plant: str) -> None:
    floor = allowed_to_use(make_floor())
    deviation = approved(floor, quota=Decimal(3))
    operations = [floor.assembling(quantity=2), floor.assembling(quantity=2)]
    results = at_once(*(lambda o=operation: record(floor, o, "9.4", deviation) for operation in operations))
    lost = [result for result in results if isinstance(result, Blocked)]
    won = [result for result in results if isinstance(result, services.Outcome)]
    assert (len(won), len(lost)) == (1, 1), results
    assert lost[0].codes == ("quota",) and "1 of 3 are left" in str(lost[0].blockers[0].message)
    assert lost[0].blockers[0].remedy
    deviation.refresh_from_db()
    assert (deviation.used, DeviationUse.objects.count(), DataRecord.objects.count()) == (2, 1, 1)
    denied = GateDecision.objects.get(action="record", allowed=False)
    assert denied.subject_id in {operation.pk for operation in operations}


def test_many_units_at_once_never_take_more_than_the_quota(plant: str) -> None:
    floor = allowed_to_use(make_floor(serials=0))
    deviation = approved(floor, quota=Decimal(3))
    operations = [floor.assembling(quantity=1) for _ in range(6)]
    floor.lot(floor.parts[0])
    results = at_once(
        *(
            lambda o=operation, n=number: floor.finish_unit(
                o, f"R-{n}", values=[Measured(floor.torque, "9.4", deviation=deviation)]
            )
            for number, operation in enumerate(operations)
        )
    )
    assert sum(isinstance(result, services.Outcome) for result in results) == 3, results
    assert all(result.codes == ("quota",) for result in results if isinstance(result, Blocked))
    deviation.refresh_from_db()
    assert (deviation.used, DeviationUse.objects.count()) == (3, 3)


def test_the_operator_chooses_it_at_the_terminal(floor: Floor) -> None:
    deviation = approved(allowed_to_use(floor))
    operation = floor.assembling(quantity=2)
    station = make_station(floor.work_center, floor.operator)
    page = station.client.get(station.address(operation)).content.decode()
    assert f'<option value="{deviation.pk}">' in page and "from 9, 3 left" in page
    entry = {"data_point": floor.torque.pk, f"value-{floor.torque.pk}": "8.5", "deviation": deviation.pk}
    said = station.do(operation, "value", **entry)
    assert said.status_code == 409 and "beyond what" in said.content.decode()
    unknown = station.do(operation, "value", **{**entry, "deviation": deviation.pk + 99})
    assert unknown.status_code == 422 and not DataRecord.objects.exists()
    done = station.do(operation, "value", **{**entry, f"value-{floor.torque.pk}": "9.5"})
    assert done.status_code == 302
    page = station.client.get(station.address(operation)).content.decode()
    assert "Out of limits, under a planned deviation" in page and deviation.number in page
    dialog = station.client.get(station.address(operation, "dialog/unit/")).content.decode()
    assert f'name="deviation-{floor.torque.pk}"' in dialog
    told = station.ask(
        operation, "unit", serial="U-9", components="", **{f"value-{floor.torque.pk}": "9.1",
        f"deviation-{floor.torque.pk}": deviation.pk},
    )  # fmt: skip
    assert told.status_code == 302
    deviation.refresh_from_db()
    assert deviation.used == 3
