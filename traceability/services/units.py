"""Serialized units: made, completed, built in, taken out, released, scrapped."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.statements import compiled
from core.kernel.wiring import makes
from core.lifecycle.services import begin, begin_many, perform
from core.organization.models import Site
from core.organization.services import draw_numbers, require
from traceability.models import Lot, Material, SerializedUnit
from traceability.queries import state_of
from traceability.services.catching import catch
from traceability.services.movements import refuse, scrap_stock, source_ref

BIRTH_RIGHTS = {
    "in_process": "traceability.produce_serializedunit",
    "completed": "traceability.produce_serializedunit",
    "released": "traceability.release_serializedunit",
}
PREFIX = "SN"


def _require_unit(site: Site, material: Material, lot: Lot | None, status: str, actor: Any) -> None:
    require(actor, BIRTH_RIGHTS[status], site)
    if lot is not None and (lot.material_id != material.pk or lot.site_id != site.pk):
        raise refuse(
            "unit_lot",
            _("Lot %(lot)s is of another material or site.") % {"lot": lot},
            _("Choose a lot of %(material)s.") % {"material": material},
            lot,
        )


@compiled
def _units_called(material: int, serials: list[str]) -> models.QuerySet[SerializedUnit]:
    return SerializedUnit.objects.filter(material=material, serial__in=serials).order_by("pk")[:1]


def _refuse_taken(material: Material, serials: Sequence[str]) -> None:
    taken = _units_called.first(material.pk, list(serials))
    if taken is not None or len(set(serials)) != len(serials):
        raise refuse(
            "taken",
            _("%(material)s has a unit with this serial number already.") % {"material": material},
            _("Scan or enter the serial number again."),
            taken or material,
        )


@service
def create_unit(
    *,
    site: Site,
    material: Material,
    actor: Any,
    serial: str = "",
    lot: Lot | None = None,
    status: str = "in_process",
    source: models.Model | None = None,
    under_lock: bool = False,
) -> SerializedUnit:
    """Make one unit; without a serial number it draws the next of the site. Raises `Blocked` on a taken one.

    `under_lock`: the lot comes from `lock`, in this transaction.
    """
    _require_unit(site, material, lot, status, actor)
    if serial:
        _refuse_taken(material, [serial])
    unit = SerializedUnit(
        site=site,
        material=material,
        serial=serial or f"{PREFIX}-{draw_numbers(site, PREFIX, 1):08d}",
        lot=lot,
        status=status,
        **source_ref(source),
    )
    begin(unit, actor=actor)
    catch(units=[unit], seen=lot if under_lock else None)
    return unit


def receive_units(lot: Lot, serials: Sequence[str], count: int, actor: Any) -> list[SerializedUnit]:
    """The units of a delivery, inside the deed that takes it in: by their serial numbers, or by the next of the site.

    Raises `Blocked` for another number of serial numbers than pieces, one that is there twice, and a taken one.
    """
    if serials and len(serials) != count:
        raise refuse(
            "serials",
            _("%(count)d pieces came, and %(named)d serial numbers are entered.")
            % {"count": count, "named": len(serials)},
            _("Scan each piece once, or leave the serial numbers empty to have them numbered here."),
            lot,
        )
    if serials:
        _refuse_taken(lot.material, serials)
    first = 0 if serials else draw_numbers(lot.site, PREFIX, count)
    names = list(serials) or [f"{PREFIX}-{number:08d}" for number in range(first, first + count)]
    units = [
        SerializedUnit(site=lot.site, material=lot.material, serial=name, lot=lot, status="completed") for name in names
    ]
    return begin_many(units, actor=actor)


@service
def complete_unit(*, unit: SerializedUnit, actor: Any) -> SerializedUnit:
    """The unit's last operation is done."""
    return perform(unit, "complete", actor=actor)


@makes("traceability.SerializedUnit", "release")
@service
def release_unit(*, unit: SerializedUnit, actor: Any, signature: Any, reason: str = "") -> SerializedUnit:
    """Release a unit, signed. Raises `Blocked` with every reason of every app that speaks against it."""
    return perform(unit, "release", actor=actor, reason=reason, signature=signature)


@makes("traceability.SerializedUnit", "scrap")
@service
def scrap_unit(*, unit: SerializedUnit, actor: Any, reason: str) -> SerializedUnit:
    """Scrap a unit, also out of stock. Raises `Blocked` when it is held, or without a reason."""
    if unit.lot is not None and state_of(unit.lot, unit).unit_stock > 0:
        scrap_stock(lot=unit.lot, unit=unit, quantity=Decimal(1), actor=actor, reason=reason)
        unit.refresh_from_db()
        return unit
    return perform(unit, "scrap", actor=actor, reason=reason)
