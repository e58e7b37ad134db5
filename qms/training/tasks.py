"""Celery's door into training."""

from __future__ import annotations

from celery import shared_task
from django.utils.translation import gettext as _

from core.jobs.services import JobHandle
from core.kernel.wiring import job
from core.organization.models import User
from core.organization.services import system_user
from core.printing.services import print_record
from qms.training.queries.printing import as_data, person_records
from qms.training.services import assign_missing, expire_training, follow_dates, suspend_unpractised
from qms.training.services.printing import PRINT_JOB


@job(PRINT_JOB)
def print_training_records(*, job: JobHandle, person_id: int) -> None:
    """Render and seal a person's training records; the same content again is the same print."""
    person = User.objects.select_related("home_site").get(pk=person_id)
    content = person_records(person)
    printed = print_record(
        person,
        template="qms/training/print/records.html",
        context={"content": content},
        data=as_data(person, content),
        actor=job.actor,
        kind="training-records",
        kind_label=_("Training records"),
        number=person.username,
        title=person.full_name,
        job=job,
    )
    job.result_page(printed.get_absolute_url())


@shared_task(name="qms.training.keep_up", ignore_result=True)  # type: ignore[untyped-decorator]
def keep_up() -> None:
    """Follow planned dates, expire what counted for a time, and ask people for what their curricula take."""
    actor = system_user("training")
    follow_dates(actor=actor)
    expire_training(actor=actor)
    assign_missing(actor=actor)


@shared_task(name="qms.training.suspend_unpractised", ignore_result=True)  # type: ignore[untyped-decorator]
def suspend_what_is_not_practised() -> None:
    """Suspend qualifications that were not practised; once a day is often enough for days."""
    suspend_unpractised(actor=system_user("training"))
