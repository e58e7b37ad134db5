"""What complaints tell the pages of the apps below: counts, search, scans, the story and signatures of their parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.wiring import answers
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
from qms.complaints.models import Complaint, ComplaintCode
from qms.complaints.queries.content import parts_of
from traceability.models import Material
from traceability.questions import AboutLot, LotLine, LotPart

VIEW = "qms_complaints.view_complaint"


@answers(NavigationCount)
def complaints_to_triage(question: NavigationCount) -> Iterator[Count]:
    """How many wait for their triage, at the sites that the user may see."""
    user = question.user

    def received() -> QuerySet[Complaint]:
        return Complaint.objects.filter(status="received", site__in=sites_of(user, VIEW))

    yield Count("qms_complaints:complaint_list", received, known_rights(user))


@answers(FindRecords)
def complaints_found(question: FindRecords) -> Iterator[Found]:
    """Numbers first, then titles."""
    words = question.words.strip()
    found = Complaint.objects.filter(Q(number__iexact=words) | Q(title__icontains=words))
    for record in scoped(found, question.user, VIEW).order_by("-pk")[: question.limit]:
        yield _found(record, rank=0 if record.number.lower() == words.lower() else 2)


@answers(ResolveScan)
def complaint_scanned(question: ResolveScan) -> Iterator[Found]:
    """The complaint whose number was scanned."""
    found = Complaint.objects.filter(number=question.scan.text)
    for record in scoped(found, question.user, VIEW)[:5]:
        yield _found(record, rank=0)


def _found(record: Complaint, *, rank: int) -> Found:
    return Found(
        kind=_("Complaint"),
        label=record.number,
        url=record.get_absolute_url(),
        detail=f"{record.title} · {record.get_status_display()}",
        rank=rank,
    )


@answers(SignedPartsOf)
def what_is_signed_of_a_complaint(question: SignedPartsOf) -> Iterator[Any]:
    """Triages, decisions, justifications, reopenings and reports are signed one by one."""
    if isinstance(question.record, Complaint):
        yield from parts_of(question.record)


@answers(TimelineOf)
def findings_in_the_timeline(question: TimelineOf) -> Iterator[TimelineEntry]:
    """What was signed on the way is part of the story of a complaint."""
    record = question.record
    if not isinstance(record, Complaint):
        return
    for judged in record.assessments.select_related("actor"):
        yield _told(judged, _("Triage: %(answer)s") % {"answer": judged.get_is_complaint_display()}, judged.reason)
    for decided in record.decisions.select_related("actor", "tree_version__tree"):
        title = f"{decided.tree_version.tree.name}: {decided.result.get('title', '')}"
        tone = "bad" if decided.is_reportable else "neutral"
        yield _told(decided, title, decided.reason or decided.rationale, tone)
    columns = ("stamped_at", "actor__full_name")
    waived = record.waivers.order_by().values_list(Value("waived"), "reason", *columns)
    reopened = record.reopenings.order_by().values_list(Value("reopened"), "information", *columns)
    for what, reason, moment, who in waived.union(reopened, all=True):
        title, tone = (_("Investigation waived"), "neutral") if what == "waived" else (_("New information"), "warn")
        yield TimelineEntry(at=moment, title=title, who=who, reason=reason, tone=tone)


def _told(one: Any, title: str, reason: str, tone: str = "neutral") -> TimelineEntry:
    return TimelineEntry(at=one.stamped_at, title=title, who=str(one.actor), reason=reason, tone=tone)


@answers(AboutLot)
def complaints_of_a_lot(question: AboutLot) -> Iterator[LotPart]:
    """Those about the lot or a unit of it."""
    about = Complaint.objects.filter(Q(lot=question.lot) | Q(unit__lot=question.lot))
    found = scoped(about, question.user, VIEW).order_by("-pk")
    lines = [
        LotLine(f"{one.number} · {one.title}", one.get_absolute_url(), state_of(one), one.recorded_at)
        for one in found[: question.limit + 1]
    ]
    more = reverse("qms_complaints:complaint_list")
    yield LotPart("complaints", _("Complaints"), 35, _("Nobody complained of it."), lines, more)


def _by_number(site: Site, number: str) -> list[Complaint]:
    return list(Complaint.objects.filter(site=site, number__iexact=number.strip())[:5])


@answers(SourceKinds)
def complaints_raise_capas(question: SourceKinds) -> Iterator[SourceKind]:
    """What somebody outside says is wrong may have a cause that others share."""
    yield SourceKind(CapaSource.Kind.COMPLAINT, gettext_lazy("Complaint"), Complaint, _by_number)


def _received(window: Window) -> int:
    zone = ZoneInfo(window.site.time_zone)
    first, end = window.begins.astimezone(zone), window.until.astimezone(zone)
    found = Complaint.objects.filter(
        site=window.site, received_on__gte=first.date(), received_on__lt=end.date()
    ).exclude(is_complaint="no")
    if window.sort:
        found = found.filter(code__code=window.sort)
    if window.material is not None:
        found = found.filter(material=window.material)
    return found.count()


def _codes() -> list[tuple[str, str]]:
    rows = ComplaintCode.objects.filter(kind="event", is_active=True).order_by("code")
    return [(one.code, str(one)) for one in rows]


@answers(EventKinds)
def complaints_are_counted(question: EventKinds) -> Iterator[MetricKind]:
    """Complaints by the day they were received, whole days at the site, of an event code where one is named."""
    yield MetricKind("complaints", gettext_lazy("Complaints"), _received, _codes)


@answers(MaterialsBehind)
def the_product_complained_of(question: MaterialsBehind) -> Iterator[Material]:
    """A complaint is about its product, where that was identified."""
    if isinstance(question.source, Complaint) and question.source.material is not None:
        yield question.source.material
