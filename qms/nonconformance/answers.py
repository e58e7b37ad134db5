"""What nonconformances tell the pages of the apps below: counts, search, scans, and the story of their lines."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _

from core.kernel.wiring import answers
from core.lifecycle.models import Transition
from core.organization.queries import scoped, sites_of
from core.web.questions import (
    Count,
    FindRecords,
    Found,
    NavigationCount,
    ResolveScan,
    SignedPartsOf,
    TimelineEntry,
    TimelineOf,
)
from qms.nonconformance.lifecycle import DISPOSITION
from qms.nonconformance.models import Disposition, NonConformance
from traceability.lifecycle import HOLD
from traceability.models import Hold

VIEW = "qms_nonconformance.view_nonconformance"


@answers(NavigationCount)
def drafts_to_triage(question: NavigationCount) -> Iterator[Count]:
    """How many wait for their triage, at the sites that the user may see."""
    drafts = NonConformance.objects.filter(status="draft", site__in=sites_of(question.user, VIEW))
    yield Count("qms_nonconformance:nonconformance_list", drafts)


@answers(FindRecords)
def nonconformances_found(question: FindRecords) -> Iterator[Found]:
    """Numbers first, then titles."""
    words = question.words.strip()
    found = NonConformance.objects.filter(Q(number__iexact=words) | Q(title__icontains=words))
    for record in scoped(found, question.user, VIEW).order_by("-pk")[: question.limit]:
        yield _found(record, rank=0 if record.number.lower() == words.lower() else 2)


@answers(ResolveScan)
def nonconformance_scanned(question: ResolveScan) -> Iterator[Found]:
    """The record whose number was scanned."""
    found = NonConformance.objects.filter(number=question.scan.text)
    for record in scoped(found, question.user, VIEW)[:5]:
        yield _found(record, rank=0)


def _found(record: NonConformance, *, rank: int) -> Found:
    return Found(
        kind=record.get_kind_display(),
        label=record.number,
        url=record.get_absolute_url(),
        detail=f"{record.title} · {record.get_status_display()}",
        rank=rank,
    )


@answers(SignedPartsOf)
def what_is_signed_of_a_nonconformance(question: SignedPartsOf) -> Iterator[Disposition | Hold]:
    """Its dispositions and its holds are signed one by one; who reads the record wants to see all of it."""
    record = question.record
    if not isinstance(record, NonConformance):
        return
    yield from Disposition.objects.filter(affected_item__nonconformance=record)
    source = ContentType.objects.get_for_model(NonConformance)
    yield from Hold.objects.filter(source_type=source, source_id=record.pk)


@answers(TimelineOf)
def lines_in_the_timeline(question: TimelineOf) -> Iterator[TimelineEntry]:
    """What happened to the dispositions and to the holds of a nonconformance is part of its story."""
    record = question.record
    if not isinstance(record, NonConformance):
        return
    dispositions = Disposition.objects.filter(affected_item__nonconformance=record)
    kinds = ContentType.objects.get_for_models(NonConformance, Disposition, Hold)
    holds = Hold.objects.filter(source_type=kinds[NonConformance], source_id=record.pk)
    transitions = (
        Transition.objects.filter(
            Q(subject_type=kinds[Disposition], subject_id__in=dispositions.values("pk"))
            | Q(subject_type=kinds[Hold], subject_id__in=holds.values("pk"))
        )
        .select_related("actor", "signature")
        .order_by("-id")[: question.limit]
    )
    names = {hold.pk: str(hold.lot or hold.unit) for hold in holds.select_related("lot", "unit")}
    for transition in transitions:
        is_hold = transition.subject_type_id == kinds[Hold].pk
        state = (HOLD if is_hold else DISPOSITION).state(transition.to_status)
        label = (
            _("Hold on %(thing)s") % {"thing": names.get(transition.subject_id, transition.subject_label)}
            if is_hold
            else transition.subject_label
        )
        yield TimelineEntry(
            at=transition.stamped_at,
            title=f"{label}: {state.label}",
            who=str(transition.actor),
            reason=transition.reason,
            meaning=transition.signature.get_meaning_display() if transition.signature else "",
            tone=state.tone,
        )
