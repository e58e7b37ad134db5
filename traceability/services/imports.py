"""Set-based imports of masters and opening stock: what is wrong with staged lines, and writing the right ones.

A staged line refers to a material by our number or by its key in the origin system. Every `check_…` reports errors and
gives each line a verdict; every `write_…` writes exactly what the verdicts say, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.records import TrailedModel
from core.organization.models import Area, WorkCenter
from core.trail.services.sets import Stage
from traceability.models import (
    BillOfMaterial,
    BillOfMaterialLine,
    Lot,
    Material,
    MaterialRevision,
    StockMovement,
    StorageLocation,
    UnitOfMeasure,
)

ORIGIN = {"origin": "%(origin)s", "external_id": "coalesce(s.external_id, '')"}


def _table(model: type[models.Model]) -> str:
    return str(model._meta.db_table)


def find_existing(stage: Stage, model: type[models.Model], match: str, differs: str, *, joins: str = "") -> None:
    """Set key and verdict: `match` joins a line with its record `b`, `differs` says whether the record would change."""
    stage.execute(
        f"UPDATE {stage.table} t SET key = f.id, verdict = CASE WHEN f.differs THEN 'changed' ELSE 'unchanged' END"
        f" FROM (SELECT s.line, b.id, ({differs}) AS differs FROM {stage.table} s {joins}"
        f" JOIN {_table(model)} b ON {match} WHERE s.verdict = '') f WHERE f.line = t.line"
    )
    stage.execute(f"UPDATE {stage.table} SET verdict = 'created' WHERE verdict = ''")


def upsert(
    stage: Stage, model: type[TrailedModel], new: Mapping[str, str], changed: Mapping[str, str], *, joins: str = ""
) -> None:
    """Insert the created lines and update the changed ones."""
    stage.insert(model, new, joins=joins, where="s.verdict = 'created'")
    if changed:
        stage.update(model, changed, joins=joins, where="s.verdict = 'changed'")


def _differs(pairs: Mapping[str, str]) -> str:
    return " OR ".join(f'b."{column}" IS DISTINCT FROM ({expression})' for column, expression in pairs.items())


def _unknown_unit(stage: Stage) -> None:
    stage.error(
        "uom",
        _("the unit “{value}” is unknown; import or create it first"),
        "u.id IS NULL",
        joins=f"LEFT JOIN {_table(UnitOfMeasure)} u ON u.code = s.uom",
    )


def _resolve(stage: Stage, column: str, model: type[models.Model], by: str, *, site: bool, message: str) -> None:
    """Replace a reference by the id of its record; our own number wins over the origin's key."""
    scope = "AND m.site_id = %(site)s" if site else ""
    stage.execute(f'ALTER TABLE {stage.table} ADD COLUMN IF NOT EXISTS "{column}_id" bigint')
    for condition in (f'm."{by}" = s."{column}"', f'm.external_id = s."{column}" AND m.origin = %(origin)s'):
        stage.execute(
            f'UPDATE {stage.table} s SET "{column}_id" = m.id FROM {_table(model)} m'
            f' WHERE s."{column}_id" IS NULL AND {condition} {scope}'
        )
    stage.error(column, message, f's."{column}_id" IS NULL')


# --- Units of measure ------------------------------------------------------------------------------------------------

COUNTED = ("EA", "EACH", "PC", "PCS", "PCE", "PIECE", "ST", "STK", "C62", "H87", "NAR", "UN", "UNIT")
"""Codes by which systems call single pieces (UN/ECE recommendation 20 among them): units new here count whole ones."""

UNIT_VALUES = {"name": "s.name", "pint_unit": "coalesce(s.pint_unit, b.pint_unit)", **ORIGIN}


def check_units(stage: Stage) -> None:
    """Codes are unique."""
    stage.duplicate(["code"], _("“{value}” stands on line {line} already"))
    if not stage.has_errors():
        find_existing(stage, UnitOfMeasure, "b.code = s.code", _differs(UNIT_VALUES))


def write_units(stage: Stage) -> None:
    upsert(
        stage,
        UnitOfMeasure,
        {
            "code": "s.code",
            "name": "s.name",
            "pint_unit": "coalesce(s.pint_unit, '')",
            "whole_only": f"coalesce(s.pint_unit, '') = '' AND upper(s.code) IN ({', '.join(map(repr, COUNTED))})",
            **ORIGIN,
        },
        UNIT_VALUES,
    )


# --- Materials -------------------------------------------------------------------------------------------------------

