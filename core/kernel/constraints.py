"""Constraints that several storeys share."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db.models import Deferrable, Q


class AtMostOne(ExclusionConstraint):
    """At most one row per value of `field` fulfils `condition`, checked by PostgreSQL at commit.

    A partial unique index would be checked at once and so refuse the moment in which the new revision is effective
    already and its predecessor not yet superseded. Raw SQL sees the refusal at COMMIT or SET CONSTRAINTS IMMEDIATE.
    """

    def __init__(self, *, name: str, field: str, condition: Q) -> None:
        super().__init__(
            name=name,
            expressions=[(field, RangeOperators.EQUAL)],
            index_type="GIST",
            condition=condition,
            deferrable=Deferrable.DEFERRED,
        )
        # Django allows GiST only; a B-tree needs no extension for equality.
        self.index_type = "BTREE"
        self.field = field

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Name, field and condition: what a migration repeats."""
        path = f"{type(self).__module__}.{type(self).__qualname__}"
        return path, (), {"name": self.name, "field": self.field, "condition": self.condition}
