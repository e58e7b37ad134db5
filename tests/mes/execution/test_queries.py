"""What a scanned code means at an operation."""

import pytest

from core.kernel.errors import Blocked
from mes.execution.queries import scanned_component
from tests.mes.execution.floor import Floor

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("TRM-03")]


def test_a_code_names_the_component_of_the_operation_before_anything_else(floor: Floor) -> None:
    operation = floor.last(floor.order())
    serial, lot_part = floor.parts
    unit = floor.piece(serial).unit
    lot = floor.lot(lot_part)
    assert unit is not None
    assert scanned_component(operation, unit.serial) == (unit.lot, unit)
    assert scanned_component(operation, lot.number) == (lot, None)
    other = floor.world.lot(5, floor.world.material(number="OTHER"), number="SAME")
    assert scanned_component(operation, "SAME") == (other, None)
    wanted = floor.world.lot(5, lot_part, number="SAME")
    assert scanned_component(operation, "SAME") == (wanted, None)


def test_a_gs1_label_names_its_unit_or_its_lot(floor: Floor) -> None:
    operation = floor.last(floor.order())
    unit, lot = floor.piece(floor.parts[0]).unit, floor.lot(floor.parts[1])
    assert unit is not None and unit.lot is not None
    gtin = "0109506000134352"
    assert scanned_component(operation, f"{gtin}17270131" + f"10{lot.number}") == (lot, None)
    assert scanned_component(operation, f"{gtin}10{unit.lot.number}\x1d21{unit.serial}") == (unit.lot, unit)
    assert scanned_component(operation, f"10{unit.lot.number}\x1d21{unit.serial}") == (unit.lot, unit)
    for code in (gtin, f"{gtin}21NOWHERE", "01095060001343"):
        with pytest.raises(Blocked) as unknown:
            scanned_component(operation, code)
        assert unknown.value.codes == ("unknown_component",)
    for code in (f"{gtin}10", f"{gtin}17"):
        with pytest.raises(Blocked) as cut:
            scanned_component(operation, code)
        assert cut.value.codes == ("label",) and "is too short" in str(cut.value)


def test_a_code_that_names_nothing_or_two_things_is_refused_in_words(floor: Floor) -> None:
    operation = floor.last(floor.order())
    for code in ("NOWHERE", ""):
        with pytest.raises(Blocked) as unknown:
            scanned_component(operation, code)
        assert unknown.value.codes == ("unknown_component",)
    for number in ("A", "B"):
        floor.world.lot(1, floor.world.material(number=f"M-{number}"), number="TWICE")
    with pytest.raises(Blocked) as twice:
        scanned_component(operation, "TWICE")
    assert twice.value.codes == ("ambiguous_component",)