UNIT_JOIN = f"JOIN {UnitOfMeasure._meta.db_table} u ON u.code = s.uom"
MATERIAL_VALUES = {
    "name": "s.name",
    "kind": "s.kind",
    "uom_id": "u.id",
    "tracking": "s.tracking",
    "shelf_life_days": "s.shelf_life_days::int",
    **ORIGIN,
}


def check_materials(stage: Stage) -> None:
    """Numbers and origin keys are unique, units exist."""
    stage.duplicate(["number"], _("“{value}” stands on line {line} already"))
    stage.error(
        "external_id",
        _("“{value}” stands in more than one line"),
        f"s.external_id IN (SELECT external_id FROM {stage.table} GROUP BY 1 HAVING count(*) > 1)",
    )
    _unknown_unit(stage)
    if not stage.has_errors():
        find_existing(stage, Material, "b.number = s.number", _differs(MATERIAL_VALUES), joins=UNIT_JOIN)


def write_materials(stage: Stage) -> None:
    """Materials, and for each new one its first revision, born effective: the origin owns its releases."""
    upsert(stage, Material, {"number": "s.number", **MATERIAL_VALUES}, MATERIAL_VALUES, joins=UNIT_JOIN)
    stage.insert(
        MaterialRevision,
        {"material_id": "m.id", "revision": "s.revision", "status": "'effective'", **ORIGIN},
        joins=f"JOIN {_table(Material)} m ON m.number = s.number",
        where="s.verdict = 'created'",
    )


# --- Bills of material -----------------------------------------------------------------------------------------------

BOM_VALUES = {
    "quantity": "s.quantity::numeric",
    "uom_id": "u.id",
    "valid_to": "s.valid_to::date",
    "level": "s.level::smallint",
    **ORIGIN,
}
LINE_MATCH = (
    "b.component_id = s.component_id AND b.valid_from = s.valid_from::date"
    f" AND b.bom_id IN (SELECT id FROM {BillOfMaterial._meta.db_table} h WHERE h.material_id = s.assembly_id"
    " AND h.is_active)"
)


def check_boms(stage: Stage) -> None:
    """Both materials exist, units exist, dates are in order, quantities positive, and no assembly contains itself."""
    unknown = _("there is no material “{value}”; import materials first")
    _resolve(stage, "assembly", Material, "number", site=False, message=unknown)
    _resolve(stage, "component", Material, "number", site=False, message=unknown)
    _unknown_unit(stage)
    stage.error("quantity", _("“{value}” is not more than zero"), "s.quantity::numeric <= 0")
    stage.error(
        "valid_to", _("“{value}” lies before the first day of validity"), "s.valid_to::date < s.valid_from::date"
    )
    stage.error("component", _("“{value}” cannot be a component of itself"), "s.component_id = s.assembly_id")
    stage.duplicate(["assembly", "component", "valid_from"], _("“{value}” stands on line {line} already"))
    if stage.has_errors():
        return
    _report_loops(stage)
    if not stage.has_errors():
        find_existing(stage, BillOfMaterialLine, LINE_MATCH, _differs(BOM_VALUES), joins=UNIT_JOIN)


def _report_loops(stage: Stage) -> None:
    stage.execute(
        f"INSERT INTO {stage.errors} (line, field, message)"
        f" WITH RECURSIVE edge AS (SELECT assembly_id AS a, component_id AS c FROM {stage.table}"
        f"   UNION SELECT h.material_id, l.component_id FROM {_table(BillOfMaterialLine)} l"
        f"   JOIN {_table(BillOfMaterial)} h ON h.id = l.bom_id AND h.is_active),"
        " below (top, c) AS (SELECT a, c FROM edge UNION SELECT b.top, e.c FROM below b JOIN edge e ON e.a = b.c)"
        f" SELECT s.line, 'component', %(_message)s FROM {stage.table} s"
        " WHERE EXISTS (SELECT FROM below WHERE below.top = s.component_id AND below.c = s.assembly_id)",
        _message=_("the component contains its own assembly further down"),
    )


def write_boms(stage: Stage) -> None:
    """One active bill per assembly, made when missing, and its dated lines."""
    stage.insert_from(
        BillOfMaterial,
        {"material_id": "a.id", "origin": "%(origin)s"},
        source=(
            f"{_table(Material)} a WHERE a.id IN (SELECT assembly_id FROM {stage.table} WHERE verdict = 'created')"
            f" AND NOT EXISTS (SELECT FROM {_table(BillOfMaterial)} h WHERE h.material_id = a.id AND h.is_active)"
        ),
    )
    bill = f"JOIN {_table(BillOfMaterial)} h ON h.material_id = s.assembly_id AND h.is_active {UNIT_JOIN}"
    stage.insert(
        BillOfMaterialLine,
        {"bom_id": "h.id", "component_id": "s.component_id", "valid_from": "s.valid_from::date", **BOM_VALUES},
        joins=bill,
        where="s.verdict = 'created'",
    )
    stage.update(BillOfMaterialLine, BOM_VALUES, joins=UNIT_JOIN, where="s.verdict = 'changed'")


