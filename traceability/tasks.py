"""Long work of this storey: the trace of a recall, its letters, its report."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.jobs.services import JobFailed, JobHandle
from core.kernel.wiring import job
from core.printing.services import print_record
from core.signing.queries import manifest
from traceability.models import Recall, RecallLetter, RecallReport
from traceability.queries.recall_data import (
    BLOCK,
    LINE_COLUMNS,
    digest_of_all,
    digests_of_blocks,
    joined_as_sets,
    lines_as_data,
)
from traceability.queries.recalls import figures_of, letter_lines, lines_of, unresolved_lines
from traceability.services.recall_papers import LETTERS_JOB, REPORT_JOB
from traceability.services.recall_trace import trace_recall
from traceability.services.recalls import TRACE_JOB

LINES_PRINTED, FEW_PRINTED = 2000, 200
"""Lines that stand in the PDF of a report: all of them, or the first few, for nobody reads a part of a million."""
LINES_ATTACHED = 10 * BLOCK
"""Lines that stand in the data attached to it; of those beyond, the digest of each block stands there."""


LETTER_COLUMNS = (
    "shipment", "material", "lot", "serial", "quantity", "uom", "shipped_on", "usable_until", "container",
)  # fmt: skip
"""What is told of each line in the data of a letter, in this order."""


def _kind_label(recall: Recall, drill: str, real: str) -> str:
    return drill if recall.is_drill else real


@job(TRACE_JOB)
def trace_in_the_background(*, job: JobHandle, recall_id: int) -> None:
    """Trace a recall; its page is the result."""
    recall = Recall.objects.get(pk=recall_id)
    trace_recall(recall=recall, actor=job.actor, progress=job.progress)
    job.result_page(recall.get_absolute_url())


@job(LETTERS_JOB)
def print_letters(*, job: JobHandle, recall_id: int) -> None:
    """Seal the letter of each customer; the same content again is the same print."""
    recall = Recall.objects.select_related("site").get(pk=recall_id)
    letters = list(RecallLetter.objects.filter(recall=recall).select_related("customer", "recall__site"))
    for number, letter in enumerate(letters):
        job.progress(number, len(letters), str(letter.customer))
        lines = letter_lines(recall, letter.customer)
        rows = [
            [
                str(line.shipment_line.shipment) if line.shipment_line else "",
                str(line.material),
                str(line.of_lot or ""),
                str(line.unit or ""),
                f"{line.quantity.normalize():f}",
                line.material.uom.code,
                str((line.shipment_line and line.shipment_line.shipped_on) or ""),
                str((line.of_lot and line.of_lot.usable_until) or ""),
                line.shipment_line.left_in if line.shipment_line else "",
            ]
            for line in lines
        ]
        print_record(
            letter,
            template="traceability/print/recall_letter.html",
            context={"recall": recall, "customer": letter.customer, "lines": lines},
            data={
                "recall": recall.number,
                "kind": recall.kind,
                "customer": letter.customer.code,
                "title": recall.title,
                "reason": recall.reason,
                "advice": recall.advice,
                "contact": recall.contact,
                "columns": list(LETTER_COLUMNS),
                "lines": rows,
            },
            actor=job.actor,
            kind="recall-letter",
            kind_label=_kind_label(recall, _("DRILL – letter"), _("Recall letter")),
            number=f"{recall.number} · {letter.customer.code}",
            title=letter.customer.name,
            job=None,
        )
    job.progress(len(letters), len(letters), "")
    job.result_page(recall.get_absolute_url())


@job(REPORT_JOB)
def print_report(*, job: JobHandle, recall_id: int) -> None:
    """Seal the signed report; it is made once."""
    recall = Recall.objects.select_related("site").get(pk=recall_id)
    report = RecallReport.objects.get(recall=recall)
    with joined_as_sets(recall):
        figures = figures_of(recall)
    printed_lines = LINES_PRINTED if figures.lines <= LINES_PRINTED else FEW_PRINTED
    lines = list(lines_of(recall).exclude(settled="moved").order_by("where", "pk")[:printed_lines])
    blocks = digests_of_blocks(recall)
    if digest_of_all(blocks) != report.lines_sha256:
        raise JobFailed(_("The lines of %(recall)s are not those that were signed.") % {"recall": recall})
    printed = print_record(
        recall,
        template="traceability/print/recall_report.html",
        context={
            "report": report,
            "figures": figures,
            "materials": figures.materials[:FEW_PRINTED],
            "origins": recall.origins.select_related("lot__material", "unit__material"),
            "orders": recall.orders.select_related("lot")[:LINES_PRINTED],
            "unresolved": unresolved_lines(recall)[:LINES_PRINTED],
            "lines": lines,
            "attached": LINES_ATTACHED,
            "signatures": [*manifest(recall), *manifest(report)],
        },
        data={
            "recall": recall.number,
            "kind": recall.kind,
            "title": recall.title,
            "reason": recall.reason,
            "scope": recall.scope,
            "started_at": report.started_at.isoformat(),
            "traced_at": report.traced_at.isoformat(),
            "closed_at": report.closed_at.isoformat(),
            "figures": report.figures,
            "conclusion": report.conclusion,
            "lines_sha256": report.lines_sha256,
            "columns": list(LINE_COLUMNS),
            "blocks": blocks,
            "lines": list(lines_as_data(recall, LINES_ATTACHED)),
        },
        actor=job.actor,
        kind="recall-report",
        kind_label=_kind_label(recall, _("DRILL – recall report"), _("Recall report")),
        title=recall.title,
        edition=1,
        job=job,
    )
    job.result_page(printed.get_absolute_url())
