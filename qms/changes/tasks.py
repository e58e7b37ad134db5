"""The clock of changes, and rendering their prints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.utils.translation import gettext as _

from core.jobs.services import JobHandle
from core.kernel.errors import Blocked
from core.kernel.wiring import job
from core.organization.services import system_user
from core.printing.services import print_record
from qms.changes.models import ChangeOrder
from qms.changes.queries import (
    approvals_of,
    as_data,
    assessments_of,
    due_releases,
    due_returns,
    edits_of,
    late_retrospectives,
    risks_of_change,
    signatures_in,
    suggestions_of,
    tasks_of,
)
from qms.changes.services import (
    escalate_late_approval,
    note_refused_return,
    release_due,
    return_to_previous,
    withdraw_planned_release,
)


def _each(
    changes: Any, deed: Callable[..., Any], refused: Callable[..., Any] | None, failures: list[Exception]
) -> None:
    """Each change is a deed of its own; a refusal is told, another failure is raised when the others are done."""
    actor = system_user("changes")
    for change in changes:
        try:
            deed(change=change, actor=actor)
        except Blocked as refusal:
            why = "; ".join(str(blocker.message) for blocker in refusal.blockers)
            if refused is not None:
                refused(change=change, why=why, actor=actor, reason=why)
        except Exception as failure:
            failures.append(failure)


@shared_task(name="qms.changes.keep_time", ignore_result=True)  # type: ignore[untyped-decorator]
def keep_time() -> None:
    """Release what is due, return what has expired, tell of late approvals; beat calls it every minute."""
    failures: list[Exception] = []
    _each(due_releases(), release_due, withdraw_planned_release, failures)
    _each(due_returns(), return_to_previous, note_refused_return, failures)
    _each(late_retrospectives(), escalate_late_approval, None, failures)
    if failures:
        raise ExceptionGroup("changes whose time has come", failures)


@job("qms_changes.print")
def print_change(*, job: JobHandle, change_id: int) -> None:
    """Render, seal and store the change as it is; whoever asks again for the same content gets the stored print."""
    change = ChangeOrder.objects.select_related(
        "site", "change_type", "owner", "requested_by", "effectivity_material"
    ).get(pk=change_id)
    printed = print_record(
        change,
        template="qms/changes/print/change.html",
        context={
            "items": list(change.items.order_by("pk")),
            "suggestions": suggestions_of(change),
            "risks": risks_of_change(change),
            "assessments": assessments_of(change),
            "approvals": approvals_of(change),
            "tasks": tasks_of(change),
            "decisions": change.wip_decisions.select_related("decided_by").order_by("pk"),
            "releases": change.releases.order_by("pk"),
            "edits": edits_of(change),
            "signatures": signatures_in(change),
        },
        data=as_data(change),
        actor=job.actor,
        kind="change",
        kind_label=_("Change"),
        number=change.number,
        title=change.title,
        job=job,
    )
    job.result_page(printed.get_absolute_url())
