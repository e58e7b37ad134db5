"""What a signature covers, declared on each signable model and on the child rows it takes along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

MACHINERY = frozenset({"id", "row_version", "actor"})
STAMPED = "stamped_"


@dataclass(frozen=True)
class Closure:
    """The content of one record for a signature (21 CFR 11.70).

    `covers` are field names hashed by value (foreign keys by id, files by their digest), `children` are reverse
    accessors whose rows are taken along with their own closure, `ignores` names every other field and every other table
    of the same app that refers to this one, with the reason why a change there leaves the signature valid. What is in
    none of them stops the start (`unclassified`). `attachments` adds the digests of the attached files; without it,
    files that are attached later are remarks beside what was signed. `added` are fields that came in a later version:
    they are content where they say something, so that what was signed before they existed still fits.
    """

    covers: tuple[str, ...]
    children: tuple[str, ...] = ()
    ignores: Mapping[str, str] = field(default_factory=dict)
    attachments: bool = False
    added: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that is hashed by value."""
        return (*self.covers, *self.added)


def is_machinery(name: str) -> bool:
    """Whether a column is the trail's own: PostgreSQL holds it, no signature has to."""
    return name in MACHINERY or name.startswith(STAMPED)


def leads_to_parent(column: models.Field[Any, Any]) -> bool:
    """Whether the column names the row whose closure takes this one along as a child."""
    above: Any = column.related_model
    remote: Any = column.remote_field
    return remote is not None and remote.name in getattr(getattr(above, "closure", None), "children", ())


def _tables_beside(model: type[models.Model]) -> Iterator[str]:
    """Accessors of the tables of the same app that refer to the model. Upper apps answer for theirs."""
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        is_here = other._meta.app_label == model._meta.app_label
        if is_here and not hasattr(other, "instance_type") and not relation.hidden:
            yield relation.name


def unclassified(model: type[models.Model]) -> list[str]:
    """What is wrong with a model's closure, in words: columns and tables in none of its lists, and names of nothing."""
    closure: Closure = model.closure  # type: ignore[attr-defined]
    columns = {column.name: column for column in model._meta.concrete_fields}
    tables = set(_tables_beside(model))
    listed = {*closure.fields, *closure.ignores}
    found = [
        f"the column {name} is neither covered nor ignored with a reason"
        for name, column in columns.items()
        if name not in listed and not is_machinery(name) and not leads_to_parent(column)
    ]
    found += [
        f"the table behind {name} is neither a child nor ignored with a reason"
        for name in sorted(tables - {*closure.children, *closure.ignores})
    ]
    found += [f"there is no {name}" for name in sorted({*listed, *closure.children} - set(columns) - tables)]
    covered = [*closure.fields, *closure.children]
    both = set(covered) & set(closure.ignores) | {name for name in covered if covered.count(name) > 1}
    found += [f"{name} is listed twice" for name in sorted(both)]
    found += [f"{name} is ignored without a reason" for name, reason in closure.ignores.items() if not str(reason)]
    return found
