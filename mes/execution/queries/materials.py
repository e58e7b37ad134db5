"""What the operation needs, what was scanned for it, and whether that may be used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.errors import Blocker
from mes.execution.models import OrderOperation
from mes.execution.queries.context import Component, GateContext
from traceability.models import Material, SerializedUnit
from traceability.queries import LotChoice, lots_for, states, units_for, usability_in


def component_blockers(components: Sequence[Component], at: dt.datetime) -> list[Blocker]:
    """Why these lots and units may not be used now, each reason once.

    The quantities of one lot are judged together. One query reads the stock and holds of all of them.
    """
    wanted: dict[int, Decimal] = {}
    for component in components:
        wanted[component.lot.pk] = wanted.get(component.lot.pk, Decimal(0)) + component.quantity
    seen = states([(c.lot.pk, None if c.unit is None else c.unit.pk) for c in components]) if components else []
    found: dict[tuple[str, str], Blocker] = {}
    for component, state in zip(components, seen, strict=True):
        quantity = wanted[component.lot.pk]
        for blocker in usability_in(state, component.lot, quantity, at, unit=component.unit):
            found.setdefault((blocker.code, str(blocker.message)), blocker)
    return list(found.values())


@dataclass(frozen=True)
class MaterialLine:
    """One component of an operation: how much the order needs, how much was used, what may be taken next."""

    material: Material
    per_piece: Decimal
    planned: Decimal
    consumed: Decimal
    lots: Sequence[LotChoice] = ()
    units: Sequence[SerializedUnit] = ()

    @property
    def remaining(self) -> Decimal:
        return max(self.planned - self.consumed, Decimal(0))


def material_lines(order_operation: OrderOperation, *, with_choices: bool = False) -> list[MaterialLine]:
    """The components of an operation; with the usable lots (first expiring first) or units if asked."""
    context = GateContext(order_operation, None)
    materials = Material.objects.select_related("uom").in_bulk(list(context.materials))
    lines = []
    for pk, per_piece in context.materials.items():
        material = materials[pk]
        serial = material.tracking == Material.Tracking.SERIAL
        site = order_operation.order.site
        lines.append(
            MaterialLine(
                material=material,
                per_piece=per_piece,
                planned=per_piece * order_operation.order.quantity,
                consumed=context.consumed.get(pk, Decimal(0)),
                lots=lots_for(material, site) if with_choices and not serial else (),
                units=list(units_for(material, site)[:50]) if with_choices and serial else (),
            )
        )
    return sorted(lines, key=lambda line: line.material.number)
