"""A component was replaced in a unit after its production: what the order consumed is told anew."""

from __future__ import annotations

from typing import Any

from core.kernel.deeds import service
from mes.execution.models import Consumption
from traceability.models import GenealogyLink
from traceability.queries import convert


@service
def supersede_consumption(
    *, consumption: Consumption, reversal: GenealogyLink | None, links: dict[int, int | None], actor: Any, reason: str
) -> list[Consumption]:
    """Reverse a consumption whose component was taken out, and record what stays in the unit or took its place.

    `links`: by the link of what is in the unit now the movement that took it from stock; None where it was there
    before. Without a `reversal` it was reversed earlier, and what was missing since is put back. Stock and genealogy
    are booked already; the first entry stays readable with the reason.
    """
    found = GenealogyLink.objects.select_related(
        "parent_lot__material__uom", "parent_unit__material__uom", "parent_unit__lot", "uom"
    )
    common = {
        "order_operation_id": consumption.order_operation_id,
        "run_id": consumption.run_id,
        "into_unit_id": consumption.into_unit_id,
        "reason": reason,
    }
    drafts = []
    if reversal is not None:
        reversed_one = Consumption(
            material_id=consumption.material_id,
            lot_id=consumption.lot_id,
            unit_id=consumption.unit_id,
            quantity=consumption.quantity,
            uom=consumption.uom,
            movement_id=consumption.movement_id,
            link=reversal,
            reverses=consumption,
            **common,
        )
        drafts.append(reversed_one)
    for link in found.filter(pk__in=links).order_by("pk"):
        part = link.parent_unit or link.parent_lot
        lot = link.parent_unit.lot if link.parent_unit is not None else link.parent_lot
        if part is None or lot is None:
            continue
        drafts.append(
            Consumption(
                material=part.material,
                lot=lot,
                unit_id=link.parent_unit_id,
                quantity=convert(link.quantity, link.uom, part.material.uom),
                uom=part.material.uom.symbol,
                movement_id=links[link.pk] or consumption.movement_id,
                link=link,
                explanation=consumption.explanation,
                **common,
            )
        )
    return Consumption.objects.bulk_create(drafts)
