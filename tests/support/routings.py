"""A product with a bill of material and routings of it, for tests; made through services wherever there are some."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from core.kernel.deeds import acting
from core.lifecycle.services import perform
from core.organization.models import Site, User
from core.organization.services import system_user
from mes.routing import services
from mes.routing.models import Operation, Routing, RoutingRevision
from mes.routing.queries import unfinished_revision
from tests.support.people import make_user, proof, work_center_of
from traceability.models import BillOfMaterial, BillOfMaterialLine, Material, UnitOfMeasure

_numbers = itertools.count(1)
ENGINEER = tuple(
    f"mes_routing.{right}"
    for right in (
        "view_routing",
        "add_routing",
        "change_routingrevision",
        "submit_routingrevision",
        "approve_routingrevision",
        "make_effective_routingrevision",
        "make_obsolete_routingrevision",
        "change_scrapreason",
        "view_scrapreason",
    )
)


@dataclass
class Product:
    """A material that is made of components, and its bill of material."""

    material: Material
    bom: BillOfMaterial
    lines: list[BillOfMaterialLine] = field(default_factory=list)


def make_uom(code: str = "pc") -> UnitOfMeasure:
    """The unit of measure with this code."""
    found = UnitOfMeasure.objects.filter(code=code).first()
    if found is None:
        with transaction.atomic(), acting(system_user("test")):
            found = UnitOfMeasure(code=code, name=code)
            found.save()
    return found


def make_material(number: str = "", **values: object) -> Material:
    """A component tracked by lot, unless told otherwise."""
    number = number or f"P-{next(_numbers)}"
    with transaction.atomic(), acting(system_user("test")):
        material = Material(number=number, name=f"Part {number}", uom=make_uom(), **values)
        material.save()
    return material


def make_product(*quantities: int | str, valid_from: dt.date = dt.date(2020, 1, 1)) -> Product:
    """A product with one BOM line per quantity, each of a component of its own (default: two lines, 1 and 4)."""
    made = Product(make_material(kind="product", tracking="serial"), bom=BillOfMaterial())
    with transaction.atomic(), acting(system_user("test")):
        made.bom = BillOfMaterial(material=made.material)
        made.bom.save()
    for quantity in quantities or (1, 4):
        made.lines.append(add_line(made, quantity, valid_from=valid_from))
    return made


def add_line(
    product: Product, quantity: int | str, *, component: Material | None = None, valid_from: dt.date
) -> BillOfMaterialLine:
    """One more line in the product's bill of material."""
    component = component or make_material()
    with transaction.atomic(), acting(system_user("test")):
        line = BillOfMaterialLine(
            bom=product.bom, component=component, quantity=Decimal(quantity), uom=component.uom, valid_from=valid_from
        )
        line.save()
    return line


@dataclass
class Shop:
    """A site, a product, and two engineers who may do everything with routings there."""

    site: Site
    product: Product
    author: User
    approver: User

    def draft(self, *names: str) -> RoutingRevision:
        """A draft routing with one operation per name, everything consumed at the first one; ready to be submitted."""
        routing = self.routing()
        revision = unfinished_revision(routing)
        assert revision is not None
        operations = [self.operation(revision, name) for name in names or ("Assemble", "Test")]
        services.assign_open_lines(operation=operations[0], actor=self.author)
        return revision

    def routing(self) -> Routing:
        """A routing with an empty draft."""
        return services.create_routing(
            site=self.site,
            material=self.product.material,
            code=f"RT-{next(_numbers)}",
            name="Making it",
            actor=self.author,
        )

    def operation(self, revision: RoutingRevision, name: str) -> Operation:
        """One more operation at the site's work center."""
        return services.add_operation(
            revision=revision, name=name, work_center=work_center_of(self.site), actor=self.author
        )

    def submitted(self, *names: str) -> RoutingRevision:
        """A routing that waits for its second person."""
        return self.submit(self.draft(*names))

    def submit(self, revision: RoutingRevision) -> RoutingRevision:
        """Submit a draft, signed by the author."""
        return perform(revision, "submit", actor=self.author, signature=proof(self.author, "authored"))

    def approve(self, revision: RoutingRevision) -> RoutingRevision:
        """Approve a submitted revision, signed by the second person."""
        return perform(revision, "approve", actor=self.approver, signature=proof(self.approver, "approved"))

    def effective(self, *names: str) -> RoutingRevision:
        """A routing that orders can be released with."""
        return perform(self.approve(self.submitted(*names)), "make_effective", actor=self.approver)


def make_shop(site: Site, *quantities: int | str) -> Shop:
    """A shop at the site; its product has one BOM line per quantity."""
    return Shop(
        site,
        make_product(*quantities),
        author=make_user(site=site, permissions=ENGINEER),
        approver=make_user(site=site, permissions=ENGINEER),
    )
