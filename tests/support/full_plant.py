"""A plant in which every record has something to show: the demonstration plant, and what goes wrong in it."""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from core.kernel.deeds import acting
from core.kernel.permissions import catalogue
from core.organization.models import ApiToken, Site, User
from core.organization.services import places, system_user
from core.oversight.services import open_review
from core.retention.models import Disposal
from core.worklist.services import comment, save_filter
from integrations.services import demo
from mes.execution import services as floor
from mes.execution.models import OrderOperation
from mes.instructions.models import DataPoint
from mes.routing import services as routings
from mes.routing.models import Routing, RoutingRevision
from mes.routing.queries import unfinished_revision
from qms.documents.services import create_document
from qms.nonconformance import services as quality
from qms.nonconformance.models import DefectCode, NonConformance
from tests.support import samples
from tests.support.people import make_user
from tests.support.seals import seal
from tests.support.stock import make_units
from traceability.models import Lot, Material, SerializedUnit
from traceability.services import link, produce_stock

_numbers = itertools.count(1)


@dataclass
class FullPlant:
    """The demonstration plant; `fill` adds to every list, and to the parts of the same few records."""

    site: Site
    system: User
    visitor: User
    operation: OrderOperation
    found: NonConformance
    draft: RoutingRevision
    units: list[SerializedUnit] = field(default_factory=list)

    def fill(self) -> None:
        """One more of everything that pages show, and one more part of each record that has parts."""
        number = next(_numbers)
        self._masters(number)
        self._stock(number)
        self._work(number)
        self._quality(number)

    def _masters(self, number: int) -> None:
        site, system = self.site, self.system
        area = places.create_area(site=site, code=f"X{number}", name=f"Area {number}", actor=system)
        center = places.create_work_center(area=area, code=f"XC{number}", name=f"Cell {number}", actor=system)
        places.create_terminal(work_center=center, code=f"cell-{number}", name=f"Cell {number}", actor=system)
        make_user(f"more{number}", site=site, permissions=("traceability.view_lot",))
        create_document(kind="procedure", title=f"Procedure {number}", site=site, body="Text", actor=system)
        operation = routings.add_operation(revision=self.draft, name=f"Step {number}", work_center=center, actor=system)
        routings.add_requirement(operation=operation, meaning="performed", actor=system)

    def _stock(self, number: int) -> None:
        lot = Lot.objects.get(number="LOT-000002")
        made = make_units(lot, 2, actor=self.system)
        self.units += made
        for unit in made:
            produce_stock(lot=lot, unit=unit, quantity=Decimal(1), source=None, actor=self.system)
        link(parent_lot=self._part(number), child_unit=made[0], quantity=Decimal(1), uom=lot.material.uom,
             actor=self.system)  # fmt: skip

    def _part(self, number: int) -> Lot:
        parts = Lot.objects.filter(site=self.site, status="released", production_record__isnull=True)
        return parts.select_related("material__uom", "site").order_by("number")[number]

    def _work(self, number: int) -> None:
        anna = User.objects.get(username="anna")
        point = DataPoint.objects.get(code="BORE")
        floor.record_value(
            order_operation=self.operation, data_point=point, value=f"34.0{number}", reason="again", actor=anna
        )
        floor.complete_step(order_operation=self.operation, step=point.step, actor=anna)
        floor.raise_andon(order_operation=self.operation, category="lead", text=f"Call {number}", actor=anna)
        lot = self.operation.order.lot
        floor.report_defect(order_operation=self.operation, title=f"Defect {number}", lot=lot, actor=anna)

    def _quality(self, number: int) -> None:
        system = self.system
        item = quality.add_affected_item(
            nonconformance=self.found, lot=self._part(number + 5), quantity=Decimal(1), actor=system
        )
        for kind in ("scrap", "use_as_is"):
            quality.propose_disposition(
                item=item, kind=kind, quantity=Decimal("0.5"), justification="It fits.", actor=system
            )
        quality.add_photo(nonconformance=self.found, file=io.BytesIO(b"measured %d" % number), actor=system)
        for record in (self.found, self.operation.order, self.draft):
            comment(subject=record, text=f"Said {number}", actor=system)
        save_filter(name=f"Mine {number}", page="traceability:lot_list", query="status=released", actor=self.visitor)


def full_plant() -> FullPlant:
    """The demonstration plant, begun to be filled: every kind of record is there once."""
    demo.seed(lambda words: None)
    site, system = Site.objects.get(code="GRZ"), system_user("test")
    order_operation = OrderOperation.objects.select_related("order__lot").get(
        order__material__number="FR-R92R-62", sequence=10
    )
    floor.start_operation(order_operation=order_operation, actor=User.objects.get(username="anna"))
    code = DefectCode.objects.get(code="DIM")
    found = quality.raise_nonconformance(
        site=site, title="Bore", severity="major", defect_code=code, source=order_operation, draft=False, actor=system,
        items=[quality.ItemInput(lot=Lot.objects.get(number="LOT-000001"))],
    )  # fmt: skip
    quality.answer_recurrence(nonconformance=found, recurrence="no", note="New tool.", actor=system)
    material = Material.objects.get(number="FR-R92R-62")
    routing: Routing = routings.create_routing(
        site=site, material=material, code="R-SECOND", name="Second way", actor=system
    )
    draft = unfinished_revision(routing)
    assert draft is not None
    visitor = make_user("visitor", site=site, permissions=tuple(catalogue()))
    plant = FullPlant(site, system, visitor, order_operation, found, draft)
    plant.fill()
    open_review(site=site, repeat_months=6, actor=visitor)
    seal()
    with transaction.atomic(), acting(system):
        samples.saved(Disposal)
        samples.saved(ApiToken)
    return plant
