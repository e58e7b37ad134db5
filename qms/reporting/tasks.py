"""The clock of trends and reports, and making, sealing and mailing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from core.jobs.services import JobFailed, JobHandle
from core.kernel.errors import Blocked
from core.kernel.wiring import job
from core.organization.services import system_user
from core.printing.services import print_record
from qms.reporting.models import ReportDelivery, ReportRun, ReportSchedule, TrendRule
from qms.reporting.queries.contents import as_data, content_of
from qms.reporting.services import MAIL_JOB, RENDER_JOB, begin_due_run, deliver_run, judge_rule


def _each(records: Iterable[Any], deed: Callable[[Any], Any], words: str) -> None:
    """Each is a deed of its own: what fails for one stops none of the others, and is raised in the end."""
    failures: list[Exception] = []
    for record in records:
        try:
            deed(record)
        except Blocked:
            continue  # The refusal is stored with its reasons; the next round asks again.
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup(words, failures)


@shared_task(name="qms.reporting.watch_trends", ignore_result=True)  # type: ignore[untyped-decorator]
def watch_trends() -> None:
    """Judge every rule of a trend; beat calls it every hour (config/celery.py)."""
    actor = system_user("reporting")
    rules = TrendRule.objects.filter(is_active=True).order_by("pk")
    _each(rules, lambda rule: judge_rule(rule=rule, actor=actor), "rules that could not be judged")


@shared_task(name="qms.reporting.begin_due", ignore_result=True)  # type: ignore[untyped-decorator]
def begin_due() -> None:
    """Begin every report that is due; beat calls it every five minutes (config/celery.py)."""
    actor = system_user("reporting")
    schedules = ReportSchedule.objects.filter(is_active=True).order_by("pk")
    _each(schedules, lambda one: begin_due_run(schedule=one, actor=actor), "reports that could not be begun")


@job(RENDER_JOB)
def render_run(*, job: JobHandle, run_id: int) -> None:
    """Read, render, seal and store a report once, then tell whoever subscribed; repeated, it only tells who is new."""
    run = ReportRun.objects.select_related("site", "schedule__site").get(pk=run_id)
    content = content_of(run)
    printed = print_record(
        run,
        template="qms/reporting/print/report.html",
        context={"content": content},
        data=as_data(run, content),
        actor=job.actor,
        kind="report",
        kind_label=_("Report"),
        number=run.number,
        title=run.title,
        edition=1,
        job=job,
    )
    deliver_run(run=run, actor=job.actor)
    job.result_page(printed.get_absolute_url())


@job(MAIL_JOB)
def mail_delivery(*, job: JobHandle, delivery_id: int) -> None:
    """Tell one person by mail where the report is; what it says stays here. Raises `JobFailed` with the server's words.

    Without a named mail server nothing is sent, and the job says so.
    """
    delivery = ReportDelivery.objects.select_related("run__site", "person").get(pk=delivery_id)
    if not settings.TRUELINE_MAIL_IS_NAMED:
        job.log(_("No mail server is named for this installation, so no mail is sent."))
        return
    address = f"{settings.TRUELINE_PUBLIC_URL.rstrip('/')}{delivery.run.get_absolute_url()}"
    mail = EmailMessage(
        _("New report: %(run)s") % {"run": delivery.run},
        _("A report that you subscribed to is ready:\n%(address)s\n") % {"address": address},
        to=[delivery.person.email],
    )
    try:
        mail.send()
    except OSError as error:  # of the network, and every answer of a mail server (SMTPException)
        raise JobFailed(_("The mail server did not take it: %(answer)s.") % {"answer": error}) from error
