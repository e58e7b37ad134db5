"""A measured value is shown with the decimals that were entered: they say how finely somebody measured."""

from __future__ import annotations

import pytest

from mes.execution import services
from mes.execution.models import DataRecord
from tests.mes.execution.floor import Floor


@pytest.mark.django_db
@pytest.mark.requirement("REC-16")
@pytest.mark.parametrize(("typed", "shown"), [("11.00", "11.00"), ("11,50", "11.50"), ("11", "11"), ("11.1", "11.1")])
def test_a_value_keeps_the_decimals_that_were_entered(floor: Floor, typed: str, shown: str) -> None:
    operation = floor.assembling()
    told = services.record_value(
        order_operation=operation, data_point=floor.torque, value=typed, actor=floor.operator, reason="Measured."
    )
    record = DataRecord.objects.get(pk=told.record.pk)
    assert record.value_text == typed
    assert record.value == shown
    assert f" {shown} " in told.message
    assert record.judgement_text.startswith(f"{shown} ")
