"""Which other lots may have the same defect, by what they are made of and what was made of them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from qms.nonconformance.models import AffectedItem, NonConformance, OtherLot
from traceability.models import GenealogyLink, Lot, SerializedUnit
from traceability.queries import reached

Relation = OtherLot.Relation


def _lots_among(lots: set[int], units: set[int]) -> set[int]:
    return lots | set(SerializedUnit.objects.filter(pk__in=units, lot__isnull=False).values_list("lot", flat=True))


def _siblings(lots: set[int], units: set[int]) -> set[int]:
    """The lots into which something went that also went directly into an affected one."""
    valid = GenealogyLink.objects.filter(reverses__isnull=True, reversed_by__isnull=True)
    parents = list(
        valid.filter(Q(child_lot__in=lots) | Q(child_unit__in=units)).values_list("parent_lot", "parent_unit")
    )
    same = valid.filter(
        Q(parent_lot__in={lot for lot, _unit in parents if lot}) | Q(parent_unit__in={u for _lot, u in parents if u})
    )
    children = list(same.values_list("child_lot", "child_unit"))
    return _lots_among({lot for lot, _unit in children if lot}, {unit for _lot, unit in children if unit})


def possibly_affected(record: NonConformance) -> dict[int, str]:
    """The lots that the genealogy ties to the affected ones, with the nearest reason; the affected ones are left out.

    What went into an affected lot or unit and what was made of it, at any depth; and what shares a component with it.
    """
    items = list(AffectedItem.objects.filter(nonconformance=record).select_related("lot", "unit"))
    lots = {item.lot_id for item in items if item.lot_id is not None}
    units = {item.unit_id for item in items if item.unit_id is not None}
    found: dict[int, str] = dict.fromkeys(_siblings(lots, units), Relation.SHARES_COMPONENT)
    for item in items:
        found |= dict.fromkeys(_lots_among(*reached(item.thing, "backward")), Relation.WENT_INTO_IT)
    for item in items:
        found |= dict.fromkeys(_lots_among(*reached(item.thing, "forward")), Relation.MADE_OF_IT)
    own = _lots_among(lots, units)
    here = set(Lot.objects.filter(pk__in=found, site=record.site_id).values_list("pk", flat=True))
    return {pk: str(relation) for pk, relation in sorted(found.items()) if pk not in own and pk in here}


def other_lots(record: NonConformance) -> QuerySet[OtherLot]:
    """The lines of a record, unanswered ones first."""
    rows = OtherLot.objects.filter(nonconformance=record).select_related("lot__material", "answered_by")
    return rows.order_by("answer", "pk")
