"""Reports are planned, subscribed, begun by the clock and delivered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from core.jobs.services import enqueue
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import attempt
from core.organization.models import Role, Site, User
from core.organization.services import next_number, require
from core.worklist.models import Assignment
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.reporting.lifecycle import CHANGE_SCHEDULE, VIEW_RUN
from qms.reporting.models import ReportDelivery, ReportRun, ReportSchedule, ReportSubscription
from qms.reporting.queries.schedules import last_due, told_of
from qms.reporting.services.common import judged_new
from traceability.queries import day_at

RENDER_JOB, MAIL_JOB = "qms_reporting.render", "qms_reporting.mail"


@service
def create_schedule(
    *, site: Site, kind: str, every: str, day: int, hour: int, starts_on: dt.date | None = None, actor: Any,
    reason: str = "",
) -> ReportSchedule:  # fmt: skip
    """Have a report made by the clock from a day on (today where none is named). Raises `Blocked`."""
    require(actor, CHANGE_SCHEDULE, site)
    schedule = ReportSchedule(
        site=site, kind=kind, every=every, day=day, hour=hour, starts_on=starts_on or day_at(site)
    )
    judged_new(schedule, "plan", actor)
    schedule.save()
    return schedule


@service
def change_schedule(
    *, schedule: ReportSchedule, day: int, hour: int, is_active: bool, actor: Any, reason: str
) -> ReportSchedule:
    """Have it made at another time, or not any more; reports that were made stay. Raises `Blocked`."""
    require(actor, CHANGE_SCHEDULE, schedule)
    found = ReportSchedule.objects.select_for_update(of=("self",)).select_related("site").get(pk=schedule.pk)
    found.day, found.hour, found.is_active = day, hour, is_active
    attempt(found, "plan", actor=actor, reason=reason)
    found.save()
    return found


@service
def subscribe(
    *,
    schedule: ReportSchedule,
    person: User | None = None,
    role: Role | None = None,
    by_mail: bool = False,
    actor: Any,
    reason: str = "",
) -> ReportSubscription:
    """Have a person, or whoever holds a role at the site, told of each new report.

    Everybody subscribes themselves who may read it; others need the right to set schedules. Raises `Blocked`.
    """
    require(actor, VIEW_RUN if person is not None and person == actor else CHANGE_SCHEDULE, schedule)
    found = ReportSchedule.objects.select_for_update(of=("self",)).select_related("site").get(pk=schedule.pk)
    attempt(found, "subscribe", actor=actor, reason=reason, person=person, role=role)
    subscription = ReportSubscription(schedule=found, person=person, role=role, by_mail=by_mail)
    subscription.save()
    return subscription


@service
def unsubscribe(*, subscription: ReportSubscription, actor: Any, reason: str = "") -> ReportSchedule:
    """Nobody is told any more by this subscription. Its history stays."""
    is_own = subscription.person_id is not None and subscription.person_id == actor.pk
    require(actor, VIEW_RUN if is_own else CHANGE_SCHEDULE, subscription.schedule)
    schedule = subscription.schedule
    ReportSubscription.objects.select_for_update().get(pk=subscription.pk).delete()
    return schedule


@service
def begin_due_run(*, schedule: ReportSchedule, actor: Any) -> ReportRun | None:
    """Begin the report that is due, if it was not begun before; the schedule is locked meanwhile.

    The report is written in this transaction with the job that makes it: it exists exactly once, whoever runs the
    clock how often.
    """
    rows = ReportSchedule.objects.select_for_update(of=("self",)).filter(pk=schedule.pk, is_active=True)
    found = rows.select_related("site").first()
    period = last_due(found) if found is not None else None
    if found is None or period is None or found.runs.filter(begins_on=period.begins_on).exists():
        return None
    run = ReportRun(
        site=found.site,
        number=next_number(found.site, "RPT"),
        schedule=found,
        kind=found.kind,
        begins_on=period.begins_on,
        ends_on=period.ends_on,
    )
    run.save()
    enqueue(
        RENDER_JOB,
        actor=actor,
        title=_("Make report %(run)s") % {"run": run},
        subject=run,
        unique_key=f"{RENDER_JOB} {run.pk}",
        run_id=run.pk,
    )
    return run


@service
def deliver_run(*, run: ReportRun, actor: Any) -> list[ReportDelivery]:
    """Tell whoever subscribed, each once; returns the new deliveries. An older report they did not open gives way."""
    told = told_of(run.schedule)
    known = set(run.deliveries.values_list("person", flat=True))
    fresh = [(person, by_mail) for key, (person, by_mail) in sorted(told.items()) if key not in known]
    deliveries = [ReportDelivery(run=run, person=person, by_mail=by_mail) for person, by_mail in fresh]
    for one in deliveries:
        one.save()
        _tell(one, actor)
    _take_back_older(run, [one.person_id for one in deliveries], actor)
    return deliveries


def _tell(delivery: ReportDelivery, actor: Any) -> None:
    title = _("New report: %(run)s") % {"run": delivery.run}
    assign(
        subject=delivery, kind=Work.ACKNOWLEDGEMENT, title=title, to_user=delivery.person, site=delivery.run.site,
        actor=actor,
    )  # fmt: skip
    if delivery.by_mail and delivery.person.email:
        enqueue(
            MAIL_JOB,
            actor=actor,
            title=_("Mail to %(person)s: %(run)s") % {"person": delivery.person, "run": delivery.run},
            subject=delivery.run,
            unique_key=f"{MAIL_JOB} {delivery.pk}",
            delivery_id=delivery.pk,
        )


def _take_back_older(run: ReportRun, people: list[int], actor: Any) -> None:
    older = ReportDelivery.objects.filter(run__schedule=run.schedule_id, run__lt=run.pk, person__in=people)
    waiting = Assignment.objects.filter(
        subject_type=ContentType.objects.get_for_model(ReportDelivery), subject_id=models.OuterRef("pk"), status="open"
    )
    for one in older.filter(models.Exists(waiting)):
        cancel_for(subject=one, kind=Work.ACKNOWLEDGEMENT, actor=actor)


@service
def mark_read(*, run: ReportRun, actor: Any, reason: str = "") -> ReportRun:
    """Say that one has read a report. Raises `Blocked` for whoever was not told of it."""
    require(actor, VIEW_RUN, run)
    delivery = run.deliveries.select_related("run__site", "person").filter(person=actor.pk).first()
    if delivery is None:
        raise Blocked(
            Blocker(
                "not_told",
                _("%(report)s was not sent to you.") % {"report": run},
                record=run,
                remedy=_("Subscribe to its schedule: you are told of the next one."),
            )
        )
    attempt(delivery, "read", actor=actor, reason=reason)
    complete_for(subject=delivery, kind=Work.ACKNOWLEDGEMENT, actor=actor)
    return run
