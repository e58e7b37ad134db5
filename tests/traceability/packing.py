"""Containers, splits and merges for the full plant."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.lifecycle.services import perform
from core.organization.models import Site
from tests.traceability.world import World
from traceability import services
from traceability.models import Container, Lot


def packed(world: World) -> None:
    """A pallet with a box in it, a closed box, one that was emptied; a lot that was split off, and one merged."""
    where: dict[str, Any] = {"site": world.site, "location": world.store, "actor": world.system}
    pallet, carton, closed, emptied = (
        services.create_container(**where, kind=kind) for kind in ("pallet", "box", "box", "bin")
    )
    lot = world.lot(40)
    for container, quantity in ((pallet, 3), (carton, 4), (closed, 5)):
        services.pack(container=container, lot=lot, quantity=Decimal(quantity), actor=world.system)
    services.nest_container(container=pallet, child=carton, actor=world.system)
    perform(closed, "close", actor=world.system)
    perform(emptied, "end", actor=world.system)
    loose = world.lot(30)
    split = services.split_lot(lot=loose, quantity=Decimal(4), reason="For the second line", actor=world.system)
    services.merge_lots(lots=[split, world.lot(6, loose.material)], actor=world.system)
    services.split_lot(lot=loose, quantity=Decimal(2), actor=world.system)


def pallets(site: Site) -> list[Container]:
    """The pallets in which everything is."""
    return list(Container.objects.filter(site=site, kind="pallet", status="open").select_related("location"))


def fill(container: Container, like: Lot, actor: Any) -> None:
    """Put a little of another lot into a container."""
    there = services.receive_lot(
        site=like.site, material=like.material, quantity=Decimal(2), location=container.location, actor=actor
    )
    services.pack(container=container, lot=there, quantity=Decimal(1), actor=actor)
