"""The gauges of the demonstration plant stand as they do in a plant: good, due soon, overdue, not yet calibrated."""

from __future__ import annotations

import pytest

from core.kernel.permissions import catalogue
from core.organization.models import Area
from core.organization.services import places, system_user
from integrations.services.demo_quality import seed_gauges
from qms.calibration.models import CalibrationPlan
from qms.calibration.queries import standing, today_at
from tests.qms.calibration.lab import Lab
from tests.support.people import make_user
from traceability.services import create_uom

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("CAL-05", "CAL-07")]


def test_the_demonstration_plant_has_gauges(lab: Lab) -> None:
    area = Area.objects.get(site=lab.site)
    for code in ("WC10", "WC50"):
        places.create_work_center(area=area, code=code, name=code, actor=system_user("test"))
    create_uom(code="MM", name="Millimetre", pint_unit="millimeter", actor=system_user("test"))
    rights = tuple(code for code in catalogue() if code.startswith("integrations."))
    seed_gauges(lab.site, {"ada": make_user(site=lab.site, permissions=rights)})
    today = today_at(lab.site)
    found = {plan.equipment.code: standing(plan, today).code for plan in CalibrationPlan.objects.all()}
    assert found == {
        "GB-001": "good", "CL-101": "good", "CL-102": "due_soon", "CL-103": "overdue", "BG-201": "good",
        "TW-301": "never",
    }  # fmt: skip
