"""The demonstration plant is made by services only and ends with a released lot and an order that waits."""

from __future__ import annotations

import pytest

from integrations.services import demo
from mes.execution.models import ProductionOrder
from traceability.models import Lot
from traceability.queries import trace


@pytest.mark.django_db
@pytest.mark.requirement("RUN-01")
def test_the_demonstration_plant_stands_after_seeding() -> None:
    said: list[str] = []
    demo.seed(said.append)
    statuses = sorted(ProductionOrder.objects.values_list("status", flat=True))
    assert statuses == ["completed", "completed", "released"]
    fork = Lot.objects.get(material__number="FK-9939", production_record__isnull=False)
    assert fork.status == "released"
    assert max(row.level for row in trace(fork, "backward")) >= 2
    demo.seed(said.append)
    assert said[-1] == "The demonstration plant stands already."
