"""The record follows what happens to its order and its lot."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.kernel.deeds import current
from core.kernel.wiring import subscribe
from core.lifecycle.events import TransitionPerformed
from core.organization.services import system_user
from mes.execution.models import ProductionOrder
from mes.production_record.models import ProductionRecord
from mes.production_record.services import (
    cancel_record,
    hand_over,
    open_record,
    release_record,
    take_back,
    withdraw_record,
)
from traceability.models import Lot


@subscribe(TransitionPerformed)
def record_follows_its_order(event: TransitionPerformed) -> None:
    """Opened with the order's release, handed over when it is complete, taken back or cancelled with it."""
    order = event.record
    if not isinstance(order, ProductionOrder) or order.is_sandbox or order.rework_of_id is not None:
        return
    actor = system_user("production-record")
    if event.move == "release":
        open_record(order=order, actor=actor)
        return
    record = ProductionRecord.objects.filter(order=order).first()
    if record is None:
        return
    if event.move == "complete":
        hand_over(record=record, actor=actor)
    elif event.move == "reopen" and record.status == "review":
        take_back(record=record, actor=actor, reason=_("The order was opened again."))
    elif event.move == "cancel":
        cancel_record(record=record, actor=actor, reason=_("Its order was cancelled: %(why)s") % {"why": _why()})


def _why() -> str:
    """The reason that was given for what is being done."""
    present = current()
    return present.reason if present is not None else ""


@subscribe(TransitionPerformed)
def record_follows_its_lot(event: TransitionPerformed) -> None:
    """The signature on the lot's release is the release of its record; a withdrawn release is one of both."""
    if not isinstance(event.record, Lot) or event.move not in ("release", "withdraw"):
        return
    record = ProductionRecord.objects.filter(lot=event.record).select_related("order__routing_revision").first()
    if record is None:
        return
    actor = system_user("production-record")
    if event.move == "release":
        release_record(record=record, actor=actor, reason=_("Its lot was released."))
    elif record.status == "released":
        withdraw_record(record=record, actor=actor, reason=_("The release of its lot was withdrawn."))
