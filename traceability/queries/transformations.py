"""Splits, merges and replacements: what became of what, and what a unit is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from core.lifecycle.models import Transition
from traceability.models import GenealogyLink, Hold, Lot, SerializedUnit, StockMovement, Transformation
from traceability.queries.stock import LotState
from traceability.queries.usability import expiry_blockers, plain

SHARES = ("split", "merge")
"""Kinds of movements and transformations by which one lot becomes another of the same goods."""


def transformation_type() -> ContentType:
    """How movements and links name a transformation as their source."""
    return ContentType.objects.get_for_model(Transformation)


def kin(lot: Lot) -> list[GenealogyLink]:
    """The links by which a lot was split off, merged, or split and merged further; those taken back are left out."""
    links = GenealogyLink.objects.filter(
        Q(parent_lot=lot) | Q(child_lot=lot),
        source_type=transformation_type(),
        parent_lot__isnull=False,
        child_lot__isnull=False,
        reverses__isnull=True,
        reversed_by__isnull=True,
    )
    return list(links.select_related("parent_lot", "child_lot__material__uom", "uom").order_by("pk"))


def split_from(lot: Lot) -> list[Lot]:
    """The lots from which this one was split off or merged."""
    links = GenealogyLink.objects.filter(
        child_lot=lot, source_type=transformation_type(), reverses__isnull=True, reversed_by__isnull=True
    )
    found = Lot.objects.filter(pk__in=links.values("parent_lot")).order_by("pk")
    return list(found.select_related("site", "material__uom", "revision"))


def movements_of_transformation(transformation: Transformation) -> list[StockMovement]:
    """What a split or merge took and made."""
    rows = StockMovement.objects.filter(source_id=transformation.pk, kind__in=SHARES)
    return list(rows.select_related("lot__material__uom").order_by("pk"))


def links_of_transformation(transformation: Transformation) -> list[GenealogyLink]:
    """The links that a transformation wrote."""
    rows = GenealogyLink.objects.filter(source_type=transformation_type(), source_id=transformation.pk)
    return list(rows.select_related("parent_lot", "child_lot", "uom").order_by("pk"))


def share_blockers(lot: Lot) -> Iterator[Blocker]:
    """Whether a lot may be split or merged at all."""
    if lot.material.tracking == "serial" or lot.units.exists():
        yield Blocker(
            "serialized",
            _("Lot %(lot)s is made of units with serial numbers.") % {"lot": lot},
            record=lot,
            remedy=_("Each unit has a story of its own: hold, move or ship the units that you mean."),
        )
    if lot.status not in ("quarantine", "released"):
        yield Blocker(
            "lot_status",
            _("Lot %(lot)s is “%(state)s”; only what waits in quarantine or is released is split or merged.")
            % {"lot": lot, "state": lot.get_status_display()},
            record=lot,
            remedy=_("Finish its production first.")
            if lot.status == "in_production"
            else _("Its decision stands for all of it."),
        )


def part_blockers(state: LotState, lot: Lot, quantity: Decimal, held: bool | None) -> Iterator[Blocker]:
    """Whether so much can be split off, as the free part or as the held part of a lot that is held in part."""
    if quantity >= state.on_hand:
        text = (
            _("All of lot %(lot)s is %(there)s %(uom)s: nothing would be left.")
            if quantity == state.on_hand
            else _("Lot %(lot)s has %(there)s %(uom)s; more cannot be split off.")
        )
        yield Blocker(
            "quantity",
            text % {"lot": lot, "there": plain(state.on_hand), "uom": lot.material.uom.symbol},
            record=lot,
            remedy=_("Split off less than there is."),
        )
        return
    if not state.held or state.all_held:
        return
    given = {
        "lot": lot,
        "held": plain(state.held),
        "free": plain(state.available),
        "uom": lot.material.uom.symbol,
    }
    if held is None:
        yield Blocker(
            "which_part",
            _("%(held)s %(uom)s of lot %(lot)s are on hold, %(free)s are free.") % given,
            record=lot,
            remedy=_("Say whether the held part or a free part is split off."),
        )
    elif held and quantity > state.held:
        yield Blocker(
            "quantity",
            _("Only %(held)s %(uom)s of lot %(lot)s are on hold.") % given,
            record=lot,
            remedy=_("Split the held part off by itself, and a free part in a second step."),
        )
    elif not held and quantity > state.available:
        yield Blocker(
            "quantity",
            _("Only %(free)s %(uom)s of lot %(lot)s are free; %(held)s are on hold.") % given,
            record=lot,
            remedy=_("Split off less, or the held part."),
        )


def merge_blockers(lots: list[Lot]) -> Iterator[Blocker]:
    """Whether these lots may become one: the same goods in the same state at the same site."""
    if len(lots) < 2:
        yield Blocker(
            "too_few",
            _("A merge needs two lots or more."),
            record=lots[0] if lots else None,
            remedy=_("Scan the lots that became one."),
        )
    for lot in lots:
        yield from share_blockers(lot)
        yield from expiry_blockers(lot)
    first = lots[0] if lots else None
    for lot in lots[1:]:
        if first is None:
            break
        for code, same, text in (
            ("site", lot.site_id == first.site_id, _("%(lot)s lies at another site than %(first)s.")),
            ("material", lot.material_id == first.material_id, _("%(lot)s is of another material than %(first)s.")),
            ("revision", lot.revision_id == first.revision_id, _("%(lot)s is of another revision than %(first)s.")),
            ("state", lot.status == first.status, _("%(lot)s is in another state than %(first)s.")),
        ):
            if not same:
                yield Blocker(
                    code,
                    text % {"lot": lot, "first": first},
                    record=lot,
                    remedy=_("Only equal goods in the same state become one lot. Leave it out."),
                )


def undo_blockers(transformation: Transformation, movements: list[StockMovement]) -> Iterator[Blocker]:
    """Whether a split or merge can be taken back: nothing else happened to what it made."""
    if transformation.kind not in SHARES or transformation.reverses_id is not None:
        yield Blocker(
            "no_undo",
            _("This is no split or merge that could be taken back."),
            remedy=_("Record what was really done."),
        )
        return
    if Transformation.objects.filter(reverses=transformation).exists():
        yield Blocker("reversed", _("This was taken back already."), remedy=_("Reload the page."))
        return
    made = {movement.lot for movement in movements if movement.from_location_id is None}
    taken = {movement.lot for movement in movements if movement.to_location_id is None}
    expected = {one: sum(m.lot_id == one.pk for m in movements) for one in made}
    for lot in sorted(made, key=lambda one: one.pk):
        happened = (
            StockMovement.objects.filter(lot=lot).count() != expected[lot]
            or GenealogyLink.objects.filter(
                Q(parent_lot=lot) | (Q(child_lot=lot) & ~Q(source_id=transformation.pk)), reversed_by__isnull=True
            ).exists()
            or Transition.objects.filter(subject_type=ContentType.objects.get_for_model(Lot), subject_id=lot.pk).count()
            > 1
            or lot.container_entries.exists()
            or lot.shipment_lines.exists()
        )
        if happened:
            yield Blocker(
                "went_on",
                _("Lot %(lot)s was used, moved or decided about since.") % {"lot": lot},
                record=lot,
                remedy=_("Merge it with the other lot instead; both stay in the genealogy."),
                remedy_url=lot.get_absolute_url(),
            )
        if Hold.objects.filter(lot=lot, status="open").exists():
            yield Blocker(
                "hold",
                _("Lot %(lot)s is on hold.") % {"lot": lot},
                record=lot,
                remedy=_("Decide about its holds first."),
                remedy_url=lot.get_absolute_url(),
            )
        for parent in sorted(taken, key=lambda one: one.pk):
            if parent.status != lot.status:
                yield Blocker(
                    "state",
                    _("Lot %(parent)s is “%(state)s” now, lot %(lot)s is “%(other)s”.")
                    % {
                        "parent": parent,
                        "state": parent.get_status_display(),
                        "lot": lot,
                        "other": lot.get_status_display(),
                    },
                    record=parent,
                    remedy=_("Leave them apart, or bring them into the same state first."),
                    remedy_url=parent.get_absolute_url(),
                )


@dataclass(frozen=True)
class BuiltIn:
    """A component of a unit: since when, and until when where it was taken out, why and by whom."""

    link: GenealogyLink
    since: dt.datetime
    until: dt.datetime | None = None
    why: str = ""
    by: Any = None

    @property
    def component(self) -> Lot | SerializedUnit | None:
        """What was built in."""
        return self.link.parent_unit or self.link.parent_lot

    @property
    def is_in(self) -> bool:
        """Whether it is still in the unit."""
        return self.until is None


def built_into(unit: SerializedUnit) -> list[BuiltIn]:
    """What a unit is made of and was made of, each lot and unit by itself, in the order in which it came in."""
    links = list(
        GenealogyLink.objects.filter(child_unit=unit)
        .select_related("parent_lot__material", "parent_unit__material", "uom", "actor")
        .order_by("pk")
    )
    ended = {link.reverses_id: link for link in links if link.reverses_id is not None}
    found = []
    for link in links:
        if link.reverses_id is not None:
            continue
        end = ended.get(link.pk)
        if end is None:
            found.append(BuiltIn(link, link.stamped_at))
        else:
            found.append(BuiltIn(link, link.stamped_at, end.stamped_at, end.source_label, end.actor))
    return found


def components_of(unit: SerializedUnit) -> QuerySet[GenealogyLink]:
    """The links of what is in a unit now."""
    links = GenealogyLink.objects.filter(child_unit=unit, reverses__isnull=True)
    taken_back = GenealogyLink.objects.filter(reverses=OuterRef("pk"))
    return (
        links.filter(~Exists(taken_back))
        .select_related("parent_lot__material__uom", "parent_unit__material__uom", "parent_unit__lot", "uom", "site")
        .order_by("pk")
    )
