"""Lots: made, received, finished, released, rejected."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.wiring import makes
from core.lifecycle.services import begin, perform
from core.organization.models import Partner, Site
from core.organization.services import next_number, require
from traceability.models import Lot, Material, MaterialRevision, StockMovement, StorageLocation
from traceability.queries import day_at, effective_material_revision
from traceability.services.catching import catch
from traceability.services.movements import (
    RIGHTS,
    Kind,
    default_place,
    refuse,
    require_place,
    require_quantity,
    source_ref,
)
from traceability.services.shelf_life import limits_of_new

BIRTH_RIGHTS = {
    "in_production": "traceability.produce_lot",
    "quarantine": "traceability.create_lot",
    "released": "traceability.release_lot",
}


@service
def create_lot(
    *,
    site: Site,
    material: Material,
    actor: Any,
    number: str = "",
    revision: MaterialRevision | None = None,
    status: str = "quarantine",
    expires_on: dt.date | None = None,
    supplier_lot: str = "",
    reason: str = "",
    supplier: Partner | None = None,
) -> Lot:
    """Create a lot without stock. What is not given: a new number, the effective revision, expiry by shelf life.

    `supplier`: from whom it comes, where a receipt will say so.

    A lot born released (opening stock) needs the right to release. Raises `Blocked` on a taken number, on a revision of
    another material, or for a material that is no longer used.
    """
    require(actor, BIRTH_RIGHTS[status], site)
    if not material.is_active:
        raise refuse(
            "material_inactive",
            _("Material %(material)s is no longer used.") % {"material": material},
            _("Choose the material that replaces it."),
            material,
        )
    if number and Lot.objects.filter(material=material, number=number).exists():
        raise refuse(
            "taken",
            _("%(material)s has a lot %(number)s already.") % {"material": material, "number": number},
            _("Choose another number, or leave it empty."),
            material,
        )
    if revision is not None and revision.material_id != material.pk:
        raise refuse(
            "revision",
            _("Revision %(revision)s is of another material.") % {"revision": revision},
            _("Choose a revision of %(material)s.") % {"material": material},
            revision,
        )
    limits = limits_of_new(material, day_at(site), expires_on)
    if limits["expires_on"] is None and material.shelf_life_rule == "label" and status != "in_production":
        raise refuse(
            "expiry_missing",
            _("%(material)s keeps as its label says; the day until which this lot is usable is missing.")
            % {"material": material},
            _("Read it from the label or the certificate."),
            material,
        )
    lot = Lot(
        site=site,
        material=material,
        number=number or next_number(site, "LOT"),
        revision=revision or effective_material_revision(material),
        status=status,
        supplier_lot=supplier_lot,
        **limits,
    )
    begin(lot, actor=actor, reason=reason)
    if supplier_lot:  # Nothing else of a lot without stock is in a scope.
        catch(lots=[lot], supplier=supplier)
    return lot


@service
def receive_lot(
    *,
    site: Site,
    material: Material,
    quantity: Decimal,
    actor: Any,
    location: StorageLocation | None = None,
    number: str = "",
    revision: MaterialRevision | None = None,
    status: str = "quarantine",
    expires_on: dt.date | None = None,
    supplier_lot: str = "",
    source: models.Model | None = None,
    client_id: uuid.UUID | None = None,
    reason: str = "",
) -> Lot:
    """Create a lot with its first stock; without a location into the site's quarantine, or else its first store.

    Raises `Blocked` as `create_lot` does, for a quantity that is not positive, or a place of another site.
    """
    require(actor, RIGHTS[Kind.RECEIPT], site)
    before = None if client_id is None else StockMovement.objects.filter(client_id=client_id).first()
    if before is not None:
        return before.lot
    lot = create_lot(
        site=site,
        material=material,
        number=number,
        revision=revision,
        status=status,
        expires_on=expires_on,
        supplier_lot=supplier_lot,
        actor=actor,
        reason=reason,
    )
    require_quantity(quantity, lot, None)
    place = location or default_place(site, StorageLocation.Kind.QUARANTINE, StorageLocation.Kind.STOCK)
    require_place(place, site)
    StockMovement.objects.create(
        kind=Kind.RECEIPT,
        lot=lot,
        quantity=quantity,
        uom=material.uom,
        to_location=place,
        client_id=client_id,
        **source_ref(source),
    )
    catch(lots=[lot])
    return lot


@service
def finish_lot(*, lot: Lot, actor: Any, reason: str = "") -> Lot:
    """End the production of a lot: it waits in quarantine for quality."""
    return perform(lot, "finish", actor=actor, reason=reason)


@service
def void_lot(*, lot: Lot, actor: Any, reason: str) -> Lot:
    """End a lot into which nothing was made. Raises `Blocked` while anything is in it, or a hold on it is open."""
    return perform(lot, "void", actor=actor, reason=reason)


@makes("traceability.Lot", "release")
@service
def release_lot(*, lot: Lot, actor: Any, signature: Any, reason: str = "") -> Lot:
    """Release a lot, signed. Raises `Blocked` with every reason of every app that speaks against it."""
    return perform(lot, "release", actor=actor, reason=reason, signature=signature)


@makes("traceability.Lot", "reject")
@service
def reject_lot(*, lot: Lot, actor: Any, signature: Any, reason: str) -> Lot:
    """Reject a lot for good, signed, with a reason."""
    return perform(lot, "reject", actor=actor, reason=reason, signature=signature)


@makes("traceability.Lot", "withdraw")
@service
def withdraw_lot(*, lot: Lot, actor: Any, reason: str) -> Lot:
    """Take a release back: the lot may not be used until it is released again."""
    return perform(lot, "withdraw", actor=actor, reason=reason)
