"""The plan for open orders: what becomes of each when the change is released."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.records import subject_ref
from qms.changes.models import ChangeOrder, WipDecision
from qms.changes.queries import order_lines
from qms.changes.services.drafting import refused, writable


@service
def decide_order(
    *,
    change: ChangeOrder,
    order_type: int,
    order: int,
    decision: str,
    actor: Any,
    from_sequence: int | None = None,
    reason: str,
) -> WipDecision:
    """Decide about one open order: finish on the old revision, go over at an operation, hold, or scrap.

    Raises `Blocked` for an order that the change does not affect, for a decision that is not possible, and for an
    operation from which the order has begun to work already.
    """
    found = writable(change, "plan", actor=actor)
    line = next(
        (one for one in order_lines(found) if (one.order_type, one.demand.order.pk) == (order_type, order)), None
    )
    if line is None:
        raise refused(
            "not_affected",
            _("This order is not made by anything that the change ends."),
            _("Reload the page: it may be finished."),
            found,
        )
    demand = line.demand
    if decision not in demand.choices:
        raise refused(
            "not_possible",
            _("%(order)s is “%(state)s”: “%(decision)s” is not possible.")
            % {"order": demand.order, "state": demand.state, "decision": WipDecision.Decision(decision).label},
            _("Choose another decision."),
            demand.order,
        )
    if not reason.strip():
        raise refused("reason", _("The decision needs a reason."), _("Write why."), demand.order)
    migrates = decision == WipDecision.Decision.MIGRATE
    if migrates and demand.steps:
        known = [step.sequence for step in demand.steps if not step.is_begun]
        if from_sequence not in known or any(
            step.is_begun and step.sequence >= (from_sequence or 0) for step in demand.steps
        ):
            raise refused(
                "operation",
                _("%(order)s can go over only from an operation on that has not begun.") % {"order": demand.order},
                _("Choose one of: %(operations)s.") % {"operations": ", ".join(map(str, known)) or "–"},
                demand.order,
            )
    kind = ContentType.objects.get_for_id(order_type)
    present = found.wip_decisions.select_for_update().filter(subject_type=kind, subject_id=order).first()
    chosen = present or WipDecision(change=found, **subject_ref(demand.order))
    chosen.decision, chosen.reason, chosen.decided_by = decision, reason.strip(), actor
    chosen.from_sequence = from_sequence if migrates else None
    chosen.save()
    return chosen


@service
def mark_carried_out(*, decision: WipDecision, actor: Any) -> WipDecision:
    """The floor has done within the release what was decided about an order."""
    found = WipDecision.objects.select_for_update().get(pk=decision.pk)
    found.applied_at = now()
    found.save()
    return found
