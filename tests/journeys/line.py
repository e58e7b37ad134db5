"""A small line of the plant for stories that are about something else: one part, its instruction, its routing.

Made through the services that the screens use; what a story is about its people do in their browsers.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.lifecycle.services import perform
from core.organization.models import EquipmentClass, Site, User, WorkCenter
from core.organization.services import places, system_user
from integrations.services.demo import proof
from mes.execution.models import OrderOperation
from mes.execution.services import create_order, release_order
from mes.instructions.models import DataPoint
from mes.instructions.services import add_data_point, add_step, create_instruction
from mes.routing import services as routings
from mes.routing.models import RoutingRevision
from mes.routing.queries import unfinished_revision
from qms.documents.models import Document, DocumentRevision
from qms.documents.services import create_document, submit_revision
from traceability.models import Material, UnitOfMeasure
from traceability.services import create_location, create_material, create_uom

BODY = "# Prepare\n\nClean the hub.\n\n# Tighten\n\nTighten the axle to 40 N·m.\n"


@dataclass
class Line:
    """A work center with two stations, where a wheel is mounted by one instruction."""

    site: Site
    center: WorkCenter
    material: Material
    document: Document
    routing: RoutingRevision

    def released(self, quantity: int = 1) -> OrderOperation:
        """The only operation of a new order."""
        petra = person("petra")
        order = create_order(site=self.site, material=self.material, quantity=Decimal(quantity), actor=petra)
        release_order(order=order, actor=petra)
        return order.operations.select_related("order").get()


def person(username: str) -> User:
    """Somebody of the plant."""
    return User.objects.get(username=username)


def into_force(revision: DocumentRevision | RoutingRevision) -> None:
    """Signed by Paul, approved by Quinn, effective; it takes no training."""
    paul, quinn = person("paul"), person("quinn")
    authored = proof(paul, "authored")
    if isinstance(revision, DocumentRevision):
        submit_revision(
            revision=revision,
            training_impact="none",
            training_rationale="Taught on the first day.",
            actor=paul,
            signature=authored,
        )
    else:
        perform(revision, "submit", actor=paul, signature=authored)
    perform(revision, "approve", actor=quinn, signature=proof(quinn, "approved"))
    perform(revision, "make_effective", actor=quinn)


def make_line(*, stations: tuple[str, ...] = ("one", "two"), gauge_class: EquipmentClass | None = None) -> Line:
    """The line at Graz; with a class of gauge its instruction asks for a depth that is measured with one."""
    site, setup, paul = Site.objects.get(code="GRZ"), system_user("setup"), person("paul")
    area = places.create_area(site=site, code="WHEELS", name="Wheels", actor=setup)
    center = places.create_work_center(area=area, code="WC70", name="Wheel mounting", actor=setup)
    for code in stations:
        places.create_terminal(work_center=center, code=code, name=f"Station {code}", actor=setup)
    for kind in ("stock", "production", "quarantine"):
        create_location(site=site, code=kind.upper(), name=kind.title(), kind=kind, actor=setup)
    unit = UnitOfMeasure.objects.filter(code="EA").first() or create_uom(
        code="EA", name="Each", whole_only=True, actor=setup
    )
    material = create_material(
        number="WH-700", name="Front wheel", uom=unit, kind="product", tracking="lot", actor=setup
    )
    document = create_document(kind="work_instruction", title="Mount the wheel", site=site, body=BODY, actor=paul)
    revision = document.revisions.get()
    instruction = create_instruction(revision=revision, actor=paul)
    step = add_step(
        work_instruction=instruction, title="Tighten the axle", text="Tighten the axle to 40 N·m.", actor=paul
    )
    if gauge_class is not None:
        add_data_point(step=step, actor=paul, **_depth(gauge_class))
    into_force(revision)
    routing = routings.create_routing(site=site, material=material, code="R-WH-700", name="Front wheel", actor=paul)
    made = unfinished_revision(routing) or routings.new_revision(routing=routing, summary="The first", actor=paul)
    routings.add_operation(revision=made, name="Mount the wheel", work_center=center, document=document, actor=paul)
    into_force(made)
    return Line(site, center, material, document, made)


def _depth(gauge_class: EquipmentClass) -> dict[str, Any]:
    return {
        "code": "DEPTH",
        "label": "Depth of the hub",
        "kind": DataPoint.Kind.NUMBER,
        "lower_limit": Decimal("9.8"),
        "upper_limit": Decimal("10.2"),
        "decimals": 2,
        "gauge_class": gauge_class,
    }
