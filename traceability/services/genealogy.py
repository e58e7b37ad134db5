"""Recording what went into what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.lifecycle.services import perform, perform_many
from core.organization.services import require
from traceability.models import GenealogyLink, Lot, SerializedUnit, UnitOfMeasure
from traceability.queries import closes_a_loop, node_of, require_whole
from traceability.services.catching import catch_children
from traceability.services.movements import lock, lock_units, refuse, source_ref
from traceability.services.shelf_life import limit_by_components


@dataclass(frozen=True)
class LinkInput:
    """So much of a parent (a lot or a unit) goes into a child (a lot or a unit)."""

    parent: Lot | SerializedUnit
    child: Lot | SerializedUnit
    quantity: Decimal
    uom: UnitOfMeasure


def _sides(given: LinkInput) -> dict[str, Any]:
    return {
        f"{name}_{'lot' if isinstance(record, Lot) else 'unit'}": record
        for name, record in (("parent", given.parent), ("child", given.child))
    }


@service
def link(
    *,
    quantity: Decimal,
    uom: UnitOfMeasure,
    actor: Any,
    parent_lot: Lot | None = None,
    parent_unit: SerializedUnit | None = None,
    child_lot: Lot | None = None,
    child_unit: SerializedUnit | None = None,
    source: models.Model | None = None,
) -> GenealogyLink:
    """Record that a quantity of one lot or unit went into another; a parent unit becomes built in.

    Name exactly one parent and one child (`ValueError`). Raises `Blocked` when something would go into itself, at any
    depth, or a unit is on hold or built in already.
    """
    parents = [record for record in (parent_unit, parent_lot) if record is not None]
    children = [record for record in (child_unit, child_lot) if record is not None]
    if len(parents) != 1 or len(children) != 1:
        raise ValueError("a link has exactly one parent and one child")
    return link_many(links=[LinkInput(parents[0], children[0], quantity, uom)], source=source, actor=actor)[0]


@service
def link_many(
    *, links: Sequence[LinkInput], source: models.Model | None, actor: Any, under_lock: bool = False
) -> list[GenealogyLink]:
    """Record several links at once, in a number of queries that does not grow with them; see `link`.

    `under_lock`: the parents come from `lock` and `lock_units`, in this transaction.
    """
    for site in sorted({given.child.site for given in links}, key=lambda site: site.pk):
        require(actor, "traceability.issue_stock", site)
    for given in links:
        if type(given.parent) is type(given.child) and given.parent.pk == given.child.pk:
            raise refuse(
                "loop",
                _("%(record)s cannot go into itself.") % {"record": given.parent},
                _("Scan what is made, and what goes into it."),
                given.parent,
            )
        if given.quantity <= 0:
            raise refuse("quantity", _("The quantity must be more than zero."), _("Correct the quantity."))
        require_whole(given.quantity, given.uom, given.parent)
    _limit_lives(links)
    units = {given.parent.pk: given.parent for given in links if isinstance(given.parent, SerializedUnit)}
    if units:
        perform_many(list(units.values()), "consume", actor=actor)
    made = GenealogyLink.objects.bulk_create(
        [
            GenealogyLink(
                site_id=given.child.site_id,
                quantity=given.quantity,
                uom=given.uom,
                **_sides(given),
                **source_ref(source),
            )
            for given in links
        ]
    )
    refuse_loops(links)
    catch_children([(given.parent, given.child) for given in links], under_lock=under_lock)
    return made


def refuse_loops(links: Sequence[LinkInput]) -> None:
    """Refuse links, written in this deed, by which something would be made of itself. One query.

    None where all of it goes into new units: these are in nothing yet, so nothing can be made of them.
    """
    nodes = {(node_of(given.parent), node_of(given.child)): given for given in links if not _is_new(given)}
    found = closes_a_loop(nodes)
    if found is not None:
        given = nodes[found[0], found[1]]
        raise refuse(
            "loop",
            _("%(parent)s cannot go into %(child)s: it is made of it.")
            % {"parent": given.parent, "child": given.child},
            _("Scan what is made, and what goes into it."),
            given.parent,
        )


def _is_new(given: LinkInput) -> bool:
    """Whether the child is a unit that was never anything but made, of goods that are used by serial number only."""
    child, parent = given.child, given.parent
    if isinstance(child, Lot) or not (child.row_version == 1 or child.status == "in_process"):
        return False
    if isinstance(parent, Lot) and parent.pk == child.lot_id:
        return False
    return SerializedUnit.material.is_cached(child) and child.material.tracking == "serial"


def _limit_lives(links: Sequence[LinkInput]) -> None:
    """What keeps no longer than its components is usable until the earliest day of those that go in now."""
    limited = [given for given in links if given.child.material.shelf_life_rule == "components"]
    of_units = {given.parent.lot_id for given in limited if isinstance(given.parent, SerializedUnit)}
    lots = Lot.objects.in_bulk(of_units - {None}) if of_units else {}
    limits: dict[int, dt.date] = {}
    for given in limited:
        parent = given.parent if isinstance(given.parent, Lot) else lots.get(given.parent.lot_id)
        child = given.child.pk if isinstance(given.child, Lot) else given.child.lot_id
        until = None if parent is None else parent.usable_until
        if until is not None and child is not None:
            limits[child] = min(until, limits.get(child, until))
    if limits:
        limit_by_components(limits)


@service
def unlink(
    *, genealogy_link: GenealogyLink, actor: Any, reason: str, source: models.Model | None = None
) -> GenealogyLink:
    """Take a link back by one that reverses it; a unit that was built in is its own again.

    The reversal names what the link named, or the `source` that took it back.

    Raises `Blocked` when it was taken back before, or without a reason where a unit is taken out.
    """
    require(actor, "traceability.issue_stock", genealogy_link.site)
    # Facts cannot be locked; whoever takes a link back locks what was made of it.
    lock([lot for lot in (genealogy_link.child_lot,) if lot is not None])
    lock_units([unit for unit in (genealogy_link.child_unit,) if unit is not None])
    if genealogy_link.reverses_id is not None or GenealogyLink.objects.filter(reverses=genealogy_link).exists():
        raise refuse("reversed", _("This link was taken back already."), _("Reload the page."), genealogy_link)
    if genealogy_link.parent_unit is not None:
        perform(genealogy_link.parent_unit, "take_out", actor=actor, reason=reason)
    return GenealogyLink.objects.create(
        site_id=genealogy_link.site_id,
        parent_lot_id=genealogy_link.parent_lot_id,
        parent_unit_id=genealogy_link.parent_unit_id,
        child_lot_id=genealogy_link.child_lot_id,
        child_unit_id=genealogy_link.child_unit_id,
        quantity=genealogy_link.quantity,
        uom_id=genealogy_link.uom_id,
        reverses=genealogy_link,
        **(source_ref(source) or _source_of(genealogy_link)),
    )


def _source_of(fact: GenealogyLink) -> dict[str, Any]:
    """Column values that name the source of a fact again."""
    return {
        "source_type_id": fact.source_type_id,
        "source_id": fact.source_id,
        "source_label": fact.source_label,
    }
