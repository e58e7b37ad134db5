"""What a material is made of on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet

from traceability.models import BillOfMaterialLine, Material, MaterialRevision, UnitOfMeasure
from traceability.queries.units import convert


def effective_material_revision(material: Material) -> MaterialRevision | None:
    """The effective revision of a material, or None when it is not under revision control."""
    return MaterialRevision.objects.filter(material=material, status="effective").first()


def bom_lines(material: Material, on: dt.date) -> QuerySet[BillOfMaterialLine]:
    """The lines of the active bill of material that are valid on a day (`valid_to` is the last such day)."""
    return (
        BillOfMaterialLine.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            bom__material=material,
            bom__is_active=True,
            valid_from__lte=on,
        )
        .select_related("component__uom", "uom")
        .order_by("component__number", "id")
    )


@dataclass(frozen=True)
class ExplodedLine:
    """One place of a component in the structure: its depth, quantity per parent and per one piece of the top."""

    level: int
    line_id: int
    parent_id: int
    component: Material
    quantity: Decimal
    uom: UnitOfMeasure
    total: Decimal
    has_children: bool

    @property
    def dots(self) -> str:
        """The depth as it is printed before the level."""
        return "· " * (self.level - 1)


_EXPLODE = """
WITH RECURSIVE tree(line_id, parent_id, component_id, quantity, uom_id, path, sort) AS (
  SELECT l.id, b.material_id, l.component_id, l.quantity, l.uom_id, ARRAY[b.material_id], ARRAY[c.number, l.id::text]
  FROM traceability_billofmaterialline l
  JOIN traceability_billofmaterial b ON b.id = l.bom_id AND b.is_active
  JOIN traceability_material c ON c.id = l.component_id
  WHERE b.material_id = %(top)s AND l.valid_from <= %(day)s AND (l.valid_to IS NULL OR l.valid_to >= %(day)s)
  UNION ALL
  SELECT l.id, t.component_id, l.component_id, l.quantity, l.uom_id, t.path || t.component_id,
         t.sort || ARRAY[c.number, l.id::text]
  FROM tree t
  JOIN traceability_billofmaterial b ON b.material_id = t.component_id AND b.is_active
  JOIN traceability_billofmaterialline l ON l.bom_id = b.id
  JOIN traceability_material c ON c.id = l.component_id
  WHERE l.valid_from <= %(day)s AND (l.valid_to IS NULL OR l.valid_to >= %(day)s)
    AND NOT t.component_id = ANY (t.path)
)
SELECT cardinality(path), line_id, parent_id, component_id, quantity, uom_id FROM tree ORDER BY sort
"""


def explode(material: Material, on: dt.date) -> list[ExplodedLine]:
    """The whole structure of a material on a day, depth first, with quantities per piece of the top.

    Three queries at any depth. A loop in foreign data is cut where it closes. Raises `Blocked` (code `uom`) when a
    line's unit of measure does not fit the unit of its component and the component has a structure of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_EXPLODE, {"top": material.pk, "day": on})
        rows = cursor.fetchall()
    components = Material.objects.select_related("uom").in_bulk({row[3] for row in rows})
    uoms = UnitOfMeasure.objects.in_bulk({row[5] for row in rows})
    exploded: list[ExplodedLine] = []
    pieces = [Decimal(1)]
    for place, (level, line_id, parent_id, component_id, quantity, uom_id) in enumerate(rows):
        component, uom = components[component_id], uoms[uom_id]
        total = pieces[level - 1] * quantity
        has_children = place + 1 < len(rows) and rows[place + 1][0] > level
        del pieces[level:]
        pieces.append(convert(total, uom, component.uom) if has_children else total)
        exploded.append(ExplodedLine(level, line_id, parent_id, component, quantity, uom, total, has_children))
    return exploded


def where_used(material: Material, on: dt.date) -> QuerySet[BillOfMaterialLine]:
    """The lines of active bills of material that name a material on a day."""
    return (
        BillOfMaterialLine.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on), component=material, bom__is_active=True, valid_from__lte=on
        )
        .select_related("bom__material", "uom")
        .order_by("bom__material__number")
    )
