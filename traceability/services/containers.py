"""Containers: packed, unpacked, put into each other, moved with all that is in them.

Lock order: containers by id, then lots by id, then units by id.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.services import require
from traceability.models import (
    Container,
    ContainerEntry,
    Lot,
    SerializedUnit,
    StockMovement,
    StorageLocation,
)
from traceability.queries import (
    Packed,
    apart_blockers,
    around,
    depth_with,
    goods_in,
    hold_blockers,
    in_container,
    nesting_blockers,
    packed_in,
    place_of,
    plain,
    quantity_blockers,
    states,
    tree_of,
)
from traceability.services.enforcement_packing import DEEPEST
from traceability.services.movements import (
    RIGHTS,
    Kind,
    lock,
    lock_units,
    place_blockers,
    refuse,
    require_place,
    require_quantity,
    source_ref,
)

CHANGE = "traceability.change_container"


def lock_tree(container: Container) -> dict[int, Container]:
    """Lock a container and all that is in it, in the order of their ids, and read them anew."""
    ids: set[int] = set()
    while (found := tree_of(container)) != ids:
        ids = found
        rows = Container.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
        locked = {one.pk: one for one in rows.select_related("site", "location")}
    return locked


def _locked(container: Container) -> Container:
    rows = Container.objects.select_for_update(of=("self",), no_key=True).select_related("site", "location")
    return rows.get(pk=container.pk)


def _require_open(container: Container) -> None:
    """Refuse to pack in what is closed, shipped or out of use, or stands in such a one."""
    for one in around(container):
        if one.status != "open":
            raise refuse(
                "container_status",
                _("Container %(container)s is “%(state)s”.") % {"container": one, "state": one.get_status_display()},
                _("Open it again first.") if one.status == "closed" else _("Take another container."),
                one,
            )


def _entry_before(client_id: uuid.UUID | None, container: Container) -> ContainerEntry | None:
    found = None if client_id is None else ContainerEntry.objects.filter(client_id=client_id).first()
    if found is not None and found.container_id != container.pk:
        raise refuse("client_id", _("This request was already used for another booking."), _("Reload the page."))
    return found


@service
def pack(
    *,
    container: Container,
    lot: Lot,
    quantity: Decimal,
    actor: Any,
    unit: SerializedUnit | None = None,
    reason: str = "",
    client_id: uuid.UUID | None = None,
) -> ContainerEntry:
    """Put a quantity of a lot (in the material's unit), or one unit, into an open container where both are.

    A repeated `client_id` gives back the entry it made. Raises `Blocked` for a container that is not open, for what
    does not lie loose where the container stands, and for held goods, unless that place is a quarantine.
    """
    require(actor, CHANGE, container)
    container = _locked(container)
    before = _entry_before(client_id, container)
    if before is not None:
        return before
    lot = lock([lot])[lot.pk]
    if unit is not None:
        unit = lock_units([unit])[unit.pk]
    _require_open(container)
    require_quantity(quantity, lot, unit)
    if unit is None and lot.material.tracking == "serial":
        raise refuse(
            "unit_missing",
            _("%(material)s is tracked by serial number.") % {"material": lot.material},
            _("Scan the serial number of the piece."),
            lot,
        )
    place = place_of(container)
    state = states([(lot.pk, None if unit is None else unit.pk)])[0]
    if unit is not None and state.container is None and not _lies_in(unit, place):
        blockers = [_elsewhere(unit, place)]
    else:
        blockers = list(place_blockers(state, lot, quantity, place))
    if place.kind != StorageLocation.Kind.QUARANTINE:
        blockers += [*hold_blockers(state, lot, inherited=False), *quantity_blockers(state, lot, quantity)]
    if blockers:
        raise Blocked(blockers)
    return ContainerEntry.objects.create(
        container=container,
        kind=ContainerEntry.Kind.PUT_IN,
        lot=lot,
        unit=unit,
        quantity=quantity,
        location=place,
        reason=reason,
        client_id=client_id,
    )


def _lies_in(unit: SerializedUnit, place: StorageLocation) -> bool:
    """Whether a unit lies in a place, by its last movement."""
    last = StockMovement.objects.filter(unit=unit).order_by("-pk").values_list("to_location", flat=True).first()
    return last == place.pk


def _elsewhere(unit: SerializedUnit, place: StorageLocation) -> Blocker:
    return Blocker(
        "place",
        _("Unit %(unit)s does not lie in %(place)s, where the container stands.") % {"unit": unit, "place": place},
        record=unit,
        remedy=_("Move one of them first."),
        remedy_url=unit.get_absolute_url(),
    )


@service
def unpack(
    *,
    container: Container,
    lot: Lot,
    quantity: Decimal,
    actor: Any,
    unit: SerializedUnit | None = None,
    reason: str = "",
    client_id: uuid.UUID | None = None,
) -> ContainerEntry:
    """Take a quantity of a lot, or one unit, out of an open container; it lies loose where the container stands.

    A repeated `client_id` gives back the entry it made. Raises `Blocked` for more than is directly in it.
    """
    require(actor, CHANGE, container)
    container = _locked(container)
    before = _entry_before(client_id, container)
    if before is not None:
        return before
    lot = lock([lot])[lot.pk]
    _require_open(container)
    require_quantity(quantity, lot, unit)
    there = in_container(container, lot, unit)
    if quantity > there:
        raise refuse(
            "not_in_container",
            _("%(there)s %(uom)s of %(goods)s are in container %(container)s.")
            % {"there": plain(there), "uom": lot.material.uom.symbol, "goods": unit or lot, "container": container},
            _("Take out at most that much; what is in a container inside is taken out of that one."),
            container,
        )
    return ContainerEntry.objects.create(
        container=container,
        kind=ContainerEntry.Kind.TAKE_OUT,
        lot=lot,
        unit=unit,
        quantity=quantity,
        location=place_of(container),
        reason=reason,
        client_id=client_id,
    )


@service
def nest_container(*, container: Container, child: Container, actor: Any, reason: str = "") -> ContainerEntry:
    """Put a container with all that is in it into another one that stands in the same place.

    Raises `Blocked` for one that is in another already, in itself, at another place, or too deep in each other.
    """
    require(actor, CHANGE, container)
    require(actor, CHANGE, child)
    for pk in sorted({container.pk, child.pk}):
        locked = _locked(Container(pk=pk))
        container = locked if pk == container.pk else container
        child = locked if pk == child.pk else child
    _require_open(container)
    blockers = list(nesting_blockers(child, container))
    if child.parent_id is not None:
        blockers.append(
            Blocker(
                "in_container",
                _("Container %(child)s is in %(parent)s already.") % {"child": child, "parent": child.parent},
                record=child,
                remedy=_("Take it out of that one first."),
                remedy_url=child.get_absolute_url(),
            )
        )
    elif child.status not in ("open", "closed"):
        blockers.append(_out_of_use(child))
    if not blockers:
        place = place_of(container)
        if child.location_id != place.pk:
            blockers.append(
                Blocker(
                    "place",
                    _("Container %(child)s stands in %(there)s, not in %(place)s.")
                    % {"child": child, "there": child.location, "place": place},
                    record=child,
                    remedy=_("Move one of them first."),
                    remedy_url=child.get_absolute_url(),
                )
            )
        elif depth_with(child, container) > DEEPEST:
            blockers.append(
                Blocker(
                    "too_deep",
                    _("At most %(most)s containers stand in each other.") % {"most": DEEPEST},
                    record=container,
                    remedy=_("Put it into an outer one."),
                )
            )
    if blockers:
        raise Blocked(blockers)
    child.location, child.parent = None, container
    child.save()
    return ContainerEntry.objects.create(
        container=container,
        kind=ContainerEntry.Kind.PUT_IN,
        child=child,
        quantity=Decimal(1),
        location=place,
        reason=reason,
    )


def _out_of_use(container: Container) -> Blocker:
    return Blocker(
        "container_status",
        _("Container %(container)s is “%(state)s”.")
        % {"container": container, "state": container.get_status_display()},
        record=container,
        remedy=_("Take another container."),
    )


@service
def unnest_container(*, child: Container, actor: Any, reason: str = "") -> ContainerEntry:
    """Take a container out of the one it is in; it stands where that one stands.

    Raises `Blocked` where it is in none, or that one is closed.
    """
    require(actor, CHANGE, child)
    parent = Container.objects.filter(children=child).first()
    for pk in sorted({child.pk, *([parent.pk] if parent is not None else [])}):
        locked = _locked(Container(pk=pk))
        child = locked if pk == child.pk else child
        parent = locked if parent is not None and pk == parent.pk else parent
    if parent is None or child.parent_id != parent.pk:
        raise refuse(
            "not_in_container",
            _("Container %(child)s is in no other.") % {"child": child},
            _("Reload the page."),
            child,
        )
    _require_open(parent)
    place = place_of(parent)
    child.location, child.parent = place, None
    child.save()
    return ContainerEntry.objects.create(
        container=parent,
        kind=ContainerEntry.Kind.TAKE_OUT,
        child=child,
        quantity=Decimal(1),
        location=place,
        reason=reason,
    )


@service
def move_container(
    *, container: Container, location: StorageLocation, actor: Any, reason: str = ""
) -> list[StockMovement]:
    """Carry a container with all that is in it to another place of its site.

    Raises `Blocked` for one that is in another, for a place of another site, and for anything held in it.
    """
    require(actor, CHANGE, container)
    require(actor, RIGHTS[Kind.MOVE], container)
    container = lock_tree(container)[container.pk]
    if container.parent_id is not None:
        raise refuse(
            "in_container",
            _("Container %(child)s is in %(parent)s.") % {"child": container, "parent": container.parent},
            _("Move the outer one, or take it out first."),
            container,
        )
    if container.status not in ("open", "closed"):
        raise Blocked(_out_of_use(container))
    require_place(location, container.site)
    if container.location_id == location.pk:
        raise refuse("place", _("It stands there already."), _("Choose another storage location."), location)
    goods = goods_in(packed_in(container))
    _require_movable(goods, container.location, location)
    movements = carry(goods, container, location, source=container, note=reason)
    container.location = location
    container.save()
    return movements


def _require_movable(goods: Sequence[Packed], place: StorageLocation | None, to: StorageLocation) -> None:
    """Refuse to carry what is held, except into quarantine: a unit, a whole lot, or more of a lot than is free."""
    lock(line.lot for line in goods if line.lot is not None)
    lock_units(line.unit for line in goods if line.unit is not None)
    asked = [(line.lot, line.unit, line.quantity) for line in goods if line.lot is not None]
    found = states([(lot.pk, None if unit is None else unit.pk) for lot, unit, _quantity in asked])
    taken: dict[int, Decimal] = {}
    blockers: dict[tuple[str, Any], Blocker] = {}
    for (lot, _unit, quantity), state in zip(asked, found, strict=True):
        taken[lot.pk] = taken.get(lot.pk, Decimal(0)) + quantity
        if to.kind == StorageLocation.Kind.QUARANTINE:
            continue
        if place is not None:
            for blocker in apart_blockers(state, lot, taken[lot.pk], place):
                blockers[blocker.code, blocker.record] = blocker
        for blocker in [*hold_blockers(state, lot, inherited=False), *quantity_blockers(state, lot, taken[lot.pk])]:
            blockers[blocker.code, blocker.record] = blocker
    if blockers:
        raise Blocked(list(blockers.values()))


def carry(
    goods: Sequence[Packed], container: Container, to: StorageLocation, *, source: Any, note: str
) -> list[StockMovement]:
    """Book the movements of all that is in a container, at once."""
    named = source_ref(source)
    return StockMovement.objects.bulk_create(
        [
            StockMovement(
                kind=Kind.MOVE,
                lot=line.lot,
                unit=line.unit,
                quantity=line.quantity,
                uom=line.lot.material.uom,
                from_location_id=container.location_id,
                to_location=to,
                note=note,
                **named,
            )
            for line in goods
            if line.lot is not None
        ]
    )
