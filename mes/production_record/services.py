"""The life of a production record follows its order and its lot; rendering it is asked for here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.models import Transition
from core.lifecycle.services import begin, perform
from core.organization.services import require
from core.worklist.services import assign, cancel_for, complete_for
from mes.execution.models import ProductionOrder
from mes.production_record.lifecycle import PRINT
from mes.production_record.models import ProductionRecord, RecordException
from mes.production_record.queries import content_of

REVIEW_WITHIN = dt.timedelta(days=2)
PRINT_JOB = "mes_production_record.print"
RELEASE_LOT = "traceability.release_lot"
"""The record is released with its lot, by whoever may release that."""


@service
def open_record(*, order: ProductionOrder, actor: Any) -> ProductionRecord:
    """Begin the production record of a released order."""
    record = ProductionRecord(order=order, lot=order.lot, number=f"PR-{order.number}")
    return begin(record, actor=actor)


def _ask_for_review(record: ProductionRecord, actor: Any) -> None:
    assign(
        subject=record,
        kind="review",
        title=_("Review and release %(record)s") % {"record": record},
        to_permission=RELEASE_LOT,
        site=record.order.site,
        due_at=now() + REVIEW_WITHIN,
        actor=actor,
    )


@service
def hand_over(*, record: ProductionRecord, actor: Any) -> ProductionRecord:
    """The order is complete: quality is asked to review the record."""
    perform(record, "complete", actor=actor)
    _ask_for_review(record, actor)
    return record


@service
def withdraw_record(*, record: ProductionRecord, actor: Any, reason: str) -> ProductionRecord:
    """The lot's release was withdrawn: the record waits for review again; what was sealed stays as it is."""
    perform(record, "withdraw", actor=actor, reason=reason)
    _ask_for_review(record, actor)
    return record


@service
def take_back(*, record: ProductionRecord, actor: Any, reason: str) -> ProductionRecord:
    """The order was opened again: the review waits."""
    perform(record, "reopen", actor=actor, reason=reason)
    cancel_for(subject=record, kind="review", actor=actor, reason=reason)
    return record


@service
def cancel_record(*, record: ProductionRecord, actor: Any, reason: str) -> ProductionRecord:
    """The order was cancelled: the record is kept with what was recorded until then, and is never released."""
    return perform(record, "cancel", actor=actor, reason=reason)


@service
def release_record(*, record: ProductionRecord, actor: Any, reason: str = "") -> ProductionRecord:
    """The lot was released: keep the exceptions as the reviewer saw them, and have the record rendered and sealed."""
    found = content_of(record)
    RecordException.objects.bulk_create(
        [
            RecordException(
                production_record=record,
                order_operation=one.operation,
                kind=one.kind,
                text=one.text,
                nonconformance=one.nonconformance,
            )
            for one in found.exceptions
        ]
    )
    perform(record, "release", actor=actor, reason=reason)
    complete_for(subject=record, kind="review", actor=actor)
    _enqueue_print(record, actor)
    return record


def _enqueue_print(record: ProductionRecord, actor: Any) -> BackgroundJob:
    """Each release has its own edition, made once."""
    kind = ContentType.objects.get_for_model(ProductionRecord)
    releases = Transition.objects.filter(subject_type=kind, subject_id=record.pk, move="release").count()
    return enqueue(
        PRINT_JOB,
        actor=actor,
        subject=record,
        title=_("Seal %(record)s") % {"record": record},
        unique_key=f"{PRINT_JOB} {record.pk} {releases}",
        production_record_id=record.pk,
        edition=releases,
    )


def not_released(record: ProductionRecord) -> Blocker:
    """Why a record that is not released is not printed."""
    return Blocker(
        "not_released",
        _("%(record)s is not released.") % {"record": record},
        record=record,
        remedy=_("Release its lot first; the sealed PDF follows by itself."),
    )


@service
def request_print(*, record: ProductionRecord, actor: Any) -> BackgroundJob:
    """Have a released record rendered and sealed; each release is rendered once. `Blocked` before the release."""
    require(actor, PRINT, record)
    if record.status != "released":
        raise Blocked(not_released(record))
    return _enqueue_print(record, actor)
