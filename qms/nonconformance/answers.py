"""What nonconformances tell the pages of the apps below: counts, search, scans, and the story of their lines."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.wiring import answers
from core.lifecycle.models import Transition
from core.organization.models import Site
from core.organization.queries import known_rights, scoped, sites_of
from core.web.markup import state_of
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
from qms.capa.models import CapaSource
from qms.capa.questions import EventKinds, MaterialsBehind, MetricKind, SourceKind, SourceKinds, Window
from qms.changes.questions import ConfigurationKinds
from qms.nonconformance.lifecycle import DISPOSITION
from qms.nonconformance.models import (
    AffectedItem,
    BoardRule,
    Concession,
    DefectCode,
    Disposition,
    NonConformance,
)
from traceability.lifecycle import HOLD
from traceability.models import Hold, Material
from traceability.questions import AboutLot, LotLine, LotPart

VIEW = "qms_nonconformance.view_nonconformance"


@answers(NavigationCount)
def drafts_to_triage(question: NavigationCount) -> Iterator[Count]:
    """How many wait for their triage, at the sites that the user may see."""
    user = question.user

    def drafts() -> QuerySet[NonConformance]:
        return NonConformance.objects.filter(status="draft", site__in=sites_of(user, VIEW))

    yield Count("qms_nonconformance:nonconformance_list", drafts, known_rights(user))


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


@answers(ConfigurationKinds)
def defect_codes_are_configuration(question: ConfigurationKinds) -> Iterator[type[DefectCode | BoardRule]]:
    """What is counted and compared, and who signs what."""
    yield DefectCode
    yield BoardRule


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


@answers(AboutLot)
def nonconformances_of_a_lot(question: AboutLot) -> Iterator[LotPart]:
    """Those that affect the lot or a unit of it."""
    lot = question.lot
    affecting = AffectedItem.objects.filter(Q(lot=lot) | Q(unit__lot=lot)).values("nonconformance")
    found = scoped(NonConformance.objects.filter(pk__in=affecting), question.user, VIEW).order_by("-pk")
    # What is used although it does not conform is told with the record that decided it, in the same statement.
    conceded = Concession.objects.filter(nonconformance=OuterRef("pk"), lot=lot).order_by("pk")
    rows = found.annotate(conceded=ArraySubquery(conceded.values("number")))
    lines = [
        LotLine(
            " · ".join([one.number, one.title, *one.conceded]), one.get_absolute_url(), state_of(one), one.reported_at
        )
        for one in rows[: question.limit + 1]
    ]
    more = reverse("qms_nonconformance:nonconformance_list")
    yield LotPart("nonconformances", _("Nonconformances"), 30, _("None affects it."), lines, more)


def _by_number(site: Site, number: str) -> list[NonConformance]:
    return list(NonConformance.objects.filter(site=site, number__iexact=number.strip())[:5])


@answers(SourceKinds)
def nonconformances_raise_capas(question: SourceKinds) -> Iterator[SourceKind]:
    """What does not conform may need more than a correction."""
    yield SourceKind(CapaSource.Kind.NONCONFORMANCE, gettext_lazy("Nonconformance"), NonConformance, _by_number)
    yield SourceKind(CapaSource.Kind.DEVIATION, gettext_lazy("Deviation"), NonConformance, _by_number)


def _reported(window: Window) -> int:
    found = NonConformance.objects.filter(
        site=window.site, reported_at__gte=window.begins, reported_at__lt=window.until
    ).exclude(status="cancelled")
    if window.sort:
        found = found.filter(defect_code__code=window.sort)
    if window.material is not None:
        is_of_it = Q(lot__material=window.material) | Q(unit__material=window.material)
        found = found.filter(pk__in=AffectedItem.objects.filter(is_of_it).values("nonconformance"))
    return found.count()


def _defect_codes() -> list[tuple[str, str]]:
    return [(one.code, str(one)) for one in DefectCode.objects.filter(is_active=True).order_by("code")]


@answers(EventKinds)
def nonconformances_are_counted(question: EventKinds) -> Iterator[MetricKind]:
    """Nonconformances by the day they were reported, of a defect code where one is named."""
    yield MetricKind("nonconformances", gettext_lazy("Nonconformances"), _reported, _defect_codes)


@answers(MaterialsBehind)
def materials_of_what_is_affected(question: MaterialsBehind) -> Iterator[Material]:
    """A nonconformance is about the materials of the lots and units that it affects."""
    if isinstance(question.source, NonConformance):
        mine = question.source.items.order_by()
        about = Q(pk__in=mine.values("lot__material")) | Q(pk__in=mine.values("unit__material"))
        yield from Material.objects.filter(about).order_by("pk")
