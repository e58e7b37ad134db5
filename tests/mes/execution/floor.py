"""A small floor for the tests of this app: a released order for units made of serials and lots. Made by services."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO

from core.lifecycle.models import GateDecision
from core.lifecycle.services import perform
from core.organization.models import EquipmentClass, Site, User, WorkCenter
from core.organization.services import system_user
from mes.execution import services
from mes.execution.models import Consumption, DataRecord, LaborEntry, OrderOperation, Output, ProductionOrder
from mes.execution.queries import Component
from mes.instructions.models import DataPoint
from mes.instructions.services import add_data_point, add_picture, add_step, create_instruction
from mes.routing import services as routings
from mes.routing.models import Operation, RoutingRevision, ScrapReason
from mes.routing.queries import unfinished_revision
from qms.documents.models import DocumentRevision
from qms.documents.services import create_document
from tests.support.people import make_user, proof, work_center_of
from tests.support.training import decide_training
from tests.traceability.world import OPERATOR as STOCK_RIGHTS
from tests.traceability.world import World, make_world
from traceability.models import GenealogyLink, Lot, Material, SerializedUnit, StockMovement

_numbers = itertools.count(1)

OPERATOR = (
    "mes_execution.view_productionorder",
    "mes_execution.execute_orderoperation",
    "mes_execution.sign_orderoperation",
    "mes_execution.report_defect",
    "mes_execution.raise_andon",
    "qms_nonconformance.raise_nonconformance",
    *STOCK_RIGHTS,
)
LEAD = (*OPERATOR, "mes_execution.correct_orderoperation", "mes_execution.answer_andon")
PLANNER = (
    "mes_execution.view_productionorder",
    "mes_execution.create_productionorder",
    "mes_execution.release_productionorder",
    "mes_execution.close_productionorder",
    "traceability.produce_lot",
)
FACTS = (Consumption, DataRecord, LaborEntry, Output, StockMovement, GenealogyLink)


@dataclass
class Floor:
    """One product, its routing (10 Prepare, 20 Assemble), an instruction with a torque of 10 to 12, and the people."""

    world: World
    product: Material
    parts: list[Material]
    operator: User
    colleague: User
    lead: User
    planner: User
    revision: RoutingRevision
    instruction: DocumentRevision
    torque: DataPoint
    scrap_reason: ScrapReason
    stock: dict[int, Lot] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        return self.world.site

    @property
    def work_center(self) -> WorkCenter:
        return work_center_of(self.site)

    def order(self, quantity: int = 2, *, release: bool = True, **values: Any) -> ProductionOrder:
        """A new order by the floor's routing."""
        actor = self.world.system if values.get("is_sandbox") else self.planner
        order = services.create_order(
            site=self.site,
            material=self.product,
            quantity=Decimal(quantity),
            routing_revision=self.revision,
            actor=actor,
            **values,
        )
        return services.release_order(order=order, actor=actor) if release else order

    def first(self, order: ProductionOrder) -> OrderOperation:
        return order.operations.select_related("order").order_by("sequence")[0]

    def last(self, order: ProductionOrder) -> OrderOperation:
        return order.operations.select_related("order").order_by("-sequence")[0]

    def start(self, operation: OrderOperation, actor: User | None = None) -> OrderOperation:
        services.start_operation(order_operation=operation, actor=actor or self.operator)
        operation.refresh_from_db()
        return operation

    def finished(self, operation: OrderOperation) -> Lot:
        """The finished lot of the operation's order, as it is now."""
        assert operation.order.lot_id is not None
        return Lot.objects.select_related("material__uom", "site").get(pk=operation.order.lot_id)

    def finish_first(self, order: ProductionOrder) -> None:
        """Operation 10 is done for the whole order."""
        operation = self.start(self.first(order))
        services.report_output(order_operation=operation, good=order.quantity, actor=self.operator)
        services.complete_operation(order_operation=operation, actor=self.operator)

    def assembling(self, order: ProductionOrder | None = None, *, quantity: int = 2) -> OrderOperation:
        """The last operation of an order, started by the operator, everything before it done."""
        order = order or self.order(quantity)
        self.finish_first(order)
        return self.start(self.last(order))

    def lot(self, part: Material, quantity: int = 100) -> Lot:
        """The part's lot in stock."""
        if part.pk not in self.stock:
            self.stock[part.pk] = self.world.lot(quantity if part.tracking == "lot" else 0, part)
        return self.stock[part.pk]

    def piece(self, part: Material) -> Component:
        """One piece of a part, scanned: a fresh unit of a serialized one."""
        lot = self.lot(part)
        unit: SerializedUnit | None = self.world.unit(lot) if part.tracking == "serial" else None
        return Component(lot=lot, unit=unit)

    def kit(self) -> list[Component]:
        """Everything for one unit."""
        return [self.piece(part) for part in self.parts]

    def finish_unit(self, operation: OrderOperation, serial: str = "", **values: Any) -> Any:
        """Complete one unit with everything in it."""
        if "components" not in values:
            values["components"] = self.kit()
        values.setdefault("values", [services.Measured(self.torque, "11.0")])
        values.setdefault("client_id", uuid.uuid4())
        values.setdefault("actor", self.operator)
        return services.complete_unit(order_operation=operation, serial=serial or f"U-{next(_numbers)}", **values)


