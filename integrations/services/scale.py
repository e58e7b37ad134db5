"""A plant as large as a real one, for measuring and for trying out: stock, genealogy, orders, quality, their trail.

Everything is written set-based, with history rows, transitions and facts as the import writes them; PostgreSQL's rules
stay on and judge each row. The same profile and seed make the same plant: numbers are drawn from the line and the seed.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.kernel.deeds import acting, through
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import RecordClass, models_of
from core.organization.models import Partner, Site, User, WorkCenter
from core.organization.services import places, system_user
from core.trail.services.sets import Stage
from integrations.services import demo
from integrations.services import scale_rows as rows
from integrations.services import scale_work as work
from integrations.services.scale_loading import AT_ONCE, SOURCE, Loader
from mes.execution.models import OrderOperation, ProductionOrder
from mes.routing import services as routings
from mes.routing.models import RoutingRevision
from mes.routing.queries import unfinished_revision
from qms.documents.models import Document, DocumentRevision
from qms.nonconformance.models import NonConformance
from traceability.models import (
    BillOfMaterial,
    BillOfMaterialLine,
    GenealogyLink,
    Lot,
    Material,
    MaterialRevision,
    SerializedUnit,
    Shipment,
    ShipmentLine,
    StockMovement,
    StorageLocation,
    UnitOfMeasure,
)

CODE = "SCALE"
SERIALS, LOTS = rows.SERIALS, rows.LOTS


@dataclass(frozen=True)
class Profile:
    """How large a plant becomes."""

    serial_components: int
    lot_components: int
    assemblies: int
    orders: int
    serials: int
    """Units of components that lie in stock."""
    lots: int
    finished: int
    """Finished units; each has three units and five lots of components in it."""
    routings: int = 10
    operations: int = 1
    """Operations of each routing."""
    families: int = 0
    """Families of lots that were made of one another in nine stages, beginning with bought ones."""
    made_of: int = 0
    """Lots that each serial-numbered component is made of: one of a family, the others bought."""
    shipped: int = 0
    """Finished units that went to customers."""
    customers: int = 40
    on_floor: int = 0
    """Orders that were released, with their operations; the others are drafts."""
    every: int = 10
    """Of so many orders on the floor one waits and one is half done; the others are completed."""
    centers: int = 1
    """Work centers; the operations of the routings are spread over them."""
    nonconformances: int = 0
    documents: int = 0
    at_once: int = AT_ONCE


PROFILES = {
    "D": Profile(
        serial_components=150, lot_components=250, assemblies=100, orders=2_000, serials=60_000, lots=38_000,
        finished=2_000,
    ),
    "M": Profile(
        serial_components=1_500, lot_components=2_500, assemblies=1_000, orders=102_000, serials=200_000, lots=40_000,
        finished=350_000, operations=10, families=1_000, made_of=9, shipped=40_000, on_floor=100_000,
        every=100, centers=100, nonconformances=200_000, documents=50_000,
    ),
    "S": Profile(
        serial_components=6, lot_components=10, assemblies=4, orders=22, serials=60, lots=40, finished=12, routings=2,
        operations=4, families=2, made_of=3, shipped=5, customers=2, on_floor=20, centers=3, nonconformances=20,
        documents=5, at_once=30,
    ),
}  # fmt: skip
"""D is the data set of the benchmarks, M a plant after years, S one to look at what the others are made of."""


def _refuse_other_plants(into_existing: bool) -> None:
    if Site.objects.filter(code=CODE).exists():
        raise Blocked(
            Blocker(
                "scale_stands",
                _("The large plant stands already: site %(site)s.") % {"site": CODE},
                remedy=_("Take it as it is, or begin with an empty database."),
            )
        )
    people = User.objects.filter(is_system=False)
    if people.exists() and not demo.is_seeded() and not into_existing:
        raise Blocked(
            Blocker(
                "database_in_use",
                _("This database has people of its own: %(count)s.") % {"count": people.count()},
                remedy=_(
                    "Take an empty database or a demonstration plant. What is written cannot be taken away again."
                ),
            )
        )


def seed_scale(profile: str, say: Callable[[str], None], *, seed: int = 1, into_existing: bool = False) -> Site:
    """Make the plant of a profile. Raises `Blocked` on a database that is in use, unless told, and where it stands."""
    size = PROFILES[profile]
    _refuse_other_plants(into_existing)
    began = time.monotonic()
    with through(SOURCE):
        plant = _Plant(size, seed)
        for words, count in plant.build():
            say(f"{time.monotonic() - began:6.1f} s  {count:>10,} {words}")
    return plant.site


class _Plant:
    """The steps."""

    def __init__(self, size: Profile, seed: int) -> None:
        self.size = size
        self.actor = system_user("setup")
        with transaction.atomic(), acting(self.actor, reason=_("Large plant")):
            self.site = places.create_site(code=CODE, name="Scale", time_zone="Europe/Vienna", actor=self.actor)
            area = places.create_area(site=self.site, code="A1", name="Assembly", actor=self.actor)
            self.centers: list[WorkCenter] = [
                places.create_work_center(area=area, code=f"WC{number}", name=f"Line {number}", actor=self.actor)
                for number in range(1, size.centers + 1)
            ]
        self.load = Loader(
            self.actor,
            {
                "site": self.site.pk, "seed": seed, "serials": size.serial_components, "lots": size.lot_components,
                "components": size.serial_components + size.lot_components, "assemblies": size.assemblies,
                "stocked": size.serials, "bought": size.lots, "families": size.families, "used": size.made_of,
                "shipped": size.shipped, "customers": size.customers, "every": size.every,
            },
            size.at_once,
        )  # fmt: skip

    def build(self) -> Iterator[tuple[str, int]]:
        """Each step, and how many rows it wrote without their history."""
        yield from self.masters()
        yield from self.goods()
        yield from self.genealogy()
        yield from self.shipments()
        yield from self.orders()
        yield from self.quality()
        yield "rows of history and facts in all", self.trail_rows()

    def masters(self) -> Iterator[tuple[str, int]]:
        """Places, materials and their bills."""
        load, size = self.load, self.size
        yield "storage locations and units of measure", load.write(self.places)
        materials = size.serial_components + size.lot_components + size.assemblies
        yield "materials", load.insert(Material, rows.MATERIALS, "generate_series(1, %(upto)s) i", materials)
        yield "revisions", load.insert(MaterialRevision, rows.REVISIONS, rows.OF_MATERIALS)
        yield "bills of material", load.insert(BillOfMaterial, rows.BILLS, rows.OF_ASSEMBLIES)
        yield "lines of bills", load.insert(BillOfMaterialLine, rows.LINES, rows.OF_LINES)

    def places(self, stage: Stage) -> int:
        """The unit of measure and the places."""
        made = stage.insert_from(
            UnitOfMeasure, {"code": "'PCE'", "name": "'Piece'"},
            source=f"(SELECT 1) one WHERE NOT EXISTS (SELECT FROM {UnitOfMeasure._meta.db_table} WHERE code = 'PCE')",
        )  # fmt: skip
        kinds = (
            "(VALUES ('ST', 'Store', 'stock'), ('PR', 'Line', 'production'), ('QU', 'Quarantine', 'quarantine'),"
            " ('SH', 'Shipped', 'shipped'))"
        )
        return made + stage.insert_from(
            StorageLocation, {"site_id": "%(site)s", "code": "k.code", "name": "k.name", "kind": "k.kind"},
            source=f"{kinds} k (code, name, kind)",
        )  # fmt: skip

    def goods(self) -> Iterator[tuple[str, int]]:
        """Lots, units, and where they came from."""
        load, size = self.load, self.size
        components = size.serials + SERIALS * size.finished
        made = size.families * rows.FAMILY
        yield "lots", load.chunks(Lot, rows.LOT_VALUES, rows.LOTS_FROM, size.lots)
        yield "lots that were made", load.chunks(Lot, rows.MADE_LOTS, rows.LOTS_FROM, made)
        yield (
            "lots of serial-numbered components",
            load.chunks(Lot, rows.CARRIERS, rows.CARRIERS_FROM, -(-components // 100)),
        )
        yield "lots of assemblies", load.insert(Lot, rows.FINISHED_LOTS, rows.OF_ASSEMBLIES)
        yield "receipts of lots", load.chunks(StockMovement, rows.RECEIPTS, rows.RECEIPTS_FROM, size.lots)
        yield "lots put in stock", load.chunks(StockMovement, rows.MADE, rows.MADE_FROM, made)
        yield "units", load.chunks(SerializedUnit, rows.UNITS, rows.UNITS_FROM, components)
        yield "finished units", load.chunks(SerializedUnit, rows.FINISHED, rows.FINISHED_FROM, size.finished)
        yield (
            "receipts of units",
            load.chunks(StockMovement, rows.UNIT_RECEIPTS, rows.UNIT_RECEIPTS_FROM, size.serials),
        )
        yield "finished units in stock", load.chunks(StockMovement, rows.PRODUCED, rows.PRODUCED_FROM, size.finished)

    def genealogy(self) -> Iterator[tuple[str, int]]:
        """What went into what, and that it left the stock."""
        load, size = self.load, self.size
        components, made = size.serials + SERIALS * size.finished, size.families * rows.FAMILY
        yield (
            "units built in",
            load.advance(
                SerializedUnit, rows.BUILT_IN, (("consume", "released", "consumed"),), SERIALS * size.finished,
                label="serial",
            ),
        )  # fmt: skip
        links = (
            ("lots into lots", rows.STAGE_LINKS, rows.STAGE_LINKS_FROM, made, rows.ABREAST),
            (
                "lots into components",
                rows.LOT_LINKS,
                rows.MADE_OF_FROM,
                components if size.made_of else 0,
                size.made_of,
            ),
            ("units into finished units", rows.UNIT_LINKS, rows.UNIT_LINKS_FROM, size.finished, SERIALS),
            ("lots into finished units", rows.LOT_LINKS, rows.LOT_LINKS_FROM, size.finished, LOTS),
        )
        for words, values, source, count, each in links:
            yield f"genealogy links of {words}", load.chunks(GenealogyLink, values, source, count, each=each)
        yield "issues of lots", load.insert(StockMovement, rows.ISSUES, rows.ISSUES_FROM) if made else 0

    def shipments(self) -> Iterator[tuple[str, int]]:
        """What went to customers."""
        load, size = self.load, self.size
        count = -(-size.shipped // rows.PER_SHIPMENT)
        customers = size.customers if count else 0
        yield "customers", load.insert(Partner, rows.CUSTOMERS, "generate_series(1, %(upto)s) i", customers)
        yield "shipments", load.chunks(Shipment, rows.SHIPMENTS, rows.SHIPMENTS_FROM, count)
        yield "units that left", load.chunks(StockMovement, rows.LEAVING, rows.PRODUCED_FROM, size.shipped)
        yield "lines of shipments", load.chunks(ShipmentLine, rows.SHIPPED, rows.SHIPPED_FROM, size.shipped)
        yield (
            "shipments that left",
            load.advance(Shipment, rows.TO_SHIP, (("ship", "draft", "shipped"),), count, label="number"),
        )

    def orders(self) -> Iterator[tuple[str, int]]:
        """Orders, their lots and operations, and how far each is."""
        load, size = self.load, self.size
        count, each = size.on_floor, size.operations
        yield "routings", self.routings()
        yield "orders", load.chunks(ProductionOrder, work.ORDERS, work.ORDERS_FROM, size.orders)
        yield "lots of orders", load.chunks(Lot, work.ORDER_LOTS, f"{work.OF_ORDERS} ORDER BY i", count)
        yield (
            "orders released",
            load.advance(
                ProductionOrder, work.orders("true"), work.RELEASE, count, label="number", values=work.RELEASED_LOT
            ),
        )
        yield "operations", load.chunks(OrderOperation, work.OPERATIONS, work.OPERATIONS_FROM, count, each=each)
        for words, moves, some, found in (
            ("started", work.WORKED, work.STARTED_OPERATIONS, work.STARTED),
            ("completed", work.ENDED, work.DONE_OPERATIONS, work.DONE),
        ):
            yield (
                f"operations {words}",
                load.advance(OrderOperation, work.operations(some), moves, count, label="name", each=each),
            )
            of_orders = work.BEGUN if words == "started" else work.ENDED
            yield (
                f"orders {words}",
                load.advance(ProductionOrder, work.orders(found), of_orders, count, label="number"),
            )

    def routings(self) -> int:
        """Routings of the first assemblies, by the services that the screens use; their approval needs people."""
        found = Material.objects.filter(number__startswith="SC-A").order_by("number")[: self.size.routings]
        centers = itertools.cycle(self.centers)
        for material in found:
            routing = routings.create_routing(
                site=self.site, material=material, code=f"R-{material.number}", name=material.name, actor=self.actor
            )
            revision: RoutingRevision | None = unfinished_revision(routing)
            if revision is None:
                raise LookupError(f"{routing} was made without a revision")
            for number in range(1, self.size.operations + 1):
                name = "Assemble" if number == 1 else f"Assemble, step {number}"
                routings.add_operation(revision=revision, name=name, work_center=next(centers), actor=self.actor)
        return len(found)

    def quality(self) -> Iterator[tuple[str, int]]:
        """Nonconformances and documents. What is signed in a plant is moved by the set-up here, without a signature."""
        load, count, documents = self.load, self.size.nonconformances, self.size.documents
        yield "nonconformances", load.chunks(NonConformance, work.FOUND, work.FOUND_FROM, count)
        for words, moves, which in (("opened", work.OPENED, "true"), ("closed", work.SETTLED, "i %% 10 <> 0")):
            yield (
                f"nonconformances {words}",
                load.advance(NonConformance, work.nonconformances(which), moves, count, label="number"),
            )
        yield "documents", load.chunks(Document, work.DOCUMENTS, work.FOUND_FROM, documents)
        yield "revisions of documents", load.chunks(DocumentRevision, work.WRITTEN, work.WRITTEN_FROM, documents)
        yield (
            "revisions made effective",
            load.advance(
                DocumentRevision, work.TO_PUT_IN_FORCE, work.IN_FORCE, documents, label="title", values=work.EFFECTIVE
            ),
        )

    def trail_rows(self) -> int:
        """How many rows of history and facts there are now."""
        tables = [m._meta.db_table for kind in (RecordClass.HISTORY, RecordClass.FACT) for m in models_of(kind)]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in tables))
            return sum(int(count) for (count,) in cursor.fetchall())
