"""Containments: holding a scope at once, and ending what they would catch."""

from __future__ import annotations

from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.records import subject_ref
from core.kernel.wiring import makes
from core.lifecycle.services import begin, perform
from core.organization.services import next_number, require
from traceability.models import Containment, Lot, SerializedUnit
from traceability.queries import Scope, everything_in
from traceability.services.catching import lock_goods, place_holds
from traceability.services.enforcement_containment import LOCK
from traceability.services.movements import refuse, source_ref

TRIES = 6
"""How often placing looks again when something entered the scope while it waited."""


class _Grown(Exception):
    """Something entered the scope while its members were being locked."""


@service
def place_containment(*, scope: Scope, reason: str, actor: Any, source: models.Model | None = None) -> Containment:
    """Hold everything in a scope, one hold for each lot and unit, all or none; what enters it later is held too.

    Raises `Blocked` without a reason, for a scope that names nothing, ends before it begins, chooses goods of another
    site, or when the plant books so much of it at this moment that no view of it stands still.
    """
    require(actor, "traceability.place_containment", scope.site)
    if not reason.strip():
        raise refuse("reason", _("A containment needs a reason."), _("Write what is wrong or suspected."))
    _require_scope(scope)
    containment = Containment(
        site=scope.site,
        number=next_number(scope.site, "CON"),
        kind=scope.kind,
        material=scope.material,
        supplier=scope.supplier,
        supplier_lot=scope.supplier_lot.strip(),
        since=scope.since,
        until=scope.until,
        with_descendants=scope.with_descendants,
        reason=reason.strip(),
        placed_by=actor,
        placed_at=now(),
        **({} if scope.record is None else subject_ref(scope.record, "scope")),
        **source_ref(source),
    )
    begin(containment, actor=actor, reason=reason)
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                _hold_all(containment, scope, actor)
            return containment
        except _Grown:
            continue
    raise refuse(
        "moving",
        _("So much of it is being booked right now that nobody can say what it contains."),
        _("Try again in a moment, or stop the work on it first."),
    )


def _hold_all(containment: Containment, scope: Scope, actor: Any) -> None:
    """Hold what is in the scope. Rows first, then the lock of all commits: the order in which everybody takes them.

    Raises `_Grown`, and with the savepoint gives back all locks, where more is in the scope than was locked.
    """
    goods = everything_in(scope, is_last=True)
    lots, units = lock_goods(goods)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if everything_in(scope) - goods:
        raise _Grown
    place_holds(containment, lots, units, actor)


def _require_scope(scope: Scope) -> None:
    kinds = Containment.Kind
    if scope.kind == kinds.CHOSEN and not (scope.lots or scope.units):
        raise refuse("nothing_chosen", _("No lot or unit is chosen."), _("Name at least one."))
    if scope.kind == kinds.MATERIAL and scope.material is None:
        raise refuse("material", _("No material is named."), _("Enter the number of the material."))
    if scope.kind == kinds.SUPPLIER and not scope.supplier_lot.strip():
        raise refuse(
            "supplier_lot", _("The supplier's lot number is missing."), _("Read it from the letter of the supplier.")
        )
    if scope.kind in Containment.UPPER and scope.record is None:
        raise refuse("record", _("No record is named."), _("Enter the number of the order, equipment or revision."))
    if scope.since is not None and scope.until is not None and scope.until < scope.since:
        raise refuse("window", _("The time ends before it begins."), _("Correct the times."))
    goods: list[Lot | SerializedUnit] = [*scope.lots, *scope.units]
    strangers = [one for one in goods if one.site_id != scope.site.pk]
    if strangers:
        raise refuse(
            "site",
            _("%(goods)s is at another site.") % {"goods": strangers[0]},
            _("Contain it there."),
            strangers[0],
        )


@makes("traceability.Containment", "end")
@service
def end_containment(*, containment: Containment, actor: Any, reason: str, signature: Any) -> Containment:
    """Catch nothing more, signed ("closed"), with a reason. Its holds stay until each of them is released."""
    return perform(containment, "end", actor=actor, reason=reason, signature=signature)
