"""Set-based imports of masters: what is wrong with staged lines, and writing the right ones.

A staged line refers to a material by our number or by its key in the origin system. Every `check_…` reports errors and
gives each line a verdict; every `write_…` writes exactly what the verdicts say, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.records import TrailedModel
from core.organization.models import Area, WorkCenter
from core.trail.services.sets import Stage, literal
from traceability.models import (
    BillOfMaterial,
    BillOfMaterialLine,
    Material,
    MaterialRevision,
    StorageLocation,
    UnitOfMeasure,
)

ORIGIN = {"origin": "%(origin)s", "external_id": "coalesce(s.external_id, '')"}


def table_of(model: type[models.Model]) -> str:
    """The name of a model's table."""
    return str(model._meta.db_table)


@dataclass(frozen=True)
class Compared:
    """A value of a record that a line may change: the field's name, old and new expression, and when it differs."""

    field: str
    old: str
    new: str
    differs: str


def judge(
    stage: Stage, model: type[models.Model], match: str, compared: Sequence[Compared], *, joins: str = ""
) -> None:
    """Set key, verdict and what would change of every line; what was found wrong before is "wrong".

    `match` joins a line with its record `b`; a line without one would be created.
    """
    stage.mark_wrong()
    told = ", ".join(f"({literal(one.field)}, ({one.old})::text, ({one.new})::text, {one.differs})" for one in compared)
    differs = " OR ".join(f"({one.differs})" for one in compared)
    stage.execute(
        f"UPDATE {stage.table} t SET key = f.id, changes = f.changes,"
        " verdict = CASE WHEN f.changes IS NULL THEN 'unchanged' ELSE 'changed' END"
        f" FROM (SELECT s.line, b.id, CASE WHEN {differs} THEN (SELECT jsonb_agg(jsonb_build_array(v.f, v.o, v.n))"
        f" FROM (VALUES {told}) v (f, o, n, d) WHERE v.d) END AS changes FROM {stage.table} s {joins}"
        f" JOIN {table_of(model)} b ON {match} WHERE s.verdict = '') f WHERE f.line = t.line"
    )
    stage.execute(f"UPDATE {stage.table} SET verdict = 'created' WHERE verdict = ''")


def find_existing(
    stage: Stage,
    model: type[models.Model],
    match: str,
    values: Mapping[str, str],
    *,
    joins: str = "",
    shown: Mapping[str, tuple[str, str, str]] | None = None,
) -> None:
    """`judge` by the columns that an import sets. `shown` says for a column that is no word by itself what a person
    reads instead: field, old and new expression."""
    compared = [
        Compared(
            *(shown or {}).get(column, (column, f'b."{column}"', expression)),
            f'b."{column}" IS DISTINCT FROM ({expression})',
        )
        for column, expression in values.items()
    ]
    judge(stage, model, match, compared, joins=joins)


def upsert(
    stage: Stage, model: type[TrailedModel], new: Mapping[str, str], changed: Mapping[str, str], *, joins: str = ""
) -> None:
    """Insert the created lines and update the changed ones."""
    stage.insert(model, new, joins=joins, where="s.verdict = 'created'")
    if changed:
        stage.update(model, changed, joins=joins, where="s.verdict = 'changed'")


def _unknown_unit(stage: Stage) -> None:
    stage.error(
        "uom",
        _("the unit “{value}” is unknown; import or create it first"),
        "u.id IS NULL",
        joins=f"LEFT JOIN {table_of(UnitOfMeasure)} u ON u.code = s.uom",
    )


def resolve(stage: Stage, column: str, model: type[models.Model], by: str, *, site: bool, message: str) -> None:
    """Replace a reference by the id of its record; our own number wins over the origin's key.

    Each row looks its record up by an index. A join would leave the choice to statistics, which do not know yet what
    was imported a minute ago: thousands of rows were then compared with thousands.
    """
    scope = "AND m.site_id = %(site)s" if site else ""
    stage.execute(f'ALTER TABLE {stage.table} ADD COLUMN IF NOT EXISTS "{column}_id" bigint')
    for condition in (f'm."{by}" = s."{column}"', f'm.external_id = s."{column}" AND m.origin = %(origin)s'):
        stage.execute(
            f'UPDATE {stage.table} s SET "{column}_id" = (SELECT m.id FROM {table_of(model)} m'
            f' WHERE {condition} {scope} LIMIT 1) WHERE s."{column}_id" IS NULL'
        )
    stage.error(column, message, f's."{column}_id" IS NULL')


