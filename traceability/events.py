"""What happened to goods that apps above may react to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ComponentReplaced:
    """A component was taken out of a unit, and perhaps another built in; told within that transaction.

    `stays` links what of it stays in the unit, `built_in` what took its place, taken from stock by `movement`. Without
    a `reversal` it was taken out earlier, and `built_in` is put back now.
    """

    taken_out: int
    reversal: int | None
    reason: str
    stays: int | None = None
    built_in: int | None = None
    movement: int | None = None
