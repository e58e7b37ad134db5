"""Writes of units of measure."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Floor
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.organization.services import require
from traceability.models import StockMovement, UnitOfMeasure
from traceability.queries import is_physical
from traceability.services.movements import refuse


@service
def create_uom(*, code: str, name: str, pint_unit: str = "", whole_only: bool = False, actor: Any) -> UnitOfMeasure:
    """Create a unit of measure, perhaps one that counts whole pieces.

    Raises `Blocked` when the physical unit is unknown or the code is taken.
    """
    require(actor, "traceability.change_material")
    if UnitOfMeasure.objects.filter(code=code).exists():
        raise refuse("taken", _("There is a unit of measure “%(code)s” already.") % {"code": code}, _("Use that one."))
    if pint_unit and not is_physical(pint_unit):
        raise refuse(
            "uom",
            _("“%(unit)s” is no physical unit.") % {"unit": pint_unit},
            _("Write it such as kg, mm, m² or N·m, or leave it empty."),
        )
    uom = UnitOfMeasure(code=code, name=name, pint_unit=pint_unit, whole_only=whole_only)
    uom.save()
    return uom


@service
def change_uom(*, uom: UnitOfMeasure, name: str, whole_only: bool, actor: Any, reason: str) -> UnitOfMeasure:
    """Change the name of a unit of measure, or whether it counts whole pieces, with a reason.

    Raises `Blocked` when parts of a piece are in the ledger: what is left of them could never be booked again.
    """
    require(actor, "traceability.change_material")
    uom = UnitOfMeasure.objects.select_for_update().get(pk=uom.pk)
    if not reason.strip():
        raise refuse("reason", _("A change needs a reason."), _("Write why."), uom)
    if whole_only and not uom.whole_only:
        parts = StockMovement.objects.filter(uom=uom).exclude(quantity=Floor("quantity")).first()
        if parts is not None:
            raise refuse(
                "fraction",
                _("Stock is kept in parts of %(unit)s: lot %(lot)s.") % {"unit": uom, "lot": parts.lot},
                _("Make a new unit of measure that counts whole pieces, and use it from now on."),
                parts.lot,
            )
    uom.name, uom.whole_only = name, whole_only
    uom.save()
    return uom