# --- Units of measure ------------------------------------------------------------------------------------------------

COUNTED = ("EA", "EACH", "PC", "PCS", "PCE", "PIECE", "ST", "STK", "C62", "H87", "NAR", "UN", "UNIT")
"""Codes by which systems call single pieces (UN/ECE recommendation 20 among them): units new here count whole ones."""

UNIT_VALUES = {"name": "s.name", "pint_unit": "coalesce(s.pint_unit, b.pint_unit)", **ORIGIN}


def check_units(stage: Stage) -> None:
    """Codes are unique."""
    stage.duplicate(["code"], _("“{value}” stands on line {line} already"))
    find_existing(stage, UnitOfMeasure, "b.code = s.code", UNIT_VALUES)


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
UNIT_SHOWN = {
    "uom_id": ("uom", f"SELECT o.code FROM {UnitOfMeasure._meta.db_table} o WHERE o.id = b.uom_id", "s.uom"),
}
NEW_GTIN = "lpad(s.gtin, 14, '0')"
WRONG_GTIN = (
    "CASE WHEN s.gtin ~ '^([0-9]{8}|[0-9]{12,14})$' THEN (SELECT sum(substr(lpad(s.gtin, 14, '0'), i, 1)::int"
    " * (1 + 2 * (i %% 2))) FROM generate_series(1, 14) i) %% 10 <> 0 ELSE s.gtin IS NOT NULL END"
)
"""The check digit of GS1 General Specifications 7.9.1, for all lines at once; core.kernel.gs1 has it for one."""
MATERIAL_VALUES = {
    "name": "s.name",
    "kind": "s.kind",
    "uom_id": "u.id",
    "tracking": "s.tracking",
    "shelf_life_days": "s.shelf_life_days::int",
    "shelf_life_rule": "coalesce(s.shelf_life_rule, b.shelf_life_rule)",
    "retest_days": "coalesce(s.retest_days::int, b.retest_days)",
    "open_life_days": "coalesce(s.open_life_days::int, b.open_life_days)",
    "gtin": f"coalesce({NEW_GTIN}, b.gtin)",
    **ORIGIN,
}
"""What a file does not say of a material that is there stays as it is."""
NEW_MATERIAL = {
    "number": "s.number",
    **MATERIAL_VALUES,
    "shelf_life_rule": "coalesce(s.shelf_life_rule, 'fixed')",
    "retest_days": "s.retest_days::int",
    "open_life_days": "s.open_life_days::int",
    "gtin": f"coalesce({NEW_GTIN}, '')",
}
MOST_DAYS = 36_500


def check_materials(stage: Stage) -> None:
    """Numbers, origin keys and GTINs are unique, units exist."""
    stage.duplicate(["number"], _("“{value}” stands on line {line} already"))
    stage.error(
        "external_id",
        _("“{value}” stands in more than one line"),
        f"s.external_id IN (SELECT external_id FROM {stage.table} GROUP BY 1 HAVING count(*) > 1)",
    )
    _unknown_unit(stage)
    for column in ("retest_days", "open_life_days"):
        wrong = f"s.{column}::numeric < 1 OR s.{column}::numeric > {MOST_DAYS}"
        stage.error(column, _("“{value}” is no number of days"), wrong)
    stage.error("gtin", _("“{value}” is no GTIN: its length or its check digit is wrong"), WRONG_GTIN)
    stage.error(
        "gtin",
        _("“{value}” is the GTIN of another material"),
        # Lines without one are not looked up, and the others by the index, which has the materials with one only.
        f"s.gtin IS NOT NULL AND ({NEW_GTIN} IN (SELECT lpad(gtin, 14, '0') FROM {stage.table} GROUP BY 1"
        f" HAVING count(*) > 1) OR EXISTS (SELECT FROM {table_of(Material)} m"
        f" WHERE m.gtin > '' AND m.gtin = {NEW_GTIN} AND m.number <> s.number))",
    )
    find_existing(stage, Material, "b.number = s.number", MATERIAL_VALUES, joins=UNIT_JOIN, shown=UNIT_SHOWN)


