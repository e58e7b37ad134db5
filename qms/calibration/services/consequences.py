"""What each move of a calibration sets going: whom it asks, what its gauge may be used for."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed
from core.kernel.wiring import effect, publish
from core.worklist.models import Kind
from core.worklist.services import assign, cancel_for, complete_for
from qms.calibration.events import GaugeFailed
from qms.calibration.lifecycle import CLOSE, VERIFY
from qms.calibration.models import CalibrationRecord
from qms.calibration.services.certificates import enqueue_certificate
from qms.calibration.services.plans import locked_plan
from qms.documents.queries import effective_revision

MODEL = "qms_calibration.CalibrationRecord"
VERIFY_WITHIN = dt.timedelta(days=5)
ANSWER_WITHIN = dt.timedelta(days=5)


@effect(MODEL, "start", before_save=True)
def take_the_plan_as_it_is(record: CalibrationRecord, deed: Deed) -> None:
    """The interval and the revision of the procedure that it is done by."""
    plan = record.plan
    record.interval_months = plan.interval_months
    record.procedure = effective_revision(plan.procedure) if plan.procedure is not None else None


@effect(MODEL, "pass", "fail")
def ask_a_second_person(record: CalibrationRecord, deed: Deed) -> None:
    """Somebody else checks it."""
    complete_for(subject=record, kind=Kind.ACTION, actor=deed.actor)
    assign(
        subject=record,
        kind=Kind.APPROVAL,
        title=_("Verify %(calibration)s") % {"calibration": record},
        to_permission=VERIFY,
        not_to=record.performed_by,
        due_at=deed.at + VERIFY_WITHIN,
        actor=deed.actor,
    )


@effect(MODEL, "fail")
def stop_its_use(record: CalibrationRecord, deed: Deed) -> None:
    """From this moment nothing is measured with it."""
    plan = locked_plan(record.plan)
    plan.failed = record
    plan.save()
    publish(GaugeFailed(record.pk, plan.pk))


@effect(MODEL, "return")
def ask_the_performer_again(record: CalibrationRecord, deed: Deed) -> None:
    """Whoever performed it goes on; a gauge that failed stays out of use meanwhile."""
    complete_for(subject=record, kind=Kind.APPROVAL, actor=deed.actor)
    assign(
        subject=record,
        kind=Kind.ACTION,
        title=_("Rework %(calibration)s: %(reason)s") % {"calibration": record, "reason": deed.reason},
        to_user=record.performed_by,
        actor=deed.actor,
    )


@effect(MODEL, "verify")
def bring_into_force(record: CalibrationRecord, deed: Deed) -> None:
    """The gauge is good until the end of the interval."""
    complete_for(subject=record, kind=Kind.APPROVAL, actor=deed.actor)
    _into_force(record)
    enqueue_certificate(record, deed.actor)


def _into_force(record: CalibrationRecord) -> None:
    plan = locked_plan(record.plan)
    plan.in_force, plan.due_on, plan.failed = record, record.valid_until, None
    plan.save()


@effect(MODEL, "confirm")
def ask_what_it_means(record: CalibrationRecord, deed: Deed) -> None:
    """Somebody looks at everything that was measured since the last good calibration."""
    complete_for(subject=record, kind=Kind.APPROVAL, actor=deed.actor)
    assign(
        subject=record,
        kind=Kind.ACTION,
        title=_("Judge what the failure of %(gauge)s means") % {"gauge": record.plan},
        to_permission=CLOSE,
        due_at=deed.at + ANSWER_WITHIN,
        actor=deed.actor,
    )


@effect(MODEL, "close")
def use_it_again_if_it_was_adjusted(record: CalibrationRecord, deed: Deed) -> None:
    """Left in tolerance it is in force now; otherwise it stays out of use until it passes."""
    complete_for(subject=record, kind=Kind.ACTION, actor=deed.actor)
    if record.left_in_tolerance:
        _into_force(record)
    enqueue_certificate(record, deed.actor)


@effect(MODEL, "cancel")
def take_the_work_back(record: CalibrationRecord, deed: Deed) -> None:
    """Nobody is asked for it any more."""
    cancel_for(subject=record, kind=Kind.ACTION, actor=deed.actor)
