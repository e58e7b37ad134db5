"""The life of a production record follows its order and its lot; rendering it is asked for here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import begin, perform
from core.organization.services import require
from core.worklist.services import assign, cancel_for, complete_for
from mes.execution.models import ProductionOrder
from mes.production_record.lifecycle import PRINT
from mes.production_record.models import ProductionRecord, RecordException
from mes.production_record.queries import content_of

REVIEW_WITHIN = dt.timedelta(days=2)
PRINT_JOB = "mes_production_record.print"


@service
def open_record(*, order: ProductionOrder, actor: Any) -> ProductionRecord:
    """Begin the production record of a released order."""
    record = ProductionRecord(order=order, lot=order.lot, number=f"PR-{order.number}")
    return begin(record, actor=actor)


@service
def hand_over(*, record: ProductionRecord, actor: Any) -> ProductionRecord:
    """The order is complete: quality is asked to review the record."""
    perform(record, "complete", actor=actor)
    assign(
        subject=record,
        kind="review",
        title=_("Review and release %(record)s") % {"record": record},
        to_role="quality_engineer",
        site=record.order.site,
        due_at=now() + REVIEW_WITHIN,
        actor=actor,
    )
    return record


@service
def take_back(*, record: ProductionRecord, actor: Any, reason: str) -> ProductionRecord:
    """The order was opened again: the review waits."""
    perform(record, "reopen", actor=actor, reason=reason)
    cancel_for(subject=record, kind="review", actor=actor, reason=reason)
    return record


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
    return enqueue(
        PRINT_JOB,
        actor=actor,
        subject=record,
        title=_("Seal %(record)s") % {"record": record},
        unique_key=f"{PRINT_JOB} {record.pk}",
        production_record_id=record.pk,
    )


@service
def request_print(*, record: ProductionRecord, actor: Any) -> BackgroundJob:
    """Have a released record rendered and sealed; the same content is rendered once. `Blocked` before the release."""
    require(actor, PRINT, record)
    if record.status != "released":
        raise Blocked(
            Blocker(
                "not_released",
                _("%(record)s is not released yet.") % {"record": record},
                record=record,
                remedy=_("Release its lot first; the sealed PDF follows by itself."),
            )
        )
    return _enqueue_print(record, actor)
