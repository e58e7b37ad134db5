"""Where affected goods are: listed when a nonconformance is opened, and a clock that runs until all is contained."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed
from core.kernel.records import subject_ref
from core.kernel.wiring import effect
from core.worklist.models import Assignment
from core.worklist.models import Kind as Work
from core.worklist.services import assign, complete_for
from qms.nonconformance.lifecycle import CONTAIN_WITHIN_HOURS
from qms.nonconformance.models import ContainmentCheck, NonConformance
from qms.nonconformance.queries import key_of, unanswered, whereabouts_of
from qms.nonconformance.services.asking import the_owner

RECORD = "qms_nonconformance.NonConformance"
TRIAGE = "qms_nonconformance.triage_nonconformance"


def start_the_clock(record: NonConformance) -> None:
    """Until when everything is contained: so many hours after the report as its defect code says."""
    hours = CONTAIN_WITHIN_HOURS if record.defect_code is None else record.defect_code.containment_hours
    record.contain_by = record.reported_at + timedelta(hours=hours)


@effect(RECORD, "open")
def places_are_listed(record: NonConformance, deed: Deed) -> None:
    """From the first day it is known where affected goods are, and until when each place is looked at."""
    start_the_clock(record)
    record.save()
    list_places(record, actor=deed.actor)


def list_places(record: NonConformance, *, actor: Any) -> list[ContainmentCheck]:
    """Name every place of now that is no line yet, and settle whether the record is contained.

    Call with the lock of the nonconformance. What was answered stays as it is.
    """
    known = {key_of(check) for check in ContainmentCheck.objects.filter(nonconformance=record)}
    made = []
    for one in whereabouts_of(record):
        if one.key in known:
            continue
        check = ContainmentCheck(
            nonconformance=record,
            where=one.where,
            is_made_of_it=one.is_made_of_it,
            lot_id=one.lot_id,
            unit_id=one.unit_id,
            place_id=one.place_id,
            shipment_id=one.shipment_id,
            quantity=one.quantity,
            uom_id=one.uom_id,
            **(subject_ref(one.order, "source") if one.order is not None else {}),
        )
        check.save()
        made.append(check)
    settle_containment(record, actor=actor)
    return made


def settle_containment(record: NonConformance, *, actor: Any) -> None:
    """Contained is what has no open line; a new line says that it is not any more, and somebody is asked."""
    is_open = unanswered(record).exists()
    if is_open and not _is_asked(record):
        assign(
            subject=record,
            kind=Work.ACTION,
            title=contain_title(record),
            **the_owner(record, or_right=TRIAGE),
            due_at=record.contain_by,
            actor=actor,
        )
    elif not is_open:
        complete_for(subject=record, kind=Work.ACTION, actor=actor)
    if is_open != (record.contained_at is None):
        record.contained_at = None if is_open else now()
        record.save()


def contain_title(record: NonConformance) -> str:
    """What the owner is asked for until everything is contained."""
    return _("Contain %(nonconformance)s") % {"nonconformance": record}


def _is_asked(record: NonConformance) -> bool:
    kind = ContentType.objects.get_for_model(NonConformance)
    asked = Assignment.objects.filter(subject_type=kind, subject_id=record.pk, kind=Work.ACTION, status="open")
    return asked.exists()
