"""The clock of CAPAs, and rendering their sealed records."""

from __future__ import annotations

from celery import shared_task
from django.utils.translation import gettext as _

from core.jobs.services import JobHandle
from core.kernel.errors import Blocked
from core.kernel.wiring import job
from core.organization.services import system_user
from core.printing.services import print_record
from qms.capa.models import Capa
from qms.capa.queries import as_data, due_checks, record_content, signatures_in
from qms.capa.services import evaluate
from qms.capa.services.printing import PRINT_JOB


@shared_task(name="qms.capa.evaluate_due", ignore_result=True)  # type: ignore[untyped-decorator]
def evaluate_due() -> None:
    """Compute the effect of every CAPA whose watch is over; beat calls it every hour. Each is a deed of its own."""
    failures: list[Exception] = []
    actor = system_user("capa")
    for check in due_checks():
        try:
            evaluate(capa=check.capa, actor=actor)
        except Blocked:
            continue  # The refusal is stored: somebody was faster, or what was counted is not counted any more.
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("effects that could not be computed", failures)


@job(PRINT_JOB)
def print_capa(*, job: JobHandle, capa_id: int) -> None:
    """Render, seal and store the record as it is; whoever asks again for the same content gets the stored print."""
    capa = Capa.objects.select_related("site", "owner", "raised_by").get(pk=capa_id)
    printed = print_record(
        capa,
        template="qms/capa/print/capa.html",
        context={"content": record_content(capa), "signatures": signatures_in(capa)},
        data=as_data(capa),
        actor=job.actor,
        kind="capa",
        kind_label=_("CAPA"),
        number=capa.number,
        title=capa.title,
        job=job,
    )
    job.result_page(printed.get_absolute_url())
