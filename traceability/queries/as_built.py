"""What a unit is made of beside what its bill of material plans, and what was taken out of it and not put back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.errors import Blocked
from traceability.models import GenealogyLink, Material, SerializedUnit, UnitOfMeasure
from traceability.queries.structure import bom_lines
from traceability.queries.transformations import BuiltIn, transformation_type
from traceability.queries.units import convert

ZERO = Decimal(0)


@dataclass(frozen=True)
class AsBuilt:
    """One material of a unit: how much of it is planned and how much is in it, both in `uom`.

    `built` is None where the units of measure of plan and entry do not convert into each other.
    """

    material: Material
    planned: Decimal
    built: Decimal | None
    uom: UnitOfMeasure

    @property
    def verdict(self) -> tuple[str, str, str]:
        """The difference as word, tone and icon."""
        if self.built is None:
            return _("cannot be compared"), "warn", "alert"
        if not self.planned:
            return _("not planned"), "warn", "alert"
        if self.built < self.planned:
            return _("less than planned"), "warn", "alert"
        if self.built > self.planned:
            return _("more than planned"), "warn", "alert"
        return _("as planned"), "good", "check"


def as_built(unit: SerializedUnit, components: Sequence[BuiltIn]) -> list[AsBuilt]:
    """The materials that are in a unit beside the bill of material that was valid when the first of them went in.

    A material that is in it in place of a planned one (a substitute) stands in a line of its own. One query.
    """
    began = min((one.since for one in components), default=now())
    day = began.astimezone(ZoneInfo(unit.site.time_zone)).date()
    return list(_compared(unit, [one for one in components if one.is_in], day))


def _compared(unit: SerializedUnit, inside: Sequence[BuiltIn], day: dt.date) -> Iterator[AsBuilt]:
    parts: dict[int, list[GenealogyLink]] = defaultdict(list)
    for one in inside:
        if one.component is not None:
            parts[one.component.material_id].append(one.link)
    planned: dict[int, Decimal] = defaultdict(Decimal)
    lines = list(bom_lines(unit.material, day))
    materials = {line.component_id: line.component for line in lines}
    uoms: dict[int, UnitOfMeasure] = {}
    for line in lines:
        uom = uoms.setdefault(line.component_id, line.uom)
        planned[line.component_id] += _in(line.quantity, line.uom, uom) or ZERO
    for key, links in parts.items():
        part = links[0].parent_unit or links[0].parent_lot
        if part is not None:
            materials.setdefault(key, part.material)
        uoms.setdefault(key, links[0].uom)
    for key, material in sorted(materials.items(), key=lambda pair: pair[1].number):
        amounts = [_in(link.quantity, link.uom, uoms[key]) for link in parts[key]]
        known = [amount for amount in amounts if amount is not None]
        yield AsBuilt(material, planned[key], sum(known, ZERO) if len(known) == len(amounts) else None, uoms[key])


def _in(quantity: Decimal, uom: UnitOfMeasure, wanted: UnitOfMeasure) -> Decimal | None:
    try:
        return convert(quantity, uom, wanted)
    except Blocked:
        return None


@dataclass(frozen=True)
class Missing:
    """So much of a material was taken out of a unit and not put back; `link` is what was taken out last."""

    material: Material
    quantity: Decimal
    uom: UnitOfMeasure
    link: GenealogyLink


def missing_in(unit: SerializedUnit) -> list[Missing]:
    """What was taken out of a unit by a replacement and not put back since, by material."""
    links = (
        GenealogyLink.objects.filter(child_unit=unit, source_type=transformation_type())
        .select_related("parent_lot__material", "parent_unit__material", "uom")
        .order_by("pk")
    )
    left: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    last: dict[tuple[int, int], tuple[Material, GenealogyLink]] = {}
    for link in links:
        part = link.parent_unit or link.parent_lot
        if part is None:
            continue
        key = part.material_id, link.uom_id
        left[key] += link.quantity if link.reverses_id is not None else -link.quantity
        if link.reverses_id is not None:
            last[key] = part.material, link
    return [
        Missing(last[key][0], quantity, last[key][1].uom, last[key][1])
        for key, quantity in left.items()
        if quantity > 0
    ]
