"""What enters the scope of an open containment is held in the same transaction.

Who writes something new (a lot, a unit, a movement that brings it, a link) asks `catch` or `catch_children` in the same
transaction; whatever did not is refused at its commit (guarantee 4, `enforcement_containment`). Placing a containment
waits for everybody whose commit has begun, and whoever commits later sees it, so nothing slips between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import says, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.lifecycle.services import begin_many
from core.organization.models import Partner
from core.organization.services import system_user
from traceability.models import Containment, Hold, Lot, SerializedUnit
from traceability.queries import Goods, catching, following, held_openly, members, open_containments, scope_of


def lock_goods(goods: Goods) -> tuple[list[Lot], list[SerializedUnit]]:
    """The lots and units themselves, locked in the order of ids, units after their lots."""
    units = SerializedUnit.objects.filter(pk__in=goods.units)
    above = {unit.lot_id for unit in units if unit.lot_id is not None} | goods.lots
    lots = Lot.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=above).order_by("pk")
    found = {lot.pk: lot for lot in lots}
    rows = SerializedUnit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=goods.units)
    locked = {unit.pk: unit for unit in rows.order_by("pk")}
    return [found[pk] for pk in sorted(goods.lots) if pk in found], [locked[pk] for pk in sorted(locked)]


def place_holds(
    containment: Containment, lots: Sequence[Lot], units: Sequence[SerializedUnit], actor: Any
) -> list[Hold]:
    at, source = now(), subject_ref(containment, "source")
    goods: list[Lot | SerializedUnit] = [*lots, *units]
    holds = [
        Hold(
            site_id=one.site_id,
            lot=one if isinstance(one, Lot) else None,
            unit=one if isinstance(one, SerializedUnit) else None,
            reason=f"{containment.number}: {containment.reason}",
            placed_by=actor,
            placed_at=at,
            **source,
        )
        for one in goods
    ]
    return begin_many(holds, actor=actor, reason=containment.reason)


ANY_CONTAINED = Exists(Containment.objects.filter(status="open"))
"""Whether any containment is open, read along by whoever locks lots or units."""


def _none_open(seen: Iterable[Lot | SerializedUnit | None]) -> bool:
    """Whether these, locked in this transaction, all say that no containment was open then.

    One that was placed since is told by PostgreSQL at the commit, or waits for the lock of the operation.
    """
    said = [getattr(one, "any_contained", None) for one in seen]
    return bool(said) and all(one is False for one in said)


def catch(
    *,
    lots: Iterable[Lot] = (),
    units: Iterable[SerializedUnit] = (),
    supplier: Partner | None = None,
    seen: Lot | None = None,
) -> list[Hold]:
    """Hold what has just come to be here and lies in the scope of an open containment; inside the deed that wrote it.

    Apps above, whose own tables say what was made with what, ask it as the last step of their deed. `supplier`: from
    whom it comes, where its receipt is not written yet. `seen`: a lot that comes from `lock` in this transaction.
    """
    if _none_open([seen]):
        return []
    containments = open_containments()
    if not containments:
        return []
    came: list[Lot | SerializedUnit] = [*lots, *units]
    goods = Goods(
        frozenset(one.pk for one in came if isinstance(one, Lot)),
        frozenset(one.pk for one in came if isinstance(one, SerializedUnit)),
    )
    sites = {one.site_id for one in came}
    placed: list[Hold] = []
    for containment in containments:
        is_other = supplier is not None and containment.supplier_id not in (None, supplier.pk)
        if containment.site_id not in sites or containment.kind == "chosen" or is_other:
            continue
        placed += _catch_for(containment, members(scope_of(containment), goods))
    return placed


def catch_children(
    links: Iterable[tuple[Lot | SerializedUnit, Lot | SerializedUnit]], *, under_lock: bool = False
) -> list[Hold]:
    """Hold what something went into (parent, child) that an open containment holds with what is made of it.

    A lot of the same material is the same goods, and held by any containment that holds the first.

    `under_lock`: the parents come from `lock` and `lock_units` in this transaction.
    """
    pairs = list(links)
    if under_lock and _none_open(parent for parent, _child in pairs):
        return []
    placed: list[Hold] = []
    for containment, held in catching(parent for parent, _child in pairs):
        children = [
            child
            for parent, child in pairs
            if (parent.pk in held.lots if isinstance(parent, Lot) else _is_held(parent, held))
            and (containment.with_descendants or _is_same(parent, child))
        ]
        placed += _catch_for(
            containment,
            Goods(
                frozenset(child.pk for child in children if isinstance(child, Lot)),
                frozenset(child.pk for child in children if isinstance(child, SerializedUnit)),
            ),
        )
    return placed


def _is_same(parent: Lot | SerializedUnit, child: Lot | SerializedUnit) -> bool:
    """Whether it is the same goods under another lot number."""
    return isinstance(parent, Lot) and isinstance(child, Lot) and parent.material_id == child.material_id


def _is_held(unit: SerializedUnit, held: Goods) -> bool:
    return unit.pk in held.units or unit.lot_id in held.lots


def _catch_for(containment: Containment, goods: Goods) -> list[Hold]:
    """Place the holds of a containment that these goods lack, by the system: nobody decided it at this moment."""
    if not goods:
        return []
    wanted = following(goods, with_descendants=containment.with_descendants)
    held = held_openly(containment)
    missing = wanted - held
    units = SerializedUnit.objects.filter(pk__in=missing.units)
    missing = Goods(missing.lots, frozenset(unit.pk for unit in units if unit.lot_id not in held.lots))
    return hold_caught(containment=containment, goods=missing, actor=system_user("containment")) if missing else []


@says("traceability_containment")
def _contained_meanwhile(number: str) -> Blocked:
    """What is said to whoever booked in the very moment in which a containment was placed."""
    containment = Containment.objects.filter(number=number).order_by("-pk").first()
    return Blocked(
        Blocker(
            "contained",
            _("Containment %(number)s was placed at this very moment, and this lies in its scope.")
            % {"number": number},
            record=containment,
            remedy=_("Nothing was booked. Do it again: it will be booked, and held."),
        )
    )


@service
def hold_caught(*, containment: Containment, goods: Goods, actor: Any) -> list[Hold]:
    """Place the holds of an open containment on what has just entered its scope."""
    lots, units = lock_goods(goods)
    return place_holds(containment, lots, units, actor)
