"""Reports by the clock: begun once, made and sealed once, told to whoever subscribed and may read them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.urls import reverse
from pytest_django.fixtures import Settings

from core.jobs.models import BackgroundJob
from core.jobs.services import JobHandle
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import Grant
from core.organization.services import system_user
from core.printing.models import PrintedRecord
from core.worklist.models import Assignment
from qms.reporting import services
from qms.reporting.models import ReportDelivery, ReportRun, ReportSchedule
from qms.reporting.queries import last_due, print_of
from qms.reporting.tasks import begin_due, mail_delivery, render_run
from tests.qms.reporting.conftest import READER, Figures
from tests.support.people import make_user
from tests.traceability.world import make_world


def _schedule(figures: Figures, **values: Any) -> ReportSchedule:
    return services.create_schedule(
        **{
            "site": figures.site, "kind": "quality", "every": "week", "day": 1, "hour": 6,
            "starts_on": dt.date(2026, 1, 1), "actor": figures.setter, **values,
        }
    )  # fmt: skip


def _work() -> None:
    """What the workers would do now."""
    for job in BackgroundJob.objects.filter(handler=services.RENDER_JOB):
        render_run(job=JobHandle(job), **job.arguments)
    for job in BackgroundJob.objects.filter(handler=services.MAIL_JOB, status="queued"):
        mail_delivery(job=JobHandle(job), **job.arguments)
        BackgroundJob.objects.filter(pk=job.pk).update(status="done")


def _assigned(person: Any) -> Any:
    return Assignment.objects.filter(to_user=person, kind="acknowledgement")


@pytest.mark.requirement("RPT-04")
@pytest.mark.parametrize(
    ("values", "moment", "due", "begins", "ends"),
    [
        # Vienna: Monday 2026-03-02 06:00 is 05:00 UTC.
        ({}, "2026-03-02T05:00", "2026-03-02", "2026-02-23", "2026-03-01"),
        ({}, "2026-03-02T04:59", "2026-02-23", "2026-02-16", "2026-02-22"),
        ({}, "2026-03-08T23:00", "2026-03-09", "2026-02-23", "2026-03-01"),
        ({"day": 7}, "2026-03-07T12:00", "2026-03-01", "2026-02-16", "2026-02-22"),
        ({"every": "month", "day": 5}, "2026-03-05T05:00", "2026-03-05", "2026-02-01", "2026-02-28"),
        ({"every": "month", "day": 5}, "2026-01-04T12:00", None, None, None),
        ({"every": "month", "day": 28}, "2026-03-10T12:00", "2026-02-28", "2026-01-01", "2026-01-31"),
    ],
)
def test_when_a_report_is_due_and_for_which_days(
    figures: Figures, values: Any, moment: str, due: str | None, begins: str | None, ends: str | None
) -> None:
    schedule = _schedule(figures, **values)
    found = last_due(schedule, dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC))
    if due is None:
        assert found is None
        return
    assert found is not None
    if due == "2026-03-09":  # Monday 00:00 in Vienna, not yet six o'clock: the report of the week before stands.
        due = "2026-03-02"
    assert [str(found.due_at.date()), str(found.begins_on), str(found.ends_on)] == [due, begins, ends]


@pytest.mark.requirement("RPT-04")
def test_a_due_report_is_begun_once_however_often_the_clock_runs(figures: Figures) -> None:
    schedule = _schedule(figures)
    begin_due()
    begin_due()
    assert services.begin_due_run(schedule=schedule, actor=figures.setter) is None
    run = ReportRun.objects.get()
    period = last_due(schedule)
    assert period is not None
    assert (run.begins_on, run.ends_on, run.kind) == (period.begins_on, period.ends_on, "quality")
    assert BackgroundJob.objects.filter(handler=services.RENDER_JOB).count() == 1
    with time_machine.travel(now() + dt.timedelta(days=7), tick=True):
        begin_due()
    assert ReportRun.objects.count() == 2
    assert _schedule(figures, every="month", starts_on=figures.today + dt.timedelta(days=60)).runs.count() == 0
    begin_due()
    assert ReportRun.objects.count() == 2


@pytest.mark.requirement("RPT-04")
@pytest.mark.parametrize("kind", ReportSchedule.Kind.values)
def test_a_report_is_sealed_once_and_told_to_its_readers(figures: Figures, kind: str, settings: Settings) -> None:
    settings.TRUELINE_MAIL_IS_NAMED = True
    schedule = _schedule(figures, kind=kind)
    figures.found(figures.today - dt.timedelta(days=figures.today.weekday() + 3))
    reader = make_user(site=figures.site, permissions=READER)
    with transaction.atomic(), acting(system_user("test"), reason="told"):
        reader.email = "reader@example.org"
        reader.save()
    services.subscribe(schedule=schedule, person=reader, by_mail=True, actor=reader)
    role = Grant.objects.filter(user=figures.setter).first()
    assert role is not None
    services.subscribe(schedule=schedule, role=role.role, actor=figures.setter)
    begin_due()
    _work()
    run = ReportRun.objects.get()
    printed = print_of(run)
    assert printed is not None
    assert printed.edition == 1
    assert {one.person for one in run.deliveries.all()} == {reader, figures.setter}
    assert [one.status for one in _assigned(reader)] == ["open"]
    assert [one.to for one in mail.outbox] == [["reader@example.org"]]
    assert run.get_absolute_url() in mail.outbox[0].body
    assert "Bore" not in mail.outbox[0].body
    _work()
    assert PrintedRecord.objects.count() == 1
    assert ReportDelivery.objects.count() == 2
    assert len(mail.outbox) == 1
    desk = figures.visit(reader)
    page = desk.get(run.get_absolute_url()).content.decode()
    assert printed.get_absolute_url() in page
    assert desk.get(printed.get_absolute_url()).status_code == 200
    read = desk.post(reverse("qms_reporting:reportrun_read", args=[run.pk]))
    assert read.status_code == 302
    assert [one.status for one in _assigned(reader)] == ["done"]


@pytest.mark.requirement("RPT-04")
def test_who_may_not_read_is_told_nothing(figures: Figures) -> None:
    schedule = _schedule(figures)
    stranger = make_user(site=make_world().site, permissions=READER)
    for actor in (stranger, figures.setter):
        with pytest.raises(Blocked):
            services.subscribe(schedule=schedule, person=stranger, actor=actor)
    assert not schedule.subscriptions.exists()
    services.subscribe(schedule=schedule, person=figures.reader, actor=figures.reader)
    with pytest.raises(Blocked):
        services.subscribe(schedule=schedule, person=figures.reader, actor=figures.reader)
    with pytest.raises(Blocked):
        services.subscribe(schedule=schedule, person=figures.setter, actor=figures.reader)
    run = services.begin_due_run(schedule=schedule, actor=figures.setter)
    assert run is not None
    assert figures.visit(stranger).get(run.get_absolute_url()).status_code == 404
    assert [one.person for one in services.deliver_run(run=run, actor=figures.setter)] == [figures.reader]
    assert services.deliver_run(run=run, actor=figures.setter) == []


@pytest.mark.requirement("RPT-04")
def test_an_unread_report_gives_way_to_the_next_one(figures: Figures) -> None:
    schedule = _schedule(figures)
    services.subscribe(schedule=schedule, person=figures.reader, actor=figures.reader)
    for weeks in (0, 1):
        with time_machine.travel(now() + dt.timedelta(days=7 * weeks), tick=True):
            run = services.begin_due_run(schedule=schedule, actor=figures.setter)
            assert run is not None
            services.deliver_run(run=run, actor=figures.setter)
    assert [one.status for one in _assigned(figures.reader).order_by("pk")] == ["cancelled", "open"]


@pytest.mark.requirement("RPT-04")
def test_nobody_reads_for_another_and_everybody_ends_their_own(figures: Figures) -> None:
    schedule = _schedule(figures)
    own = services.subscribe(schedule=schedule, person=figures.reader, actor=figures.reader)
    run = services.begin_due_run(schedule=schedule, actor=figures.setter)
    assert run is not None
    services.deliver_run(run=run, actor=figures.setter)
    with pytest.raises(Blocked) as refused:
        services.mark_read(run=run, actor=figures.setter)
    assert refused.value.codes == ("not_told",)
    other = make_user(site=figures.site, permissions=READER)
    with pytest.raises(Blocked):
        services.unsubscribe(subscription=own, actor=other)
    assert schedule.subscriptions.count() == 1
    services.unsubscribe(subscription=own, actor=figures.reader)
    assert schedule.subscriptions.count() == 0
    assert figures.visit(other).post(reverse("qms_reporting:reportrun_read", args=[run.pk])).status_code == 409


@pytest.mark.requirement("RPT-04")
def test_a_schedule_fits_its_week_or_month_and_is_made_once(figures: Figures) -> None:
    for values, code in (({"day": 8}, "day"), ({"every": "month", "day": 29}, "day")):
        with pytest.raises(Blocked) as refused:
            _schedule(figures, **values)
        assert {one.code for one in refused.value.blockers} == {code}
    schedule = _schedule(figures)
    with pytest.raises(Blocked) as refused:
        _schedule(figures)
    assert {one.code for one in refused.value.blockers} == {"taken"}
    with pytest.raises(Blocked):
        services.change_schedule(schedule=schedule, day=9, hour=6, is_active=True, actor=figures.setter, reason="Later")
    with pytest.raises(Blocked):
        _schedule(figures, kind="training", actor=figures.reader)
    services.change_schedule(schedule=schedule, day=2, hour=7, is_active=False, actor=figures.setter, reason="Off")
    begin_due()
    assert not ReportRun.objects.exists()
    assert ReportSchedule.objects.get().day == 2


@pytest.mark.requirement("RPT-04")
def test_reports_are_scheduled_and_subscribed_on_their_pages(figures: Figures) -> None:
    desk = figures.visit(figures.setter)
    sent = desk.post(
        reverse("qms_reporting:reportschedule_create"),
        {"site": figures.site.pk, "kind": "overdue", "every": "week", "day": "1", "hour": "6", "starts_on": ""},
    )
    assert sent.status_code == 302, sent.content.decode()[-2000:]
    schedule = ReportSchedule.objects.get()
    follow = figures.visit().post(reverse("qms_reporting:reportschedule_follow", args=[schedule.pk]), {"by_mail": "on"})
    assert follow.status_code == 302
    address = reverse("qms_reporting:reportschedule_subscribe", args=[schedule.pk])
    assert desk.post(address, {}).status_code == 422
    assert desk.post(address, {"person": figures.setter.pk}).status_code == 302
    assert figures.visit().post(address, {"person": figures.setter.pk}).status_code == 403
    page = figures.visit().get(schedule.get_absolute_url()).content.decode()
    assert page.count("Unsubscribe") == 1
    own = schedule.subscriptions.get(person=figures.reader)
    ended = figures.visit().post(reverse("qms_reporting:reportsubscription_end", args=[own.pk]))
    assert ended.status_code == 302
    assert [one.person for one in schedule.subscriptions.all()] == [figures.setter]
