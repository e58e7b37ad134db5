"""Conversion between units of measure, with exact decimals."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker
from core.web.markup import number
from traceability.models import UnitOfMeasure

STEP = Decimal("0.000001")
"""The finest quantity that ledgers keep."""


@functools.cache
def registry() -> Any:
    """The physical units, calculating in decimals; built on first use, for it takes a moment."""
    return _pint().UnitRegistry(non_int_type=Decimal)


def _pint() -> Any:
    import pint  # noqa: PLC0415 - takes its time to load, and most plants convert little

    return pint


def is_physical(name: str) -> bool:
    """Whether the text names a physical unit, such as kilogram or meter**2."""
    try:
        registry().Unit(name)
    except (_pint().UndefinedUnitError, ValueError, AttributeError, TypeError):
        return False
    return bool(name.strip())


def fraction_blockers(quantity: Decimal, uom: UnitOfMeasure, record: Any = None) -> Iterator[Blocker]:
    """Why so much cannot be: the unit counts whole pieces."""
    if uom.whole_only and quantity != quantity.to_integral_value():
        yield Blocker(
            "fraction",
            _("%(quantity)s %(unit)s cannot be: %(unit)s counts whole pieces.")
            % {"quantity": number(quantity), "unit": uom},
            record=record,
            remedy=_("Enter a quantity without decimals."),
        )


def require_whole(quantity: Decimal, uom: UnitOfMeasure, record: Any = None) -> None:
    """Refuse a part of a piece. Raises `Blocked` (code `fraction`)."""
    blockers = list(fraction_blockers(quantity, uom, record))
    if blockers:
        raise Blocked(blockers)


def convert(quantity: Decimal, source: UnitOfMeasure, target: UnitOfMeasure) -> Decimal:
    """The quantity in another unit of measure, rounded half even to six decimals.

    Raises `Blocked` (code `uom`) when the two units do not measure the same thing.
    """
    if source.pk == target.pk:
        return quantity
    if source.pint_unit and target.pint_unit:
        try:
            converted = registry().Quantity(quantity, source.pint_unit).to(target.pint_unit).magnitude
        except (_pint().DimensionalityError, _pint().UndefinedUnitError, _pint().OffsetUnitCalculusError):
            converted = None
        if converted is not None:
            return Decimal(converted).quantize(STEP, rounding=ROUND_HALF_EVEN)
    raise Blocked(
        Blocker(
            "uom",
            _("%(source)s cannot be converted into %(target)s.") % {"source": source, "target": target},
            record=source,
            remedy=_("Enter the quantity in %(target)s.") % {"target": target},
        )
    )
