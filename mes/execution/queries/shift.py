"""What somebody who comes to a work center should know: what changed there since they last worked at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core.files.models import Attachment
from core.kernel.clock import now
from core.lifecycle.models import Transition
from core.organization.models import WorkCenter
from mes.execution.models import Andon, DataRecord, DefectReport, FloorNote, LaborEntry, OrderOperation
from qms.documents.models import DocumentRevision
from traceability.models import Hold

SHIFT_BREAK = dt.timedelta(hours=4)
"""Work within this time belongs to the present shift."""
WITHOUT_EARLIER_SHIFT = dt.timedelta(hours=24)
MOST = 20


@dataclass(frozen=True)
class Change:
    """One thing that happened: when, what, by whom; `tone` is info, good, warn or bad."""

    at: dt.datetime
    what: str
    text: str
    who: str = ""
    tone: str = "info"
    icon: str = "info"
    photos: tuple[Attachment, ...] = ()
    is_handover: bool = False


def last_shift(work_center: WorkCenter, user: Any) -> dt.datetime | None:
    """When the person last clocked on or off here before the present shift, or None."""
    entries = LaborEntry.objects.filter(
        order_operation__work_center=work_center, run__operator=user.pk, stamped_at__lt=now() - SHIFT_BREAK
    )
    return entries.order_by("-id").values_list("stamped_at", flat=True).first()


def changes_since(work_center: WorkCenter, user: Any) -> tuple[dt.datetime, list[Change]]:
    """Since when is told, and what changed, newest first, hand-overs before everything; at most 20 of each kind."""
    since = _told_since(work_center, user)
    found = [*_notes(work_center, since), *_trouble(work_center, since), *_work(work_center, since)]
    found.sort(key=lambda change: change.at, reverse=True)
    found.sort(key=lambda change: not change.is_handover)
    return since, found


def handovers_since(work_center: WorkCenter, user: Any) -> int:
    """How many hand-overs are among these changes; the list of work says no more of them."""
    notes = FloorNote.objects.filter(work_center=work_center, stamped_at__gte=_told_since(work_center, user))
    return notes.filter(kind=FloorNote.Kind.HANDOVER).count()


def _told_since(work_center: WorkCenter, user: Any) -> dt.datetime:
    return last_shift(work_center, user) or now() - WITHOUT_EARLIER_SHIFT


def _notes(work_center: WorkCenter, since: dt.datetime) -> Iterator[Change]:
    notes = FloorNote.objects.filter(work_center=work_center, stamped_at__gte=since)
    rows = list(notes.select_related("actor", "order_operation__order").order_by("-id")[:MOST])
    photos: dict[int, list[Attachment]] = {}
    kind = ContentType.objects.get_for_model(FloorNote)
    for photo in Attachment.objects.filter(subject_type=kind, subject_id__in=[note.pk for note in rows]):
        photos.setdefault(photo.subject_id, []).append(photo)
    for note in rows:
        handover = note.kind == FloorNote.Kind.HANDOVER
        where = f"{note.order_operation}: " if note.order_operation else ""
        number = "" if note.number is None else f"{note.number.normalize():f} "
        yield Change(
            note.noted_at,
            str(note.get_kind_display()),
            f"{where}{number}{note.text}".strip(),
            str(note.actor),
            icon="message" if handover else "pencil",
            photos=tuple(photos.get(note.pk, ())),
            is_handover=handover,
        )


def _trouble(work_center: WorkCenter, since: dt.datetime) -> Iterator[Change]:
    here = {"order_operation__work_center": work_center}
    out = DataRecord.objects.filter(**here, judgement=DataRecord.Verdict.OUT, stamped_at__gte=since, is_sandbox=False)
    for record in out.select_related("actor", "order_operation__order").order_by("-id")[:MOST]:
        text = f"{record.order_operation}: {record}"
        yield Change(record.stamped_at, _("Out of limits"), text, str(record.actor), "bad", "x")
    reports = DefectReport.objects.filter(**here, stamped_at__gte=since).select_related("actor", "nonconformance")
    for report in reports.order_by("-id")[:MOST]:
        yield Change(
            report.stamped_at, _("Defect reported"), str(report.nonconformance), str(report.actor), "bad", "alert"
        )
    open_lots = OrderOperation.objects.filter(work_center=work_center).exclude(status="completed").values("order__lot")
    for hold in Hold.objects.filter(lot__in=open_lots, status="open").select_related("lot").order_by("-id")[:MOST]:
        yield Change(hold.placed_at, _("On hold"), f"{hold.lot}: {hold.reason}", "", "bad", "lock")
    calls = Andon.objects.filter(**here, raised_at__gte=since).select_related("raised_by", "order_operation__order")
    for call in calls.order_by("-id")[:MOST]:
        text = f"{call} · {call.get_status_display()}"
        yield Change(call.raised_at, _("Call for help"), text, str(call.raised_by), "warn", "bell")


def _work(work_center: WorkCenter, since: dt.datetime) -> Iterator[Change]:
    documents = OrderOperation.objects.filter(work_center=work_center).values("operation__document")
    revisions = DocumentRevision.objects.filter(
        document__in=documents, status="effective", effective_from__gte=since
    ).select_related("document")
    for revision in revisions.order_by("-effective_from")[:MOST]:
        if revision.effective_from is not None:
            yield Change(revision.effective_from, _("New instruction"), str(revision), "", "warn", "file")
    moves = Transition.objects.filter(
        subject_type=ContentType.objects.get_for_model(OrderOperation),
        subject_id__in=OrderOperation.objects.filter(work_center=work_center).values("pk"),
        stamped_at__gte=since,
        to_status="completed",
    ).select_related("actor")
    for move in moves.order_by("-id")[:MOST]:
        yield Change(move.stamped_at, _("Completed"), move.subject_label, str(move.actor), "good", "check")
