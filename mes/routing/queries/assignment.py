"""Which BOM lines of the material are consumed at which operation, and which are still nowhere."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mes.routing.models import OmittedMaterial, Operation, OperationMaterial, RoutingRevision
from mes.routing.queries.revisions import omitted_of, operations_of
from traceability.models import BillOfMaterialLine
from traceability.queries import bom_lines, day_at


@dataclass(frozen=True)
class LineState:
    """One BOM line: how much the BOM wants per piece, how much operations take, and whether it is left out."""

    line: BillOfMaterialLine
    assigned: Decimal
    places: tuple[OperationMaterial, ...]
    omission: OmittedMaterial | None = None

    @property
    def missing(self) -> Decimal:
        """What no operation consumes yet; negative when operations take too much."""
        return self.line.quantity - self.assigned

    @property
    def is_settled(self) -> bool:
        """Assigned to the last bit, or left out on purpose."""
        return self.omission is not None if not self.places else self.missing == 0 and self.omission is None


@dataclass(frozen=True)
class BomState:
    """Every line of the BOM as of a day, and what operations consume that the BOM no longer lists."""

    lines: tuple[LineState, ...]
    stale: tuple[OperationMaterial, ...]

    @property
    def open_lines(self) -> list[LineState]:
        """Lines with a quantity that is neither assigned nor left out on purpose."""
        return [line for line in self.lines if line.omission is None and line.missing > 0]

    @property
    def excess_lines(self) -> list[LineState]:
        """Lines of which operations take more than the BOM says, or which are used though they were left out."""
        return [line for line in self.lines if line.missing < 0 or (line.omission is not None and line.places)]

    @property
    def omitted_lines(self) -> list[LineState]:
        """Lines left out on purpose."""
        return [line for line in self.lines if line.omission is not None]


def bom_state(
    revision: RoutingRevision, on: dt.date | None = None, operations: Sequence[Operation] | None = None
) -> BomState:
    """Compare the BOM in force on a day (default: today at the site) with what the revision's operations consume."""
    taken = operations if operations is not None else operations_of(revision)
    places: dict[int, list[OperationMaterial]] = defaultdict(list)
    for operation in taken:
        for material in operation.materials.all():
            if material.bom_line_id is not None:
                places[material.bom_line_id].append(material)
    omitted = {omission.bom_line_id: omission for omission in omitted_of(revision)}
    states = []
    for line in bom_lines(revision.routing.material, on or day_at(revision.routing.site)):
        found = tuple(places.pop(line.pk, ()))
        assigned = sum((place.quantity for place in found), Decimal(0))
        states.append(LineState(line, assigned, found, omitted.get(line.pk)))
    return BomState(tuple(states), tuple(place for rest in places.values() for place in rest))


@dataclass(frozen=True)
class Content:
    """The operations of a revision and how they cover the bill of material."""

    operations: tuple[Operation, ...]
    bom: BomState


def content_of(revision: RoutingRevision) -> Content:
    """Everything that guards and pages ask of a revision, read once per instance.

    The engine reads the row again under its lock, so its guards never see what a page has read earlier.
    """
    known: Content | None = revision.__dict__.get("_content")
    if known is None:
        operations = tuple(operations_of(revision))
        known = Content(operations, bom_state(revision, operations=operations))
        revision.__dict__["_content"] = known
    return known
