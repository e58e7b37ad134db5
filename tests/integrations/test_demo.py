"""The demonstration plant is made by services only and ends with a released lot and an order that waits."""

from __future__ import annotations

import pytest

from integrations.services import demo
from mes.execution.models import DataRecord, ProductionOrder
from qms.calibration.models import CalibrationPlan
from qms.calibration.queries import calibration_in_force
from qms.changes.models import ChangeSuggestion
from qms.risk.models import RiskAssessment
from traceability.models import Container, Containment, Hold, Lot, Recall, StockCount, Transformation
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
    assert set(StockCount.objects.values_list("status", flat=True)) == {"submitted"}
    assert Container.objects.exclude(sscc="").filter(parent__isnull=False).exists()
    assert set(Hold.objects.values_list("status", flat=True)) == {"open", "released"}
    assert (Containment.objects.get().status, Recall.objects.get().status) == ("open", "closed")
    assert set(Transformation.objects.values_list("kind", flat=True)) == {"split", "merge"}
    measured = DataRecord.objects.get(gauge__code="CL-101")
    calibration = calibration_in_force(CalibrationPlan.objects.get(equipment__code="CL-101"))
    assert calibration is not None and calibration.readings.count() == 3 and measured.judgement == "in"
    assert RiskAssessment.objects.get().status == "approved"
    assert ChangeSuggestion.objects.filter(kind="risk", answer="").count() == 1
    demo.seed(said.append)
    assert said[-1] == "The demonstration plant stands already."