def write_materials(stage: Stage) -> None:
    """Materials, and for each new one its first revision, born effective: the origin owns its releases."""
    upsert(stage, Material, NEW_MATERIAL, MATERIAL_VALUES, joins=UNIT_JOIN)
    stage.insert(
        MaterialRevision,
        {"material_id": "m.id", "revision": "s.revision", "status": "'effective'", **ORIGIN},
        joins=f"JOIN {table_of(Material)} m ON m.number = s.number",
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
    resolve(stage, "assembly", Material, "number", site=False, message=unknown)
    resolve(stage, "component", Material, "number", site=False, message=unknown)
    _unknown_unit(stage)
    stage.error("quantity", _("“{value}” is not more than zero"), "s.quantity::numeric <= 0")
    stage.error(
        "valid_to", _("“{value}” lies before the first day of validity"), "s.valid_to::date < s.valid_from::date"
    )
    stage.error("component", _("“{value}” cannot be a component of itself"), "s.component_id = s.assembly_id")
    stage.duplicate(["assembly", "component", "valid_from"], _("“{value}” stands on line {line} already"))
    if not stage.has_errors():
        _report_loops(stage)
    shown = {**UNIT_SHOWN, "quantity": ("quantity", "trim_scale(b.quantity)", "trim_scale(s.quantity::numeric)")}
    find_existing(stage, BillOfMaterialLine, LINE_MATCH, BOM_VALUES, joins=UNIT_JOIN, shown=shown)


def _report_loops(stage: Stage) -> None:
    stage.execute(
        f"INSERT INTO {stage.errors} (line, field, message)"
        f" WITH RECURSIVE edge AS (SELECT assembly_id AS a, component_id AS c FROM {stage.table}"
        f"   UNION SELECT h.material_id, l.component_id FROM {table_of(BillOfMaterialLine)} l"
        f"   JOIN {table_of(BillOfMaterial)} h ON h.id = l.bom_id AND h.is_active),"
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
            f"{table_of(Material)} a WHERE a.id IN (SELECT assembly_id FROM {stage.table} WHERE verdict = 'created')"
            f" AND NOT EXISTS (SELECT FROM {table_of(BillOfMaterial)} h WHERE h.material_id = a.id AND h.is_active)"
        ),
    )
    bill = f"JOIN {table_of(BillOfMaterial)} h ON h.material_id = s.assembly_id AND h.is_active {UNIT_JOIN}"
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
    find_existing(stage, StorageLocation, "b.code = s.code AND b.site_id = %(site)s", LOCATION_VALUES)


def write_locations(stage: Stage) -> None:
    upsert(stage, StorageLocation, {"site_id": "%(site)s", "code": "s.code", **LOCATION_VALUES}, LOCATION_VALUES)


def check_work_centers(stage: Stage) -> None:
    """Codes are unique; areas are made when the site has none of that code."""
    stage.duplicate(["code"], _("“{value}” stands on line {line} already"))
    area = f"(SELECT id FROM {table_of(Area)} WHERE site_id = %(site)s AND code = s.area)"
    find_existing(stage, WorkCenter, f"b.code = s.code AND b.area_id = {area}", CENTER_VALUES)


def write_work_centers(stage: Stage) -> None:
    stage.insert_from(
        Area,
        {"site_id": "%(site)s", "code": "s.area", "name": "s.area"},
        source=(
            f"(SELECT DISTINCT area FROM {stage.table}) s WHERE NOT EXISTS (SELECT FROM {table_of(Area)} a"
            " WHERE a.site_id = %(site)s AND a.code = s.area)"
        ),
    )
    upsert(
        stage,
        WorkCenter,
        {"area_id": "a.id", "code": "s.code", **CENTER_VALUES},
        CENTER_VALUES,
        joins=f"JOIN {table_of(Area)} a ON a.site_id = %(site)s AND a.code = s.area",
    )
