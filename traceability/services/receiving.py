"""Goods that arrive from suppliers: a lot in quarantine, its receipt, what the purchase order still expects."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.files.services import attach
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Partner, Site
from core.organization.services import require
from traceability.models import (
    Lot,
    Material,
    PurchaseOrderLine,
    Receipt,
    SerializedUnit,
    StockMovement,
    StorageLocation,
)
from traceability.queries import (
    day_at,
    effective_material_revision,
    fraction_blockers,
    material_blockers,
    partner_blockers,
    plain,
)
from traceability.services.asking import follow_stock
from traceability.services.catching import catch
from traceability.services.lots import create_lot
from traceability.services.movements import RIGHTS, Kind, lock, refuse, source_ref
from traceability.services.reversing import reverse_movement
from traceability.services.units import receive_units


@dataclass(frozen=True)
class Delivery:
    """What stands on the label and the delivery note, in the material's own unit of measure."""

    quantity: Decimal
    supplier_lot: str
    expires_on: dt.date | None = None
    certificate: BinaryIO | None = None
    over_reason: str = ""
    client_id: uuid.UUID | None = None
    serials: tuple[str, ...] = ()
    """Of material that is tracked by serial number, each piece's; empty: they are numbered here."""


@service
def receive_ordered(*, line: PurchaseOrderLine, delivery: Delivery, actor: Any) -> Receipt:
    """Take in a delivery of what a line of a purchase order expects, and count it as received there.

    What is tracked by serial number becomes units, each with a receipt of its own; the first of them is given back.

    More of the same supplier's lot with the same expiry goes into the lot that the line has already, as long as that
    still is in quarantine. A repeated `client_id` gives back what it booked before. Raises `Blocked` for a closed
    order, more than was ordered without a reason, a supplier that is not in use, a part of a piece, an expiry that is
    missing, past or beyond the shelf life, a lot number that is missing, or a site without quarantine.
    """
    site = line.order.site
    require(actor, RIGHTS[Kind.RECEIPT], site)
    lines = PurchaseOrderLine.objects.select_for_update(of=("self", "order"), no_key=True)
    locked = lines.select_related("order__site", "order__supplier", "material__uom").get(pk=line.pk)
    before = _booked_before(delivery.client_id, locked, locked.order.supplier)
    if before is not None:
        return before
    return _receive(site, locked.order.supplier, locked.material, delivery, actor, locked)


@service
def receive_unordered(*, site: Site, supplier: Partner, material: Material, delivery: Delivery, actor: Any) -> Receipt:
    """Take in a delivery for which there is no purchase order, such as a sample or what a customer provides.

    Raises `Blocked` as `receive_ordered` does.
    """
    require(actor, RIGHTS[Kind.RECEIPT], site)
    locked = Partner.objects.select_for_update(no_key=True).get(pk=supplier.pk)
    before = _booked_before(delivery.client_id, None, locked)
    if before is not None:
        return before
    return _receive(site, locked, material, delivery, actor, None)


@service
def take_back_receipt(*, receipt: Receipt, reason: str, actor: Any) -> StockMovement:
    """Take a receipt back that was entered wrongly: its movement is reversed, and the order expects the goods again.

    Goods that go back to the supplier are another thing: they were here. Raises `Blocked` without a reason, when it was
    taken back before, once quality decided about the lot, and when what arrived is held, gone or elsewhere.
    """
    require(actor, RIGHTS[Kind.RECEIPT], receipt)
    if not reason.strip():
        raise refuse("reason", _("This needs a reason."), _("Write what was entered wrongly."), receipt)
    line = None
    if receipt.line_id is not None:
        rows = PurchaseOrderLine.objects.select_for_update(of=("self",), no_key=True)
        line = rows.get(pk=receipt.line_id)
    lot = lock([receipt.lot])[receipt.lot_id]
    movement = StockMovement.objects.select_related("lot", "unit", "to_location").get(pk=receipt.movement_id)
    if lot.status != "quarantine":
        raise refuse(
            "lot_status",
            _("Lot %(lot)s is “%(state)s”.") % {"lot": lot, "state": lot.get_status_display()},
            _("Only what waits in quarantine is taken back. Correct the stock of the lot by a count instead."),
            lot,
        )
    reversal = reverse_movement(movement=movement, reason=reason.strip(), actor=actor)
    if line is not None:
        line.received -= movement.quantity
        line.save()
    follow_stock([lot], actor)
    return reversal


def _booked_before(client_id: uuid.UUID | None, line: PurchaseOrderLine | None, supplier: Partner) -> Receipt | None:
    """What an earlier, identical request booked; asked under the lock of the line or the supplier."""
    if client_id is None or not StockMovement.objects.filter(client_id=client_id).exists():
        return None
    found = Receipt.objects.filter(movement__client_id=client_id, line=line, supplier=supplier).first()
    if found is None:
        raise refuse("client_id", _("This request was already used for something else."), _("Reload the page."), line)
    return found


