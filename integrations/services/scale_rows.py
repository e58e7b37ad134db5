"""What the rows of a large plant say, as SQL over numbered lines: materials, stock, genealogy, shipments.

The lines of a step are `i` from %(first)s to %(last)s; numbers are drawn from the line and the seed.
"""

from __future__ import annotations

from core.organization.models import Partner
from traceability.models import (
    BillOfMaterial,
    GenealogyLink,
    Lot,
    Material,
    MaterialRevision,
    SerializedUnit,
    Shipment,
    StockMovement,
    StorageLocation,
    UnitOfMeasure,
)

SERIALS, LOTS = 3, 5
"""Serial-controlled and lot-controlled components of each assembly, as many lines has its bill of material."""
STAGES, ABREAST = 9, 2
"""Lots of a family: so many stages one after the other, so many lots at each; a lot uses all of the stage before."""
FAMILY = STAGES * ABREAST
WIDELY_USED = 73
"""Percent of the families that begin with the first lot of all: one supplier's lot that went nearly everywhere."""
PER_SHIPMENT = 20

UNIT, LOT, MATERIAL, REVISION = (model._meta.db_table for model in (SerializedUnit, Lot, Material, MaterialRevision))
PIECE = f"(SELECT id FROM {UnitOfMeasure._meta.db_table} WHERE code = 'PCE')"
RUNS = "generate_series(%(first)s, %(last)s) i"


def place(code: str) -> str:
    """The storage location with a code."""
    return f"(SELECT id FROM {StorageLocation._meta.db_table} WHERE site_id = %(site)s AND code = '{code}')"


def drawn(number: str, below: str) -> str:
    """A number from 0 to below `below`, drawn from `number` and the seed: the same on every machine."""
    return f"((hashint8extended({number}, %(seed)s) & 1073741823) %% ({below}))"


def numbered(prefix: str, expression: str = "i") -> str:
    """A number of eight digits behind a prefix."""
    return f"'{prefix}' || lpad(({expression})::text, 8, '0')"


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
_BY_LOT = f"JOIN {MATERIAL} m ON m.number = {_component('%(serials)s + 1 + (i - 1) %% %(lots)s')}"
LOT_VALUES = {
    **_RELEASED,
    "number": numbered("L-"),
    "expires_on": f"current_date + 365 + {drawn('i', '730')}::int",
}
LOTS_FROM = f"{RUNS} {_BY_LOT} ORDER BY i"
MADE_LOTS = {**_RELEASED, "number": numbered("P-")}
CARRIERS = {**_RELEASED, "number": numbered("LS-")}
CARRIERS_FROM = f"{RUNS} JOIN {MATERIAL} m ON m.number = {_component('1 + (i - 1) %% %(serials)s')} ORDER BY i"
FINISHED_LOTS = {**_RELEASED, "number": "'LF-' || m.number"}


def _lot(number: str, name: str = "l") -> str:
    return f"JOIN {LOT} {name} ON {name}.site_id = %(site)s AND {name}.number = {number}"


def _unit(number: str, name: str = "u") -> str:
    return f"JOIN {UNIT} {name} ON {name}.site_id = %(site)s AND {name}.serial = {number}"


_MOVED = {"lot_id": "l.id", "uom_id": PIECE}
RECEIPTS = {
    **_MOVED,
    "kind": "'receipt'",
    "quantity": f"1000 + {drawn('i', '9000')} + CASE WHEN i = 1 THEN 4 * %(families)s ELSE 0 END",
    "to_location_id": place("ST"),
}
RECEIPTS_FROM = f"{RUNS} {_lot(numbered('L-'))} ORDER BY i"
MADE = {**_MOVED, "kind": "'produce'", "quantity": "1000", "to_location_id": place("ST")}
MADE_FROM = f"{RUNS} {_lot(numbered('P-'))} ORDER BY i"
ISSUES = {**_MOVED, "kind": "'issue'", "quantity": "x.used", "from_location_id": place("ST")}
ISSUES_FROM = f"""(
    SELECT g.parent_lot_id, sum(g.quantity) AS used FROM {GenealogyLink._meta.db_table} g
    WHERE g.site_id = %(site)s AND g.parent_lot_id IS NOT NULL GROUP BY 1) x
  JOIN {LOT} l ON l.id = x.parent_lot_id ORDER BY l.id"""

# Units: a hundred of each carrying lot; those beyond the stock are built into the finished ones. ----------------------
_UNIT_VALUES = {"site_id": "%(site)s", "material_id": "l.material_id", "lot_id": "l.id"}
UNITS = {**_UNIT_VALUES, "serial": numbered("S-"), "status": "'released'"}
UNITS_FROM = f"{RUNS} {_lot(numbered('LS-', '1 + (i - 1) / 100'))} ORDER BY i"
FINISHED = {
    **_UNIT_VALUES,
    "serial": numbered("F-"),
    "status": "CASE WHEN i <= %(shipped)s THEN 'released' ELSE 'completed' END",
}
_FINISHED_LOT = f"'LF-' || {_number('A', '1 + (i - 1) %% %(assemblies)s')}"
FINISHED_FROM = f"{RUNS} {_lot(_FINISHED_LOT)} ORDER BY i"
_UNIT_MOVED = {"lot_id": "u.lot_id", "unit_id": "u.id", "quantity": "1", "uom_id": PIECE}
UNIT_RECEIPTS = {**_UNIT_MOVED, "kind": "'receipt'", "to_location_id": place("ST")}
UNIT_RECEIPTS_FROM = f"{RUNS} {_unit(numbered('S-'))} ORDER BY i"
PRODUCED = {
    **_UNIT_MOVED,
    "kind": "'produce'",
    "to_location_id": f"CASE WHEN i <= %(shipped)s THEN {place('ST')} ELSE {place('PR')} END",
}
PRODUCED_FROM = f"{RUNS} {_unit(numbered('F-'))} ORDER BY i"
BUILT_IN = (
    f"{UNIT} r WHERE r.site_id = %(site)s AND r.serial = ANY (SELECT {numbered('S-', 'i + %(stocked)s')} FROM {RUNS})"
)

