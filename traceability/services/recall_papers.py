"""The papers of a recall: one letter for each customer, and the report that was signed. Made by workers, sealed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.deeds import service
from core.organization.services import require
from traceability.models import Recall, RecallLetter, RecallLine
from traceability.services.movements import refuse

LETTERS_JOB = "traceability.recall_letters"
REPORT_JOB = "traceability.recall_report"


def enqueue_report(recall: Recall, actor: Any) -> BackgroundJob:
    """Have the report of a closed recall rendered and sealed; it is made once."""
    return enqueue(
        REPORT_JOB,
        actor=actor,
        subject=recall,
        title=_("Seal the report of %(recall)s") % {"recall": recall},
        unique_key=f"{REPORT_JOB} {recall.pk}",
        recall_id=recall.pk,
    )


@service
def request_report(*, recall: Recall, actor: Any) -> BackgroundJob:
    """Have the report of a closed recall sealed as PDF, where that failed before. `Blocked` before it is closed."""
    require(actor, "traceability.view_recall", recall)
    recall = Recall.objects.get(pk=recall.pk)
    if recall.status != "closed":
        raise refuse(
            "not_closed",
            _("%(recall)s is not closed.") % {"recall": recall},
            _("Close it with your signature; its report follows by itself."),
            recall,
        )
    return enqueue_report(recall, actor)


@service
def request_letters(*, recall: Recall, actor: Any) -> BackgroundJob:
    """Have a letter made for each customer who got affected goods; a letter whose content changed gets a new edition.

    Raises `Blocked` before the recall is traced, once it is cancelled, and where nothing went to a customer.
    """
    require(actor, "traceability.change_recall", recall)
    recall = Recall.objects.get(pk=recall.pk)
    if recall.status not in ("deciding", "closed"):
        raise refuse(
            "recall_status",
            _("%(recall)s is “%(state)s”; there is nobody to write to yet.")
            % {"recall": recall, "state": recall.get_status_display()},
            _("Wait until it is traced."),
            recall,
        )
    sent_to = (
        RecallLine.objects.filter(recall=recall, superseded_by__isnull=True, where=RecallLine.Where.CUSTOMER)
        .exclude(settled=RecallLine.Settled.MOVED)
        .order_by("customer")
        .values_list("customer", flat=True)
        .distinct()
    )
    known = set(recall.letters.values_list("customer_id", flat=True))
    wanted = list(sent_to)
    if not wanted:
        raise refuse("no_customers", _("Nothing of it went to a customer."), _("No letter is needed."), recall)
    RecallLetter.objects.bulk_create(
        [RecallLetter(recall=recall, customer_id=key) for key in wanted if key not in known]
    )
    return enqueue(
        LETTERS_JOB,
        actor=actor,
        subject=recall,
        title=_("Letters of %(recall)s") % {"recall": recall},
        unique_key=f"{LETTERS_JOB} {recall.pk}",
        recall_id=recall.pk,
    )
