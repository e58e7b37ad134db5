"""A small laboratory: a standard in calibration, a torque wrench, and the people. Made by services."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.kernel.deeds import acting
from core.lifecycle.services import perform
from core.organization.models import EquipmentClass, Site, User
from core.organization.services import places, system_user
from qms.calibration import services
from qms.calibration.models import CalibrationPlan, CalibrationRecord
from qms.calibration.services import Reading
from tests.support.people import make_site, make_user, proof, work_center_of
from traceability.models import UnitOfMeasure
from traceability.services import create_uom

_numbers = itertools.count(1)
APP = "qms_calibration"
VIEW = f"{APP}.view_calibrationplan"
PERFORMER = (VIEW, f"{APP}.perform_calibrationrecord", f"{APP}.take_out_calibrationplan")
QUALITY = (
    *PERFORMER,
    f"{APP}.change_calibrationplan",
    f"{APP}.put_back_calibrationplan",
    f"{APP}.verify_calibrationrecord",
    f"{APP}.close_calibrationrecord",
)


@dataclass
class Lab:
    """One class of gauges, and who calibrates them."""

    site: Site
    kind: EquipmentClass
    uom: UnitOfMeasure
    performer: User
    quality: User

    def gauge(self, code: str = "", **values: Any) -> CalibrationPlan:
        """A gauge that is not calibrated, at 10 with 0.5 each way."""
        system = system_user("test")
        code = code or f"TW-{next(_numbers)}"
        equipment = places.create_equipment(
            work_center=work_center_of(self.site),
            code=code,
            name="Torque wrench",
            equipment_class=values.pop("equipment_class", self.kind),
            actor=system,
        )
        values.setdefault("interval_months", 12)
        plan = services.create_plan(equipment=equipment, actor=system, **values)
        services.add_point(
            plan=plan,
            label="10 Nm",
            nominal=Decimal(10),
            tolerance_minus=Decimal("0.5"),
            tolerance_plus=Decimal("0.5"),
            uom=self.uom,
            actor=system,
        )
        return plan

    def started(self, plan: CalibrationPlan) -> CalibrationRecord:
        """A calibration of it in progress."""
        record = services.request_calibration(plan=plan, actor=self.performer)
        return perform(record, "start", actor=self.performer)

    def read(self, record: CalibrationRecord, found: str = "10.1", left: str | None = None) -> None:
        """Every point read, calibrated by a laboratory with its certificate."""
        readings = [
            Reading(point, Decimal(found), None if left is None else Decimal(left))
            for point in record.plan.points.all()
        ]
        services.record_readings(record=record, readings=readings, actor=self.performer)
        services.describe_calibration(
            record=record, laboratory="Lab Ltd", certificate_number="C-1", actor=self.performer
        )
        services.attach_certificate(record=record, file=io.BytesIO(b"%PDF-1.4 certificate"), actor=self.performer)

    def finished(
        self, plan: CalibrationPlan, found: str = "10.1", left: str | None = None, on: dt.date | None = None
    ) -> CalibrationRecord:
        """Performed and signed, not yet verified."""
        record = self.started(plan)
        self.read(record, found, left)
        return services.finish_calibration(
            record=record, performed_on=on, actor=self.performer, signature=proof(self.performer, "performed")
        )

    def verified(self, plan: CalibrationPlan, **values: Any) -> CalibrationRecord:
        """Verified by somebody else: in force."""
        record = self.finished(plan, **values)
        return perform(record, "verify", actor=self.quality, signature=proof(self.quality, "verified"))

    def good(self, code: str = "", *, on: dt.date | None = None, **values: Any) -> CalibrationPlan:
        """A gauge in calibration, or overdue when it was long ago."""
        plan = self.gauge(code, **values)
        self.verified(plan, on=on)
        return fresh(plan)

    def confirmed(self, plan: CalibrationPlan, found: str = "12", left: str | None = None) -> CalibrationRecord:
        """Failed, confirmed by somebody else: its impact is in question."""
        record = self.finished(plan, found, left)
        return perform(record, "confirm", actor=self.quality, signature=proof(self.quality, "verified"))


def fresh(plan: CalibrationPlan) -> CalibrationPlan:
    """The plan as it is now."""
    return CalibrationPlan.objects.get(pk=plan.pk)


def make_kind(code: str = "") -> EquipmentClass:
    """A class of gauges."""
    with transaction.atomic(), acting(system_user("test")):
        kind = EquipmentClass(code=code or f"TORQUE{next(_numbers)}", name="Torque wrench 1–20 Nm")
        kind.save()
    return kind


def make_lab(site: Site | None = None, kind: EquipmentClass | None = None) -> Lab:
    """A laboratory at a site."""
    site = site or make_site()
    uom = UnitOfMeasure.objects.filter(code="Nm").first() or create_uom(
        code="Nm", name="Newton metre", pint_unit="newton * meter", actor=system_user("test")
    )
    return Lab(
        site=site,
        kind=kind or make_kind(),
        uom=uom,
        performer=make_user(site=site, permissions=PERFORMER),
        quality=make_user(site=site, permissions=QUALITY),
    )
