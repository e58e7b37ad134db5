"""A small plant for the tests of this storey: people with their rights, materials, places, stock. Made by services."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.organization.models import Site, User
from core.organization.services import system_user
from tests.support.people import make_site, make_user
from traceability import services
from traceability.models import Lot, Material, SerializedUnit, StorageLocation, UnitOfMeasure

_numbers = itertools.count(1)

OPERATOR = (
    "traceability.view_lot",
    "traceability.issue_stock",
    "traceability.produce_lot",
    "traceability.produce_serializedunit",
    "traceability.move_stock",
    "traceability.scrap_stock",
    "traceability.scrap_serializedunit",
    "traceability.place_hold",
)
QUALITY = (
    "traceability.view_lot",
    "traceability.create_lot",
    "traceability.release_lot",
    "traceability.reject_lot",
    "traceability.release_hold",
    "traceability.place_hold",
    "traceability.release_serializedunit",
    "traceability.release_materialrevision",
    "traceability.adjust_stock",
    "traceability.move_stock",
)


@dataclass(frozen=True)
class World:
    """A site with an operator, a quality engineer, a store, a production place and a quarantine."""

    site: Site
    operator: User
    quality: User
    system: User
    each: UnitOfMeasure
    store: StorageLocation
    production: StorageLocation
    quarantine: StorageLocation

    def material(self, **values: Any) -> Material:
        """A new material, tracked by lot unless said otherwise."""
        number = values.pop("number", f"M-{next(_numbers)}")
        return services.create_material(
            number=number, name=f"Material {number}", uom=values.pop("uom", self.each), actor=self.system, **values
        )

    def weighed(self) -> Material:
        """A new material that is measured in kilograms, so that there are parts of one."""
        unit = UnitOfMeasure.objects.filter(code="kg").first() or services.create_uom(
            code="kg", name="Kilogram", pint_unit="kilogram", actor=self.system
        )
        return self.material(uom=unit)

    def lot(self, quantity: Decimal | int = 10, material: Material | None = None, **values: Any) -> Lot:
        """A released lot with stock in the store; without stock for quantity 0."""
        made = {"site": self.site, "material": material or self.material(), "status": "released", **values}
        made.setdefault("number", f"L-{next(_numbers)}")
        if quantity == 0:
            return services.create_lot(**made, actor=self.system)
        return services.receive_lot(**made, quantity=Decimal(quantity), location=self.store, actor=self.system)

    def unit(self, lot: Lot, *, stocked: bool = True) -> SerializedUnit:
        """A completed unit of a lot, in stock at the production place."""
        unit = services.create_unit(
            site=self.site, material=lot.material, lot=lot, status="completed", actor=self.system
        )
        if stocked:
            services.produce_stock(lot=lot, unit=unit, quantity=Decimal(1), location=self.production, actor=self.system)
        return unit

    def link(self, parent: Lot | SerializedUnit, child: Lot | SerializedUnit, quantity: int = 1) -> Any:
        """The parent went into the child."""
        return services.link_many(
            links=[services.LinkInput(parent, child, Decimal(quantity), self.each)], source=None, actor=self.system
        )[0]


def make_world(*, time_zone: str = "Europe/Vienna", site: Site | None = None) -> World:
    """A new world, at a new site unless it is told where."""
    site = site or make_site(time_zone=time_zone)
    system = system_user("test")
    each = UnitOfMeasure.objects.filter(code="EA").first() or services.create_uom(
        code="EA", name="Each", whole_only=True, actor=system
    )
    places = {
        kind: services.create_location(site=site, code=kind.upper(), name=kind.title(), kind=kind, actor=system)
        for kind in ("stock", "production", "quarantine")
    }
    return World(
        site=site,
        operator=make_user(site=site, permissions=OPERATOR),
        quality=make_user(site=site, permissions=QUALITY),
        system=system,
        each=each,
        store=places["stock"],
        production=places["production"],
        quarantine=places["quarantine"],
    )
