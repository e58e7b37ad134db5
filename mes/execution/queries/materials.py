"""What the operation needs, what was scanned for it, and whether that may be used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker
from core.kernel.gs1 import ElementString, Gs1Error
from core.kernel.statements import compiled
from core.organization.models import Site
from core.web.questions import Scan
from core.web.scan import label_of
from mes.execution.models import OrderOperation
from mes.execution.queries.context import Component, GateContext
from traceability.models import Lot, Material, SerializedUnit
from traceability.queries import (
    Label,
    LotChoice,
    day_at,
    label_blockers,
    labels_of,
    lots_for,
    states,
    units_for,
    usability_in,
)


def component_blockers(context: GateContext, components: Sequence[Component]) -> list[Blocker]:
    """Why these lots and units may not be used now, each reason once.

    The quantities of one lot are judged together. One query reads the stock and holds of all of them; the context
    keeps it for what is booked under the same locks.
    """
    wanted: dict[int, Decimal] = {}
    for component in components:
        wanted[component.lot.pk] = wanted.get(component.lot.pk, Decimal(0)) + component.quantity
    seen = states([component.key for component in components])
    context.stock.update(zip((component.key for component in components), seen, strict=True))
    found: dict[tuple[str, str], Blocker] = {}
    for component, state in zip(components, seen, strict=True):
        quantity = wanted[component.lot.pk]
        for blocker in usability_in(state, component.lot, quantity, context.at, unit=component.unit):
            found.setdefault((blocker.code, str(blocker.message)), blocker)
    return list(found.values())


def names_in(code: str) -> tuple[str, str]:
    """The serial number and the lot number that a code may mean: itself, or what a GS1 label says.

    A label of one unit names its lot too; then only the unit is meant.
    """
    read = _read(code)
    return _names_on(Label(read)) if isinstance(read, ElementString) else (code, code)


def _names_on(label: Label) -> tuple[str, str]:
    return label.serial, "" if label.serial else label.lot_number


def _read(code: str) -> ElementString | Blocker | None:
    """What the GS1 label that a code is says; in words what is wrong with it; None for other codes."""
    try:
        return label_of(Scan(code))
    except Gs1Error as error:
        remedy = _("Scan it again. If it stays so, have the label replaced.")
        return Blocker("label", _("This GS1 label is wrong: %(why)s") % {"why": error}, remedy=remedy)


def scanned_serial(order_operation: OrderOperation, code: str) -> str:
    """The serial number of a unit that is made: as it was typed, or that of its GS1 label.

    Raises `Blocked` where the label is wrong, has no serial number, or is of another material than the order's.
    """
    read = _read(code)
    if read is None:
        return code
    if isinstance(read, Blocker):
        raise Blocked(read)
    [label] = labels_of([read])
    material = order_operation.order.material
    if not label.is_of(material):
        said = _("The label is of GTIN %(gtin)s, but the order makes %(material)s.")
        remedy = _("Scan the label of the unit that you finish. If it is this one, have it labelled anew.")
        raise Blocked(
            Blocker("label_material", said % {"gtin": label.gtin, "material": material}, order_operation, remedy)
        )
    if not label.serial:
        remedy = _("Scan the label of the unit, not of its lot.")
        raise Blocked(Blocker("label_serial", _("The label says no serial number."), order_operation, remedy))
    return label.serial


@compiled
def _units_called(site: int, serials: list[str]) -> QuerySet[SerializedUnit]:
    rows = SerializedUnit.objects.filter(site=site, serial__in=serials, lot__isnull=False)
    return rows.select_related("material", "lot__material__uom")


@compiled
def _lots_called(site: int, numbers: list[str]) -> QuerySet[Lot]:
    rows = Lot.objects.filter(site=site, number__in=numbers)
    return rows.select_related("material__uom", "site", "revision")


Scanned = tuple[Lot, SerializedUnit | None]


def scanned_component(order_operation: OrderOperation, code: str) -> Scanned:
    """The lot or unit that a scanned code names; see `scanned_components`. Raises `Blocked` in words."""
    found = scanned_components(order_operation, [code])[code]
    if isinstance(found, Blocker):
        raise Blocked(found)
    return found


def scanned_components(order_operation: OrderOperation, codes: Sequence[str]) -> dict[str, Scanned | Blocker]:
    """The lot or unit that each code names at the operation's site; a component of the operation comes first.

    A code is a lot or serial number, or a GS1 label that says one (AI 21 before AI 10). A blocker says it where
    nothing, or more than one thing, is called so, and where a label does not fit what is called so. Three queries,
    however many codes, and a fourth for the GTINs of labels.
    """
    site = order_operation.order.site
    wanted = set(GateContext(order_operation, None).materials)
    read = {code: _read(code) for code in codes}
    on_labels = {code: one for code, one in read.items() if isinstance(one, ElementString)}
    labels = dict(zip(on_labels, labels_of(on_labels.values()), strict=True))
    names = {code: _names_on(label) for code, label in labels.items()}
    units: dict[str, list[Scanned]] = defaultdict(list)
    serials = {*codes, *(serial for serial, _number in names.values())}
    for unit in _units_called(site.pk, sorted(serials)):
        if unit.lot is not None:
            units[unit.serial].append((unit.lot, unit))
    lots: dict[str, list[Scanned]] = defaultdict(list)
    numbers = {*codes, *(number for _serial, number in names.values())}
    for lot in _lots_called(site.pk, sorted(numbers)):
        lots[lot.number].append((lot, None))
    found: dict[str, Scanned | Blocker] = {}
    for code, said in read.items():
        # A number of the house may begin like a label.
        named, label = lots.get(code, []) + units.get(code, []), None
        if not named and (label := labels.get(code)) is not None:
            serial, number = names[code]
            named = lots.get(number, []) + units.get(serial, [])
            named = [pair for pair in named if label.is_of(pair[0].material)] or named
        fitting = [pair for pair in named if pair[0].material_id in wanted] or named
        if len(fitting) == 1:
            found[code] = _against(label, fitting[0], site) or fitting[0]
        elif isinstance(said, Blocker) and not fitting:
            found[code] = said
        else:
            found[code] = _not_one(order_operation, code, several=bool(fitting))
    return found


def _against(label: Label | None, named: Scanned, site: Site) -> Blocker | None:
    """The first reason why a label does not fit what it names."""
    lot, unit = named
    return None if label is None else next(label_blockers(label, unit or lot, day_at(site)), None)


def _not_one(order_operation: OrderOperation, code: str, *, several: bool) -> Blocker:
    if several:
        return Blocker(
            "ambiguous_component",
            _("“%(code)s” is the number of more than one lot or unit here.") % {"code": code},
            record=order_operation,
            remedy=_("Ask your lead which of them it is, and have it labelled anew."),
        )
    return Blocker(
        "unknown_component",
        _("Nothing at this site is called “%(code)s”.") % {"code": code},
        record=order_operation,
        remedy=_("Scan the lot number or serial number on the component's label."),
    )


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
    """The components of an operation; with the usable lots or units, first expiring first, if asked."""
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
                units=units_for(material, site) if with_choices and serial else (),
            )
        )
    return sorted(lines, key=lambda line: line.material.number)