def make_instruction(
    world: World,
    *,
    must_be_confirmed: bool = False,
    picture: BinaryIO | None = None,
    gauge_class: EquipmentClass | None = None,
) -> tuple[DocumentRevision, DataPoint]:
    """An effective work instruction with one required torque, 10 to 12 N·m (warning above 11.5)."""
    system = world.system
    document = create_document(
        kind="work_instruction", title="Assemble", site=world.site, number=f"WI-{next(_numbers)}", actor=system
    )
    revision = document.revisions.get()
    instruction = create_instruction(revision=revision, actor=system)
    step = add_step(
        work_instruction=instruction,
        title="Tighten",
        text="Tighten it.",
        must_be_confirmed=must_be_confirmed,
        actor=system,
    )
    if picture is not None:
        add_picture(step=step, file=picture, description="Where it is tightened", actor=system)
    torque = add_data_point(
        step=step,
        code="TORQUE",
        label="Torque",
        lower_limit=Decimal(10),
        upper_limit=Decimal(12),
        upper_warning=Decimal("11.5"),
        gauge_class=gauge_class,
        actor=system,
    )
    put_into_force(revision, system)
    revision.refresh_from_db()
    return revision, torque


def put_into_force(revision: DocumentRevision | RoutingRevision, author: User) -> None:
    """Signed by its author, approved by a second person, effective."""
    second = system_user("approver")
    perform(decide_training(revision), "submit", actor=author, signature=proof(author, "authored"))
    perform(revision, "approve", actor=second, signature=proof(second, "approved"))
    perform(revision, "make_effective", actor=second)


def make_floor(
    *,
    serials: int = 1,
    lots: int = 1,
    requirements: Sequence[dict[str, Any]] = (),
    must_be_confirmed: bool = False,
    picture: BinaryIO | None = None,
    world: World | None = None,
    gauge_class: EquipmentClass | None = None,
) -> Floor:
    """A floor whose product is assembled of so many serialized and lot-controlled parts, one piece of each."""
    world = world or make_world()
    system = world.system
    product = world.material(kind="product", tracking="serial")
    parts = [world.material(tracking="serial") for _ in range(serials)]
    parts += [world.material(tracking="lot") for _ in range(lots)]
    instruction, torque = make_instruction(
        world, must_be_confirmed=must_be_confirmed, picture=picture, gauge_class=gauge_class
    )
    routing = routings.create_routing(
        site=world.site, material=product, code=f"R-{next(_numbers)}", name="Make it", actor=system
    )
    revision = unfinished_revision(routing)
    assert revision is not None
    center = work_center_of(world.site)
    routings.add_operation(revision=revision, name="Prepare", work_center=center, actor=system)
    assemble: Operation = routings.add_operation(
        revision=revision, name="Assemble", work_center=center, document=instruction.document, actor=system
    )
    for part in parts:
        routings.assign_material(operation=assemble, material=part, quantity=Decimal(1), actor=system)
    for requirement in requirements:
        routings.add_requirement(operation=assemble, actor=system, **requirement)
    put_into_force(revision, system)
    return Floor(
        world=world,
        product=product,
        parts=parts,
        operator=make_user(site=world.site, permissions=OPERATOR),
        colleague=make_user(site=world.site, permissions=OPERATOR),
        lead=make_user(site=world.site, permissions=LEAD),
        planner=make_user(site=world.site, permissions=PLANNER),
        revision=revision,
        instruction=instruction,
        torque=torque,
        scrap_reason=routings.create_scrap_reason(code=f"S{next(_numbers)}", name="Scratched", actor=system),
    )


def counts() -> dict[str, int]:
    """How many facts there are; a refusal leaves them as they are."""
    return {model._meta.label: model.objects.count() for model in FACTS}


def denials(action: str) -> list[GateDecision]:
    """The stored denials of an action."""
    return list(GateDecision.objects.filter(action=action, allowed=False))