# Genealogy: three units and five lots into each finished unit; where there are families, lots into lots into units. ---
_LINK = {"site_id": "%(site)s", "quantity": "1", "uom_id": PIECE}
_INTO_UNIT = {**_LINK, "child_unit_id": "u.id"}
UNIT_LINKS = {**_INTO_UNIT, "parent_unit_id": "p.id"}
UNIT_LINKS_FROM = f"""{RUNS} CROSS JOIN generate_series(1, {SERIALS}) k
  {_unit(numbered("F-"))} {_unit(numbered("S-", f"%(stocked)s + (i - 1) * {SERIALS} + k"), "p")} ORDER BY i, k"""
LOT_LINKS = {**_INTO_UNIT, "parent_lot_id": "p.id"}
_BOUGHT = numbered("L-", f"1 + {drawn(f'i * {LOTS} + k', '%(bought)s')}")


def _made_or_bought(number: str, bought: str) -> str:
    """The first of the lots that something uses is one that was made, where there are such; the others are bought."""
    made = numbered("P-", f"1 + {drawn(number, f'%(families)s * {FAMILY}')}")
    return f"CASE WHEN k = 1 AND %(families)s > 0 THEN {made} ELSE {bought} END"


LOT_LINKS_FROM = f"""{RUNS} CROSS JOIN generate_series(1, {LOTS}) k
  {_unit(numbered("F-"))} {_lot(_made_or_bought("-i", _BOUGHT), "p")} ORDER BY i, k"""
_BOUGHT_FOR_UNIT = numbered("L-", f"1 + {drawn('i * 16 + k + 1000000000', '%(bought)s')}")
MADE_OF_FROM = f"""{RUNS} CROSS JOIN generate_series(1, %(used)s) k
  {_unit(numbered("S-"))} {_lot(_made_or_bought("i + 2000000000", _BOUGHT_FOR_UNIT), "p")} ORDER BY i, k"""
STAGE_LINKS = {**_LINK, "child_lot_id": "l.id", "parent_lot_id": "p.id"}
_FIRST_STAGE = f"""CASE
  WHEN k = 1 AND ((i - 1) / {FAMILY}) * 100 < %(families)s * {WIDELY_USED} THEN {numbered("L-", "1")}
  ELSE {numbered("L-", f"1 + {drawn('i * 2 + k + 3000000000', '%(bought)s')}")} END"""
_BEFORE = f"""CASE WHEN (i - 1) %% {FAMILY} < {ABREAST} THEN {_FIRST_STAGE}
  ELSE {numbered("P-", f"(i - 1) / {ABREAST} * {ABREAST} - {ABREAST} + k")} END"""
STAGE_LINKS_FROM = f"""{RUNS} CROSS JOIN generate_series(1, {ABREAST}) k
  {_lot(numbered("P-"))} {_lot(_BEFORE, "p")} ORDER BY i, k"""

# Shipments: the first finished units, twenty in each, to customers in turn. -------------------------------------------
CUSTOMERS = {"code": "'SC-CUST-' || i", "name": "'Customer ' || i", "is_customer": "true"}
SHIPMENTS = {"site_id": "%(site)s", "number": numbered("SHIP-"), "customer_id": "c.id", "status": "'draft'"}
SHIPMENTS_FROM = f"""{RUNS} JOIN {Partner._meta.db_table} c
  ON c.code = 'SC-CUST-' || (1 + (i - 1) %% %(customers)s) ORDER BY i"""
TO_SHIP = f"""{Shipment._meta.db_table} r
  WHERE r.site_id = %(site)s AND r.number = ANY (SELECT {numbered("SHIP-")} FROM {RUNS})"""
LEAVING = {**_UNIT_MOVED, "kind": "'move'", "from_location_id": place("ST"), "to_location_id": place("SH")}
SHIPPED = {"shipment_id": "h.id", "lot_id": "u.lot_id", "unit_id": "u.id", "quantity": "1", "movement_id": "m.id"}
SHIPPED_FROM = f"""{RUNS} {_unit(numbered("F-"))}
  JOIN {Shipment._meta.db_table} h ON h.site_id = %(site)s
   AND h.number = {numbered("SHIP-", f"1 + (i - 1) / {PER_SHIPMENT}")}
  JOIN {StockMovement._meta.db_table} m ON m.unit_id = u.id AND m.kind = 'move' ORDER BY i"""