def _receive(
    site: Site, supplier: Partner, material: Material, delivery: Delivery, actor: Any, line: PurchaseOrderLine | None
) -> Receipt:
    place = _quarantine(site)
    blockers = [
        *partner_blockers(supplier, "supplier"),
        *material_blockers(material),
        *_label_blockers(site, material, delivery),
        *(() if line is None else _order_blockers(line, delivery)),
    ]
    if place is None:
        blockers.append(
            Blocker(
                "no_quarantine",
                _("%(site)s has no storage location for quarantine.") % {"site": site},
                record=site,
                remedy=_("Ask a planner to create one."),
            )
        )
    if blockers or place is None:
        raise Blocked(blockers)
    lot = _lot_for(site, supplier, material, delivery, actor, line)
    units: list[SerializedUnit | None] = [None]
    if material.tracking == Material.Tracking.SERIAL:
        units = [*receive_units(lot, delivery.serials, int(delivery.quantity), actor)]
    over = line is not None and line.received + delivery.quantity > line.quantity
    if line is not None:
        line.received += delivery.quantity
        line.save()
    if delivery.certificate is not None:
        caption = _("Certificate of the supplier's lot %(lot)s") % {"lot": delivery.supplier_lot}
        attach(delivery.certificate, to=lot, caption=caption, actor=actor)
    receipts = []
    for number, unit in enumerate(units):
        movement = StockMovement.objects.create(
            kind=Kind.RECEIPT,
            lot=lot,
            unit=unit,
            quantity=delivery.quantity if unit is None else Decimal(1),
            uom=material.uom,
            to_location=place,
            note="" if line is not None else str(supplier),
            client_id=delivery.client_id if number == 0 else None,
            **source_ref(line),
        )
        receipts.append(
            Receipt.objects.create(
                site=site,
                supplier=supplier,
                line=line,
                lot=lot,
                movement=movement,
                over_reason=delivery.over_reason.strip() if over else "",
            )
        )
    catch(lots=[lot], units=[unit for unit in units if unit is not None])
    follow_stock([lot], actor)
    return receipts[0]


def _quarantine(site: Site) -> StorageLocation | None:
    kind = StorageLocation.Kind.QUARANTINE
    return StorageLocation.objects.filter(site=site, kind=kind, is_active=True).order_by("code").first()


def _lot_for(
    site: Site, supplier: Partner, material: Material, delivery: Delivery, actor: Any, line: PurchaseOrderLine | None
) -> Lot:
    """The lot of an earlier part of the same delivery while nobody has decided about it, else a new one."""
    same = Lot.objects.filter(
        receipts__supplier=supplier,
        receipts__line=line,
        site=site,
        material=material,
        revision=effective_material_revision(material),
        supplier_lot=delivery.supplier_lot.strip(),
        expires_on=delivery.expires_on,
        status="quarantine",
    )
    known = same.order_by("-pk").first()
    if known is not None:
        known = lock([known])[known.pk]
        if known.status == "quarantine":
            return known
    return create_lot(
        site=site,
        material=material,
        expires_on=delivery.expires_on,
        supplier_lot=delivery.supplier_lot.strip(),
        supplier=supplier,
        actor=actor,
    )


def _order_blockers(line: PurchaseOrderLine, delivery: Delivery) -> Iterator[Blocker]:
    if line.order.is_closed:
        yield Blocker(
            "order_closed",
            _("Purchase order %(order)s is closed: nothing more is expected.") % {"order": line.order},
            record=line.order,
            remedy=_("Choose another order, or ask purchasing to open it again."),
            remedy_url=line.get_absolute_url(),
        )
    elif line.received + delivery.quantity > line.quantity and not delivery.over_reason.strip():
        yield Blocker(
            "more_than_ordered",
            _("%(open)s %(uom)s of %(line)s are still expected; %(quantity)s would be more than was ordered.")
            % {
                "open": plain(line.open_quantity),
                "uom": line.material.uom,
                "line": line,
                "quantity": plain(delivery.quantity),
            },
            record=line,
            remedy=_("Count again. If it is right, say why more is taken in than was ordered."),
        )


def _label_blockers(site: Site, material: Material, delivery: Delivery) -> Iterator[Blocker]:
    if delivery.quantity <= 0:
        yield Blocker(
            "quantity",
            _("The quantity must be more than zero."),
            record=material,
            remedy=_("Correct the quantity."),
        )
    yield from fraction_blockers(delivery.quantity, material.uom, material)
    if not delivery.supplier_lot.strip():
        yield Blocker(
            "supplier_lot",
            _("The supplier's lot number is missing."),
            record=material,
            remedy=_("Read it from the label or the certificate."),
        )
    yield from _expiry_blockers(day_at(site), material, delivery.expires_on)


def _expiry_blockers(today: dt.date, material: Material, expires_on: dt.date | None) -> Iterator[Blocker]:
    """Shelf life on receipt: named where the material has one, not past, and not longer than the material keeps."""
    days = material.shelf_life_days
    if expires_on is None:
        if days is not None or material.shelf_life_rule == "label":
            keeps = _("for %(days)s days") % {"days": days} if days is not None else _("as its label says")
            yield Blocker(
                "expiry_missing",
                _("%(material)s keeps %(keeps)s; the day until which this lot is usable is missing.")
                % {"material": material, "keeps": keeps},
                record=material,
                remedy=_("Read it from the label or the certificate."),
            )
    elif expires_on < today:
        yield Blocker(
            "expired",
            _("It was usable until %(date)s.") % {"date": date_format(expires_on, "SHORT_DATE_FORMAT")},
            record=material,
            remedy=_("Do not take it in; send it back to the supplier."),
        )
    elif days is not None and expires_on > today + dt.timedelta(days=days):
        yield Blocker(
            "shelf_life",
            _("%(material)s keeps for %(days)s days; %(date)s is later than that.")
            % {"material": material, "days": days, "date": date_format(expires_on, "SHORT_DATE_FORMAT")},
            record=material,
            remedy=_("Look at the label again. If it is right, have the shelf life of the material corrected."),
        )