# --- Places ----------------------------------------------------------------------------------------------------------

LOCATION_VALUES = {"name": "s.name", "kind": "s.kind", **ORIGIN}
CENTER_VALUES = {"name": "s.name", **ORIGIN}


def check_locations(stage: Stage) -> None:
    """Codes are unique at the site."""
    stage.duplicate(["code"], _("“{value}” stands on line {line} already"))
    if not stage.has_errors():
        find_existing(stage, StorageLocation, "b.code = s.code AND b.site_id = %(site)s", _differs(LOCATION_VALUES))


def write_locations(stage: Stage) -> None:
    upsert(stage, StorageLocation, {"site_id": "%(site)s", "code": "s.code", **LOCATION_VALUES}, LOCATION_VALUES)


def check_work_centers(stage: Stage) -> None:
    """Codes are unique; areas are made when the site has none of that code."""
    stage.duplicate(["code"], _("“{value}” stands on line {line} already"))
    if not stage.has_errors():
        area = f"(SELECT id FROM {_table(Area)} WHERE site_id = %(site)s AND code = s.area)"
        find_existing(stage, WorkCenter, f"b.code = s.code AND b.area_id = {area}", _differs(CENTER_VALUES))


def write_work_centers(stage: Stage) -> None:
    stage.insert_from(
        Area,
        {"site_id": "%(site)s", "code": "s.area", "name": "s.area"},
        source=(
            f"(SELECT DISTINCT area FROM {stage.table}) s WHERE NOT EXISTS (SELECT FROM {_table(Area)} a"
            " WHERE a.site_id = %(site)s AND a.code = s.area)"
        ),
    )
    upsert(
        stage,
        WorkCenter,
        {"area_id": "a.id", "code": "s.code", **CENTER_VALUES},
        CENTER_VALUES,
        joins=f"JOIN {_table(Area)} a ON a.site_id = %(site)s AND a.code = s.area",
    )


# --- Opening stock ---------------------------------------------------------------------------------------------------


def check_lots(stage: Stage) -> None:
    """Material and location exist, quantities are not negative; a lot that is here already is left alone.

    The quantity of a known lot is what its movements say, so a second import never changes it.
    """
    _resolve(
        stage,
        "material",
        Material,
        "number",
        site=False,
        message=_("there is no material “{value}”; import materials first"),
    )
    _resolve(
        stage,
        "location",
        StorageLocation,
        "code",
        site=True,
        message=_("there is no storage location “{value}” at this site"),
    )
    stage.error("quantity", _("“{value}” is less than zero"), "s.quantity::numeric < 0")
    stage.error(
        "quantity",
        _("“{value}” is no whole number, and the material is counted in whole pieces"),
        "u.whole_only AND s.quantity::numeric <> floor(s.quantity::numeric)",
        joins=f"JOIN {_table(Material)} m ON m.id = s.material_id JOIN {_table(UnitOfMeasure)} u ON u.id = m.uom_id",
    )
    stage.duplicate(["material", "number"], _("“{value}” stands on line {line} already"))
    if not stage.has_errors():
        find_existing(stage, Lot, "b.number = s.number AND b.material_id = s.material_id", "false")


def write_lots(stage: Stage) -> None:
    """Released lots with their opening receipt; a line without quantity gives a lot without stock."""
    stage.insert(
        Lot,
        {
            "site_id": "%(site)s",
            "material_id": "s.material_id",
            "revision_id": "r.id",
            "number": "s.number",
            "status": "'released'",
            "expires_on": "s.expires_on::date",
            "supplier_lot": "coalesce(s.supplier_lot, '')",
            **ORIGIN,
        },
        joins=(f"LEFT JOIN {_table(MaterialRevision)} r ON r.material_id = s.material_id AND r.status = 'effective'"),
        where="s.verdict = 'created'",
    )
    stage.insert(
        StockMovement,
        {
            "kind": "'receipt'",
            "lot_id": "l.id",
            "quantity": "s.quantity::numeric",
            "uom_id": "m.uom_id",
            "to_location_id": "s.location_id",
            "note": "%(_reason)s",
        },
        joins=(
            f"JOIN {_table(Lot)} l ON l.material_id = s.material_id AND l.number = s.number"
            f" JOIN {_table(Material)} m ON m.id = s.material_id"
        ),
        where="s.verdict = 'created' AND s.quantity::numeric > 0",
    )
