"""What one revision does differently from another, in words that an approver can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.signing.lifecycle import MEANINGS
from mes.routing.models import Operation, OperationMaterial, OperationRequirement, RoutingRevision
from mes.routing.queries.revisions import omitted_of, operations_of

COMPARED = ("sequence", "name", "work_center", "document", "setup_minutes", "run_minutes", "overlap_allowed")
TITLE = ("sequence", "name")
"""Said by the heading of an operation already."""


@dataclass(frozen=True)
class Change:
    """One line of the comparison; an empty `before` means added, an empty `after` removed."""

    what: str | Promise
    before: str = ""
    after: str = ""

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


@dataclass(frozen=True)
class OperationChange:
    """An operation that was added, removed or changed, with its lines."""

    title: str
    kind: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two revisions of a routing."""

    old: RoutingRevision
    new: RoutingRevision
    operations: tuple[OperationChange, ...] = ()
    omissions: tuple[Change, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether both revisions say the same."""
        return not self.operations and not self.omissions


def difference(old: RoutingRevision, new: RoutingRevision) -> Difference:
    """Compare two revisions; operations are matched by name, then by number."""
    pairs = list(_pairs(operations_of(old), operations_of(new)))
    return Difference(
        old,
        new,
        operations=tuple(change for before, after in pairs if (change := _operation(before, after)) is not None),
        omissions=tuple(
            _listed(
                _("BOM line not used"),
                {str(o.bom_line.component): o.reason for o in omitted_of(old)},
                {str(o.bom_line.component): o.reason for o in omitted_of(new)},
            )
        ),
    )


def _pairs(old: Sequence[Operation], new: Sequence[Operation]) -> Iterator[tuple[Operation | None, Operation | None]]:
    """Old and new operation that are the same step, in the new order, removed ones last."""
    left = list(old)
    matched: dict[int, Operation] = {}
    for key in ("name", "sequence"):
        for operation in new:
            if operation.pk in matched:
                continue
            twin = next((other for other in left if getattr(other, key) == getattr(operation, key)), None)
            if twin is not None:
                matched[operation.pk] = twin
                left.remove(twin)
    for operation in new:
        yield matched.get(operation.pk), operation
    for operation in left:
        yield operation, None


def _operation(before: Operation | None, after: Operation | None) -> OperationChange | None:
    if before is None or after is None:
        changes = [*_fields(before, after), *_contents(before, after)]
        return OperationChange(str(after or before), "removed" if after is None else "added", tuple(changes))
    changes = [*_fields(before, after), *_contents(before, after)]
    return OperationChange(str(after), "changed", tuple(changes)) if changes else None


def _fields(before: Operation | None, after: Operation | None) -> Iterator[Change]:
    """Changed columns; of an operation that stands on one side only, what it says beyond the defaults."""
    blank = Operation()
    for name in COMPARED:
        old, new = getattr(before or blank, name), getattr(after or blank, name)
        if old != new and not (name in TITLE and (before is None or after is None)):
            what = Operation._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            yield Change(what, _shown(old) if before else "", _shown(new) if after else "")


def _contents(before: Operation | None, after: Operation | None) -> list[Change]:
    return [
        *_listed(_("Material"), _materials(before), _materials(after)),
        *_listed(_("Requirement"), _requirements(before), _requirements(after)),
    ]


def _materials(operation: Operation | None) -> dict[str, str]:
    rows: Iterable[OperationMaterial] = operation.materials.all() if operation else ()
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(str(row.material), []).append(f"{_shown(row.quantity)} {row.uom.symbol}")
    return {material: " + ".join(quantities) for material, quantities in found.items()}


def _requirements(operation: Operation | None) -> dict[str, str]:
    rows: Iterable[OperationRequirement] = operation.requirements.all() if operation else ()
    return {requirement_text(row): "" for row in rows}


def requirement_text(requirement: OperationRequirement) -> str:
    """A requirement in words, such as “Signature: Verified (by a second person)”."""
    what: Any = requirement.curriculum or requirement.equipment_class or MEANINGS.get(requirement.meaning, "")
    text = f"{requirement.get_kind_display()}: {what}"
    return f"{text} ({_('by a second person')})" if requirement.witness else text


def _listed(what: str | Promise, old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    for key, value in new.items():
        if key not in old:
            yield Change(what, "", f"{key} {value}".strip())
        elif old[key] != value:
            yield Change(what, f"{key} {old[key]}".strip(), f"{key} {value}".strip())
    for key, value in old.items():
        if key not in new:
            yield Change(what, f"{key} {value}".strip(), "")


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
