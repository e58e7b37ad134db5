"""What the guards of one decision look at. Each thing is read once, when the first guard asks for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from core.kernel.clock import now
from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.statements import compiled
from core.organization.models import Equipment, EquipmentClass
from core.organization.queries import may
from mes.execution.lifecycle import EXECUTE
from mes.execution.models import DataRecord, OperationRun, OrderOperation, ProductionOrder
from mes.execution.queries.counters import Counters, consumed_of, counters_of
from mes.instructions.models import DataPoint
from mes.routing.models import OperationMaterial, OperationRequirement
from qms.calibration.models import CalibrationPlan
from qms.calibration.queries import in_calibration
from qms.changes.queries import Limit, overdue_limits
from qms.training.models import Curriculum
from qms.training.queries import Standing, qualification_blockers, standing_of, training_blockers
from traceability.models import Hold, Lot, Material, SerializedUnit
from traceability.queries import LotState, convert, holds_on_whole_lot


@dataclass(frozen=True)
class Component:
    """What an operator scanned to build in: a quantity of a lot, or one serialized unit of it."""

    lot: Lot
    quantity: Decimal = Decimal(1)
    unit: SerializedUnit | None = None
    explanation: str = ""

    @property
    def material(self) -> Material:
        return self.lot.material

    @property
    def key(self) -> tuple[int, int | None]:
        """The ids of its lot and unit."""
        return self.lot.pk, None if self.unit is None else self.unit.pk

    @property
    def name(self) -> str:
        """How people call it: the serial number of a unit, the number of a lot."""
        return f"{self.material.number} {self.unit or self.lot}"


@compiled
def _earlier(order: int, sequence: int) -> QuerySet[OrderOperation]:
    rows = OrderOperation.objects.filter(order=order, sequence__lt=sequence)
    return rows.select_related("order").order_by("sequence")


@compiled
def _requirements(operation: int) -> QuerySet[OperationRequirement]:
    rows = OperationRequirement.objects.filter(operation=operation)
    return rows.select_related("curriculum", "equipment_class")


@compiled
def _lines(operation: int) -> QuerySet[OperationMaterial]:
    return OperationMaterial.objects.filter(operation=operation).select_related("material__uom", "uom")


@compiled
def _unit_called(material: int, serial: str) -> QuerySet[SerializedUnit]:
    return SerializedUnit.objects.filter(material=material, serial=serial).order_by("pk")[:1]


@compiled
def _data_points(revision: int) -> QuerySet[DataPoint]:
    rows = DataPoint.objects.filter(step__work_instruction__document_revision=revision)
    return rows.select_related("step", "unit", "gauge_class").order_by("step__sequence", "sequence", "id")


@dataclass
class GateContext:
    """One operation, one person, one moment: the shared sight of all guards of a decision."""

    operation: OrderOperation
    actor: Any
    at: dt.datetime = field(default_factory=now)
    stock: dict[tuple[int, int | None], LotState] = field(default_factory=dict)
    """What the guards have seen of the components' lots and units, by `Component.key`."""

    @property
    def order(self) -> ProductionOrder:
        return self.operation.order

    @cached_property
    def may_execute(self) -> bool:
        return may(self.actor, EXECUTE, self.operation)

    @cached_property
    def may_book(self) -> bool:
        """Whether the person may book stock at the site themselves."""
        return may(self.actor, "traceability.issue_stock", self.order.site)

    @cached_property
    def earlier(self) -> Sequence[OrderOperation]:
        """Operations of the order with a lower sequence, in order."""
        return _earlier(self.operation.order_id, self.operation.sequence)

    @cached_property
    def lot_holds(self) -> Sequence[Hold]:
        """Open holds on the whole of the order's lot; a hold on a part or on one unit does not stop the rest."""
        if self.order.lot_id is None:
            return []
        return holds_on_whole_lot(self.order.lot_id)

    @cached_property
    def overdue_changes(self) -> Sequence[Limit]:
        """What changes brought and may not be used any more: not approved in time, or expired."""
        return overdue_limits()

    @cached_property
    def own_run(self) -> OperationRun | None:
        """The person's run of the operation that has not ended, if any."""
        return (
            OperationRun.objects.filter(order_operation=self.operation, operator=self.actor.pk)
            .exclude(status="ended")
            .select_related("terminal")
            .first()
        )

    @cached_property
    def requirements(self) -> Sequence[OperationRequirement]:
        """What the routing asks of people and equipment at this operation."""
        return _requirements(self.operation.operation_id)

    @cached_property
    def curricula(self) -> Sequence[Curriculum]:
        """The curricula that the routing asks of whoever works here."""
        return [one.curriculum for one in self.requirements if one.curriculum is not None]

    @cached_property
    def standing(self) -> Standing:
        """What the person is qualified for and trained on, for this operation: one statement at most."""
        return standing_of(
            self.actor,
            curricula=[curriculum.pk for curriculum in self.curricula],
            revisions=[None if self.order.is_sandbox else self.operation.document_revision],
            subject=self.operation,
        )

    @cached_property
    def missing_qualifications(self) -> Sequence[Blocker]:
        return [
            blocker
            for curriculum in self.curricula
            for blocker in qualification_blockers(self.actor, curriculum, self.at, standing=self.standing)
        ]

    @cached_property
    def missing_training(self) -> Sequence[Blocker]:
        """Why the person may not work to exactly the instruction that the order was released with."""
        return training_blockers(self.standing, self.actor, self.operation.document_revision, self.at)

    @cached_property
    def equipment_classes(self) -> frozenset[int]:
        """Ids of the classes of which the work center has active equipment, in calibration where it is a gauge."""
        return classes_at(self.operation.work_center_id, self.today)

    @cached_property
    def gauge_classes(self) -> Sequence[EquipmentClass]:
        """The classes of gauges that the required values of the pinned instruction are measured with."""
        asked = [point.gauge_class for point in self.data_points if point.required and point.gauge_class is not None]
        return list({kind.pk: kind for kind in asked}.values())

    @cached_property
    def gauge_classes_at_hand(self) -> frozenset[int]:
        """Ids of those of which the site has a gauge in calibration; nothing is asked where none is needed."""
        return gauge_classes_in_calibration(self.order.site_id, self.today) if self.gauge_classes else frozenset()

    def gauge_plans(self, gauges: Iterable[Equipment]) -> Mapping[int, CalibrationPlan]:
        """The calibration plans of scanned gauges as they are now, by equipment."""
        wanted = frozenset(gauge.pk for gauge in gauges)
        if wanted and not wanted <= self._asked_gauges:
            self._asked_gauges |= wanted
            found = CalibrationPlan.objects.filter(equipment__in=wanted).select_related("equipment", "in_force")
            self._gauge_plans.update({plan.equipment_id: plan for plan in found})
        return self._gauge_plans

    @cached_property
    def _gauge_plans(self) -> dict[int, CalibrationPlan]:
        return {}

    @cached_property
    def _asked_gauges(self) -> frozenset[int]:
        return frozenset()

    @cached_property
    def materials(self) -> Mapping[int, Decimal]:
        """Quantity per piece of each material of the operation, in the material's own unit, by material id."""
        planned: dict[int, Decimal] = {}
        for line in _lines(self.operation.operation_id):
            quantity = convert(line.quantity, line.uom, line.material.uom)
            planned[line.material_id] = planned.get(line.material_id, Decimal(0)) + quantity
            self.material_names[line.material_id] = str(line.material)
        return planned

    @cached_property
    def material_names(self) -> dict[int, str]:
        return {}

    @cached_property
    def consumed(self) -> Mapping[int, Decimal]:
        return consumed_of(self.operation)

    @cached_property
    def counters(self) -> Counters:
        return self._counted[self.operation.pk]

    @cached_property
    def arrived(self) -> tuple[OrderOperation, Decimal] | None:
        """The operation before this one and the good quantity that came from it; None at the first operation."""
        if not self.earlier:
            return None
        previous = self.earlier[-1]
        return previous, self._counted[previous.pk].good

    @cached_property
    def _counted(self) -> Mapping[int, Counters]:
        return counters_of([self.operation, *self.earlier[-1:]])

    def begun_unit(self, serial: str) -> SerializedUnit | None:
        """The unit of the order's material with this serial number, if there is one."""
        if serial not in self._units:
            self._units[serial] = _unit_called.first(self.order.material_id, serial)
        return self._units[serial]

    @cached_property
    def _units(self) -> dict[str, SerializedUnit | None]:
        return {}

    @cached_property
    def data_points(self) -> Sequence[DataPoint]:
        """The data points of the pinned instruction, in order."""
        if self.operation.document_revision_id is None:
            return []
        return _data_points(self.operation.document_revision_id)

    @cached_property
    def values(self) -> Sequence[DataRecord]:
        """Every recorded value of the operation that still counts or that raised a nonconformance."""
        return list(
            DataRecord.objects.filter(order_operation=self.operation)
            .filter(Q(superseded_by__isnull=True) | Q(nonconformance__isnull=False))
            .exclude(output__reversed_by__isnull=False)
            .select_related("nonconformance", "superseded_by", "unit")
            .order_by("id")
        )

    @cached_property
    def today(self) -> dt.date:
        """The calendar day at the site."""
        return self.at.astimezone(ZoneInfo(self.order.site.time_zone)).date()


def classes_at(work_center: int, day: dt.date) -> frozenset[int]:
    """Ids of the classes of which a work center has active equipment; a gauge counts while it is in calibration."""
    usable = Q(calibration_plan__isnull=True) | in_calibration(day, "calibration_plan__")
    present = Equipment.objects.filter(usable, work_center=work_center, is_active=True, equipment_class__isnull=False)
    return frozenset(present.values_list("equipment_class_id", flat=True))


def gauge_classes_in_calibration(site: int, day: dt.date) -> frozenset[int]:
    """Ids of the classes of which a site has a gauge in calibration."""
    found = CalibrationPlan.objects.filter(
        in_calibration(day),
        equipment__work_center__area__site=site,
        equipment__is_active=True,
        equipment__equipment_class__isnull=False,
    )
    return frozenset(found.values_list("equipment__equipment_class_id", flat=True))


def context_of(operation: OrderOperation, deed: Deed) -> GateContext:
    """The context of a decision: the one that the service prepared, or a new one that all guards of the deed share."""
    given = deed.params.get("context")
    if isinstance(given, GateContext):
        return given
    kept: GateContext = deed.__dict__.setdefault("_gate_context", GateContext(operation, deed.actor, deed.at))
    return kept
