"""What an open nonconformance forbids below: the release of lots and units, at any depth of their genealogy."""

from __future__ import annotations

import pytest

from core.kernel.deeds import Deed
from core.kernel.errors import Blocked
from qms.nonconformance import services
from qms.nonconformance.queries import nonconformances_within, similar_to
from tests.qms.nonconformance.conftest import Case
from tests.support.people import proof
from tests.traceability.world import World
from traceability.models import Lot, SerializedUnit
from traceability.services import release_lot, release_unit


def _release(case: Case, record: Lot | SerializedUnit) -> None:
    signature = proof(case.engineer, "released")
    if isinstance(record, Lot):
        release_lot(lot=record, actor=case.engineer, signature=signature)
    else:
        release_unit(unit=record, actor=case.engineer, signature=signature)


def _quarantined(world: World, quantity: int = 10) -> Lot:
    return world.lot(quantity, status="quarantine")


@pytest.mark.requirement("ORD-10")
def test_a_lot_with_an_open_record_is_not_released_until_it_is_closed(case: Case) -> None:
    lot = _quarantined(case.world)
    found = case.dispositioned(lot)
    with pytest.raises(Blocked) as refused:
        _release(case, lot)
    assert refused.value.codes == ("nonconformance_open",)
    assert refused.value.blockers[0].record == found
    lot.refresh_from_db()
    assert lot.status == "quarantine"
    services.state_cause(nonconformance=found, cause="Worn tool", actor=case.engineer)
    case.without_capa(found)
    services.close_nonconformance(nonconformance=found, actor=case.engineer, signature=proof(case.engineer, "closed"))
    _release(case, lot)
    lot.refresh_from_db()
    assert lot.status == "released"


@pytest.mark.requirement("ORD-10")
def test_a_record_three_levels_down_stops_the_release(case: Case) -> None:
    world = case.world
    raw, part, assembly, product = world.lot(), world.lot(), world.lot(), _quarantined(world)
    world.link(raw, part)
    world.link(part, assembly)
    world.link(assembly, product)
    found = case.dispositioned(raw)
    with pytest.raises(Blocked) as refused:
        _release(case, product)
    assert refused.value.codes == ("nonconformance_open",)
    product.refresh_from_db()
    assert product.status == "quarantine"
    assert nonconformances_within(product, Deed(actor=case.engineer)) == [found]


@pytest.mark.requirement("ORD-10")
def test_a_unit_is_stopped_by_what_went_into_it(case: Case) -> None:
    world = case.world
    part = world.lot()
    unit, other = world.unit(_quarantined(world, 0)), world.unit(_quarantined(world, 0))
    world.link(part, unit)
    case.dispositioned(part)
    with pytest.raises(Blocked) as refused:
        _release(case, unit)
    assert refused.value.codes == ("nonconformance_open",)
    unit.refresh_from_db()
    assert unit.status == "completed"
    _release(case, other)


def test_a_lot_is_stopped_by_its_units(case: Case) -> None:
    lot = _quarantined(case.world, 0)
    unit = case.world.unit(lot)
    found = case.under_review((unit, None))
    case.approve(case.propose(found.items.get(), "use_as_is", 1))
    with pytest.raises(Blocked) as refused:
        _release(case, lot)
    assert refused.value.codes == ("nonconformance_open",)


def test_a_cancelled_record_stops_nothing(case: Case) -> None:
    lot = _quarantined(case.world)
    found = case.raised((lot, 5))
    services.cancel_nonconformance(
        nonconformance=found,
        actor=case.engineer,
        reason="Gauge was wrong",
        signature=proof(case.engineer, "hold_released"),
    )
    _release(case, lot)


def test_what_it_went_into_is_not_affected_backward(case: Case) -> None:
    part, product = _quarantined(case.world), case.world.lot()
    case.world.link(part, product)
    case.dispositioned(product)
    _release(case, part)


# --- similar records


def test_similar_means_same_code_and_same_material_or_operation(case: Case) -> None:
    material = case.world.material()
    lot, sister = case.world.lot(10, material), case.world.lot(10, material)
    code = services.create_defect_code(code="SURF-01", name="Scratch", actor=case.engineer)
    found = case.opened((lot, 1), context={"operation": "R-1 · OP 20"})
    same_material = case.opened((sister, 1))
    same_operation = case.opened((case.world.lot(), 1), context={"operation": "R-1 · OP 20"})
    case.opened((sister, 1), defect_code=code)
    case.opened((case.world.lot(), 1), context={"operation": "R-1 · OP 30"})
    cancelled = case.opened((sister, 1))
    services.cancel_nonconformance(
        nonconformance=cancelled,
        actor=case.engineer,
        reason="None",
        signature=proof(case.engineer, "hold_released"),
    )
    assert similar_to(found) == [same_operation, same_material]


def test_what_is_older_than_twelve_months_is_not_similar(case: Case) -> None:
    import datetime as dt

    import time_machine

    lot = case.world.lot(10)
    with time_machine.travel(dt.datetime.now(tz=dt.UTC) - dt.timedelta(days=370), tick=True):
        case.raised((lot, 1), actor=case.world.system)
    found = case.opened((lot, 1))
    assert similar_to(found) == []


def test_without_a_code_nothing_is_similar(case: Case) -> None:
    lot = case.world.lot(10)
    case.raised((lot, 1))
    assert similar_to(case.raised((lot, 1), defect_code=None)) == []


# --- defect codes


def test_codes_are_kept_with_the_right_and_never_below_themselves(case: Case) -> None:
    with pytest.raises(Blocked) as refused:
        services.create_defect_code(code="X", name="X", actor=case.operator)
    assert refused.value.codes == ("permission",)
    with pytest.raises(Blocked) as refused:
        services.create_defect_code(code=case.code.code, name="Again", actor=case.engineer)
    assert refused.value.codes == ("code_taken",)
    narrow = services.create_defect_code(code="DIM-02", name="Bore", parent=case.code, actor=case.engineer)
    with pytest.raises(Blocked) as refused:
        services.change_defect_code(
            defect_code=case.code,
            name="Dimension",
            severity="minor",
            parent=narrow,
            is_active=True,
            reason="Tidy",
            actor=case.engineer,
        )
    assert refused.value.codes == ("loop",)
    case.code.refresh_from_db()
    assert (case.code.name, case.code.parent) == ("Dimension out of limit", None)
