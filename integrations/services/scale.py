"""A plant as large as a real one, for measuring and for trying out: materials, stock, genealogy, orders, their trail.

Everything is written set-based, with history rows, transitions and facts as the import writes them; PostgreSQL's rules
stay on and judge each row. The same profile and seed make the same plant: numbers are drawn from the line and the seed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from core.kernel.deeds import acting, through
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import RecordClass, models_of
from core.lifecycle.models import Transition
from core.organization.models import Site, User, WorkCenter
from core.organization.services import places, system_user
from core.trail.services.sets import Stage
from integrations.services import demo
from mes.execution.models import ProductionOrder
from mes.routing import services as routings
from mes.routing.models import Routing, RoutingRevision
from mes.routing.queries import unfinished_revision
from traceability.models import (
    BillOfMaterial,
    BillOfMaterialLine,
    GenealogyLink,
    Lot,
    Material,
    MaterialRevision,
    SerializedUnit,
    StockMovement,
    StorageLocation,
    UnitOfMeasure,
)

CODE = "SCALE"
SERIALS, LOTS = 3, 5
"""Serial-controlled and lot-controlled components of each assembly, as many lines has its bill of material."""
AT_ONCE = 100_000
"""Rows of one transaction: as many checks wait for its end."""


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


PROFILES = {
    "D": Profile(
        serial_components=150, lot_components=250, assemblies=100, orders=2_000, serials=60_000, lots=38_000,
        finished=2_000,
    ),
    "M": Profile(
        serial_components=1_500, lot_components=2_500, assemblies=1_000, orders=100_000, serials=200_000, lots=40_000,
        finished=350_000,
    ),
    "S": Profile(
        serial_components=6, lot_components=10, assemblies=4, orders=20, serials=60, lots=40, finished=12, routings=2
    ),
}  # fmt: skip
"""D is the data set of the benchmarks, M a plant after years, S one to look at what the others are made of."""


UNIT, LOT, MATERIAL, REVISION = (model._meta.db_table for model in (SerializedUnit, Lot, Material, MaterialRevision))
PIECE = f"(SELECT id FROM {UnitOfMeasure._meta.db_table} WHERE code = 'PCE')"


def _place(code: str) -> str:
    return f"(SELECT id FROM {StorageLocation._meta.db_table} WHERE site_id = %(site)s AND code = '{code}')"


def _drawn(number: str, below: str) -> str:
    """A number from 0 to below `below`, drawn from `number` and the seed: the same on every machine."""
    return f"((hashint8extended({number}, %(seed)s) & 1073741823) %% ({below}))"


def _number(kind: str, expression: str) -> str:
    return f"'SC-{kind}' || lpad(({expression})::text, 5, '0')"


def _component(index: str) -> str:
    """The number of a component: serial-controlled ones come first."""
    return _number("C", index)


# Materials: components 1 … serials by serial number, the following by lot, then the assemblies. -----------------------
MATERIALS = {
    "number": f"CASE WHEN i <= %(components)s THEN {_number('C', 'i')} ELSE {_number('A', 'i - %(components)s')} END",
    "name": "CASE WHEN i <= %(components)s THEN 'Component ' ELSE 'Assembly ' END || i",
    "kind": "CASE WHEN i <= %(components)s THEN 'component' ELSE 'product' END",
    "uom_id": PIECE,
    "tracking": "CASE WHEN i <= %(serials)s OR i > %(components)s THEN 'serial' ELSE 'lot' END",
}
REVISIONS = {"material_id": "m.id", "revision": "'A'", "status": "'effective'"}
OF_MATERIALS = f"{MATERIAL} m WHERE m.number LIKE 'SC-%%' ORDER BY m.number"
BILLS = {"material_id": "m.id"}
LINES = {
    "bom_id": "b.id", "component_id": "c.id", "quantity": "1", "uom_id": PIECE, "valid_from": "date '2026-01-01'",
}  # fmt: skip
_LINE = f"""CASE WHEN k <= {SERIALS} THEN 1 + ((n - 1) * {SERIALS} + k - 1) %% %(serials)s
  ELSE %(serials)s + 1 + ((n - 1) * {LOTS} + k - {SERIALS + 1}) %% %(lots)s END"""
OF_LINES = f"""generate_series(1, %(assemblies)s) n CROSS JOIN generate_series(1, {SERIALS + LOTS}) k
  JOIN {MATERIAL} a ON a.number = {_number("A", "n")}
  JOIN {BillOfMaterial._meta.db_table} b ON b.material_id = a.id
  JOIN {MATERIAL} c ON c.number = {_component(_LINE)} ORDER BY n, k"""

# Lots: of lot-controlled components in turn; of serial-controlled ones one for each hundred units. --------------------
OF_ASSEMBLIES = f"{MATERIAL} m WHERE m.number LIKE 'SC-A%%' ORDER BY m.number"
_RELEASED = {"site_id": "%(site)s", "material_id": "m.id", "status": "'released'"}
_RUNS = "generate_series(%(first)s, %(last)s) i"
_BY_LOT = f"JOIN {MATERIAL} m ON m.number = {_component('%(serials)s + 1 + (i - 1) %% %(lots)s')}"
LOT_VALUES = {
    **_RELEASED,
    "number": "'L-' || lpad(i::text, 8, '0')",
    "expires_on": f"current_date + 365 + {_drawn('i', '730')}::int",
}
LOTS_FROM = f"{_RUNS} {_BY_LOT} ORDER BY i"
CARRIERS = {**_RELEASED, "number": "'LS-' || lpad(i::text, 8, '0')"}
CARRIERS_FROM = f"{_RUNS} JOIN {MATERIAL} m ON m.number = {_component('1 + (i - 1) %% %(serials)s')} ORDER BY i"
FINISHED_LOTS = {**_RELEASED, "number": "'LF-' || m.number"}
_LOT = f"JOIN {LOT} l ON l.site_id = %(site)s AND l.number = "
RECEIPTS = {
    "kind": "'receipt'", "lot_id": "l.id", "quantity": f"1000 + {_drawn('i', '9000')}", "uom_id": PIECE,
    "to_location_id": _place("ST"),
}  # fmt: skip
RECEIPTS_FROM = f"{_RUNS} {_LOT}'L-' || lpad(i::text, 8, '0') ORDER BY i"

# Units: a hundred of each carrying lot; those beyond the stock are built into the finished ones. ----------------------
_UNIT_VALUES = {"site_id": "%(site)s", "material_id": "l.material_id", "lot_id": "l.id"}
UNITS = {**_UNIT_VALUES, "serial": "'S-' || lpad(i::text, 8, '0')", "status": "'released'"}
UNITS_FROM = f"{_RUNS} {_LOT}'LS-' || lpad((1 + (i - 1) / 100)::text, 8, '0') ORDER BY i"
FINISHED = {**_UNIT_VALUES, "serial": "'F-' || lpad(i::text, 8, '0')", "status": "'completed'"}
FINISHED_FROM = f"{_RUNS} {_LOT}'LF-' || {_number('A', '1 + (i - 1) %% %(assemblies)s')} ORDER BY i"
_UNIT = f"JOIN {UNIT} u ON u.site_id = %(site)s AND u.serial = "
UNIT_RECEIPTS = {
    "kind": "'receipt'", "lot_id": "u.lot_id", "unit_id": "u.id", "quantity": "1", "uom_id": PIECE,
    "to_location_id": _place("ST"),
}  # fmt: skip
UNIT_RECEIPTS_FROM = f"{_RUNS} {_UNIT}'S-' || lpad(i::text, 8, '0') ORDER BY i"
PRODUCED = {**UNIT_RECEIPTS, "kind": "'produce'", "to_location_id": _place("PR")}
PRODUCED_FROM = f"{_RUNS} {_UNIT}'F-' || lpad(i::text, 8, '0') ORDER BY i"

# Genealogy: three units and five lots into each finished unit. --------------------------------------------------------
_LINK = {"site_id": "%(site)s", "child_unit_id": "u.id", "quantity": "1", "uom_id": PIECE}
UNIT_LINKS = {**_LINK, "parent_unit_id": "p.id"}
UNIT_LINKS_FROM = f"""{_RUNS} CROSS JOIN generate_series(1, {SERIALS}) k
  {_UNIT}'F-' || lpad(i::text, 8, '0')
  JOIN {UNIT} p ON p.site_id = %(site)s
   AND p.serial = 'S-' || lpad((%(stocked)s + (i - 1) * {SERIALS} + k)::text, 8, '0') ORDER BY i, k"""
LOT_LINKS = {**_LINK, "parent_lot_id": "p.id"}
LOT_LINKS_FROM = f"""{_RUNS} CROSS JOIN generate_series(1, {LOTS}) k
  {_UNIT}'F-' || lpad(i::text, 8, '0')
  JOIN {LOT} p ON p.site_id = %(site)s
   AND p.number = 'L-' || lpad((1 + {_drawn(f"i * {LOTS} + k", "%(lots)s")})::text, 8, '0') ORDER BY i, k"""

# Orders: drafts of the assemblies that have a routing, in turn. -------------------------------------------------------
ORDERS = {
    "site_id": "%(site)s", "number": "'PO-' || lpad(i::text, 8, '0')", "material_id": "v.material_id",
    "routing_revision_id": "v.revision_id", "quantity": f"10 + {_drawn('i', '490')}",
    "due_on": f"current_date + {_drawn('i + 7', '180')}::int", "priority": f"1 + {_drawn('i + 3', '9')}",
    "status": "'draft'", "created_by_id": "%(_actor)s",
}  # fmt: skip
ORDERS_FROM = f"""{_RUNS} JOIN (
    SELECT row_number() OVER (ORDER BY r.code) AS n, count(*) OVER () AS of, r.material_id, x.id AS revision_id
    FROM {Routing._meta.db_table} r JOIN {RoutingRevision._meta.db_table} x ON x.routing_id = r.id
    WHERE r.site_id = %(site)s) v ON v.n = 1 + (i - 1) %% v.of ORDER BY i"""


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
    with through("seed_scale"):
        plant = _Plant(size, seed)
        for words, count in plant.build():
            say(f"{time.monotonic() - began:6.1f} s  {count:>10,} {words}")
    return plant.site


class _Plant:
    """The steps, each in transactions of its own."""

    def __init__(self, size: Profile, seed: int) -> None:
        self.size = size
        self.actor = system_user("setup")
        with transaction.atomic(), acting(self.actor, reason=_("Large plant")):
            self.site = places.create_site(code=CODE, name="Scale", time_zone="Europe/Vienna", actor=self.actor)
            area = places.create_area(site=self.site, code="A1", name="Assembly", actor=self.actor)
            self.center: WorkCenter = places.create_work_center(area=area, code="WC1", name="Line", actor=self.actor)
        self.stage = Stage(
            "", "",
            {
                "site": self.site.pk, "seed": seed, "serials": size.serial_components, "lots": size.lot_components,
                "components": size.serial_components + size.lot_components, "assemblies": size.assemblies,
                "unit_kind": ContentType.objects.get_for_model(SerializedUnit).pk, "stocked": size.serials,
            },
        )  # fmt: skip

    def build(self) -> Iterator[tuple[str, int]]:
        """Each step, and how many rows it wrote without their history."""
        size = self.size
        yield "storage locations and units of measure", self.write(self.masters)
        components = size.serial_components + size.lot_components
        yield (
            "materials",
            self.insert(Material, MATERIALS, "generate_series(1, %(upto)s) i", components + size.assemblies),
        )
        yield "revisions", self.insert(MaterialRevision, REVISIONS, OF_MATERIALS, None)
        yield "bills of material", self.insert(BillOfMaterial, BILLS, OF_ASSEMBLIES, None)
        yield "lines of bills", self.insert(BillOfMaterialLine, LINES, OF_LINES, None)
        carriers = -(-(size.serials + SERIALS * size.finished) // 100)
        yield "lots", self.chunks(Lot, LOT_VALUES, LOTS_FROM, size.lots)
        yield "lots of serial-numbered components", self.chunks(Lot, CARRIERS, CARRIERS_FROM, carriers)
        yield "lots of assemblies", self.insert(Lot, FINISHED_LOTS, OF_ASSEMBLIES, None)
        yield "receipts of lots", self.chunks(StockMovement, RECEIPTS, RECEIPTS_FROM, size.lots)
        yield "units", self.chunks(SerializedUnit, UNITS, UNITS_FROM, size.serials + SERIALS * size.finished)
        yield "finished units", self.chunks(SerializedUnit, FINISHED, FINISHED_FROM, size.finished)
        yield "receipts of units", self.chunks(StockMovement, UNIT_RECEIPTS, UNIT_RECEIPTS_FROM, size.serials)
        yield "finished units in stock", self.chunks(StockMovement, PRODUCED, PRODUCED_FROM, size.finished)
        yield "units built in", self.build_in()
        yield "genealogy links of units", self.chunks(GenealogyLink, UNIT_LINKS, UNIT_LINKS_FROM, size.finished)
        yield "genealogy links of lots", self.chunks(GenealogyLink, LOT_LINKS, LOT_LINKS_FROM, size.finished)
        yield "routings", self.routings()
        yield "orders", self.chunks(ProductionOrder, ORDERS, ORDERS_FROM, size.orders)
        yield "rows of history and facts in all", self.trail_rows()

    def write(self, step: Callable[[], int]) -> int:
        """One step in its transaction."""
        with transaction.atomic(), acting(self.actor, reason=_("Large plant")):
            return step()

    def insert(self, model: type[models.Model], values: dict[str, str], source: str, upto: int | None) -> int:
        self.stage.params["upto"] = upto
        return self.write(lambda: self.stage.insert_from(model, values, source=source))

    def chunks(self, model: type[models.Model], values: dict[str, str], source: str, count: int) -> int:
        """`source` numbers its rows `i` from %(first)s to %(last)s."""
        return sum(
            self.write(lambda: self.stage.insert_from(model, values, source=source)) for _one in self.ranges(count)
        )

    def ranges(self, count: int) -> Iterator[int]:
        """Set %(first)s and %(last)s to one chunk after the other."""
        for first in range(1, count + 1, AT_ONCE):
            self.stage.params.update(first=first, last=min(first + AT_ONCE - 1, count))
            yield first

    def masters(self) -> int:
        """The unit of measure and the places."""
        made = self.stage.insert_from(
            UnitOfMeasure, {"code": "'PCE'", "name": "'Piece'"},
            source=f"(SELECT 1) one WHERE NOT EXISTS (SELECT FROM {UnitOfMeasure._meta.db_table} WHERE code = 'PCE')",
        )  # fmt: skip
        kinds = "(VALUES ('ST', 'Store', 'stock'), ('PR', 'Line', 'production'), ('QU', 'Quarantine', 'quarantine'))"
        return made + self.stage.insert_from(
            StorageLocation, {"site_id": "%(site)s", "code": "k.code", "name": "k.name", "kind": "k.kind"},
            source=f"{kinds} k (code, name, kind)",
        )  # fmt: skip

    def build_in(self) -> int:
        """The units beyond those of the stock went into finished ones: status, history and transition of each."""
        return sum(self.write(self._build_in) for _one in self.ranges(SERIALS * self.size.finished))

    def _build_in(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS scale_built_in")
        made = self.stage.execute(
            f"CREATE TEMPORARY TABLE scale_built_in AS SELECT id AS key, 0 AS line FROM {UNIT}"
            f" WHERE site_id = %(site)s AND serial = ANY (SELECT 'S-' || lpad((i + %(stocked)s)::text, 8, '0')"
            " FROM generate_series(%(first)s, %(last)s) i)"
        )
        built_in = Stage("scale_built_in", "", self.stage.params)
        built_in.update(SerializedUnit, {"status": "'consumed'"}, where="true")
        built_in.insert_from(
            Transition,
            {
                "subject_type_id": "%(unit_kind)s", "subject_id": "u.id", "subject_label": "u.serial",
                "move": "'consume'", "from_status": "'released'", "to_status": "'consumed'", "record_version": "2",
                "reason": "%(_reason)s",
            },
            source=f"scale_built_in s JOIN {UNIT} u ON u.id = s.key",
        )  # fmt: skip
        return made

    def routings(self) -> int:
        """Routings of the first assemblies, by the services that the screens use; their approval needs people."""
        found = Material.objects.filter(number__startswith="SC-A").order_by("number")[: self.size.routings]
        for material in found:
            routing = routings.create_routing(
                site=self.site, material=material, code=f"R-{material.number}", name=material.name, actor=self.actor
            )
            revision: RoutingRevision | None = unfinished_revision(routing)
            if revision is None:
                raise LookupError(f"{routing} was made without a revision")
            routings.add_operation(revision=revision, name="Assemble", work_center=self.center, actor=self.actor)
        return len(found)

    def trail_rows(self) -> int:
        """How many rows of history and facts there are now."""
        tables = [m._meta.db_table for kind in (RecordClass.HISTORY, RecordClass.FACT) for m in models_of(kind)]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in tables))
            return sum(int(count) for (count,) in cursor.fetchall())
