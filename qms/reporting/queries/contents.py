"""What a report says: sections of figures, charts and rows, read at once when the report is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.wiring import ask
from core.organization.models import Site
from core.web.markup import number
from core.worklist.models import Assignment
from core.worklist.models import Kind as Work
from qms.capa.lifecycle import OPEN_STATES as CAPA_OPEN
from qms.capa.models import Capa
from qms.nonconformance.models import NonConformance
from qms.nonconformance.queries import OPEN_STATES
from qms.reporting.models import ReportRun, ReportSchedule
from qms.reporting.queries.charts import Asked, Pareto, counted, pareto
from qms.reporting.queries.keyfigures import KeyFigure, key_figures
from qms.reporting.questions import ReleaseFigures
from qms.training.lifecycle import UNDONE
from qms.training.models import TrainingAssignment, TrainingRecord

MOST_ROWS = 100
"""Rows of one section; how many more there are is said."""
SLOWEST = 20


@dataclass(frozen=True)
class Section:
    """A part of a report: figures with their definitions, a chart, or rows under a header."""

    title: str
    figures: Sequence[KeyFigure] = ()
    chart: Pareto | None = None
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    more: int = 0
    """Rows that are not shown."""


@dataclass(frozen=True)
class Content:
    """All that a report says, as it was at a moment."""

    read_at: dt.datetime
    sections: Sequence[Section] = field(default_factory=list)


def _day(moment: dt.datetime | None) -> str:
    return "–" if moment is None else str(date_format(moment, "Y-m-d"))


def _rows(
    title: str, header: Sequence[str], found: QuerySet[Any], made: Callable[[Any], Sequence[Any]], order: Sequence[str]
) -> Section:
    """The first rows of a query as a section, and how many more there are."""
    total = found.count()
    rows = [[str(cell) for cell in made(one)] for one in found.order_by(*order)[:MOST_ROWS]]
    return Section(f"{title} ({total})", header=header, rows=rows, more=max(total - MOST_ROWS, 0))


def _asked(run: ReportRun) -> Asked:
    return Asked(run.site, run.begins_on, run.ends_on)


def _figures(run: ReportRun, *groups: str) -> list[Section]:
    """The key figures of the report's days, of these groups."""
    found = key_figures(run.site, run.begins_on, run.ends_on, lambda right: True)
    return [Section(str(one.label), figures=one.figures) for one in found if one.code in groups]


def _quality(run: ReportRun) -> list[Section]:
    site, asked = run.site, _asked(run)
    reported = counted(asked).select_related("defect_code", "owner")
    late = NonConformance.objects.filter(site=site, status__in=OPEN_STATES, due_at__lt=now()).select_related("owner")
    capas = Capa.objects.filter(site=site, status__in=CAPA_OPEN).select_related("owner")
    bars = pareto(asked, "defect")
    charts = [Section(_("By defect code"), chart=bars)] if bars.bars else []
    header = [_("Number"), _("Title"), _("Severity"), _("State"), _("Owner"), _("Due")]
    return [
        *_figures(run, "nonconformances", "capas"),
        *charts,
        _rows(
            _("Reported"), header, reported,
            lambda one: (one.number, one.title, one.get_severity_display(), one.get_status_display(), one.owner or "–",
                         _day(one.due_at)),
            ("pk",),
        ),
        _rows(
            _("Overdue nonconformances"), header, late,
            lambda one: (one.number, one.title, one.get_severity_display(), one.get_status_display(), one.owner or "–",
                         _day(one.due_at)),
            ("due_at", "pk"),
        ),
        _rows(
            _("Open CAPAs"), [_("Number"), _("Title"), _("State"), _("Owner"), _("Due")], capas,
            lambda one: (one.number, one.title, one.get_status_display(), one.owner or "–", _day(one.due_at)),
            ("due_at", "pk"),
        ),
    ]  # fmt: skip


def overdue_work(site: Site) -> QuerySet[Assignment]:
    """Open work at a site that is overdue; what was escalated from it is the same work and not counted again."""
    found = Assignment.objects.filter(site=site, status=Assignment.Status.OPEN, due_at__lt=now())
    return found.exclude(kind=Work.ESCALATION)


def _overdue(run: ReportRun) -> list[Section]:
    late = overdue_work(run.site)
    kinds = dict(Work.choices)
    by_kind = late.order_by().values("kind").annotate(number=Count("pk")).order_by("-number")
    summary = [[str(kinds[row["kind"]]), str(row["number"])] for row in by_kind]
    return [
        Section(_("By kind"), header=[_("Kind"), _("Number")], rows=summary),
        _rows(
            _("Overdue work"), [_("Due"), _("Kind"), _("What"), _("About"), _("Who")], late.select_related("to_user"),
            lambda one: (_day(one.due_at), one.get_kind_display(), one.title, one.subject_label,
                         one.to_user or one.to_role or _("whoever holds the right")),
            ("due_at", "pk"),
        ),
    ]  # fmt: skip


def _training(run: ReportRun) -> list[Section]:
    theirs = TrainingAssignment.objects.filter(user__home_site=run.site, status__in=UNDONE)
    span = _asked(run).span
    done = TrainingRecord.objects.filter(
        user__home_site=run.site, stamped_at__gte=span.begins, stamped_at__lt=span.until
    )
    late = Q(due_at__lt=now())
    grouped = (
        theirs.order_by()
        .values("curriculum__code", "curriculum__name")
        .annotate(number=Count("pk"), late=Count("pk", filter=late))
    )
    rows = [
        [f"{row['curriculum__code'] or '–'} {row['curriculum__name'] or ''}".strip(), str(row["number"]),
         str(row["late"])]
        for row in grouped.order_by("-late", "-number", "curriculum__code")
    ]  # fmt: skip
    people = theirs.filter(late).select_related("user", "curriculum", "document_revision__document")
    return [
        *_figures(run, "training"),
        Section(_("Completed in the time"), header=[_("Trainings")], rows=[[str(done.count())]]),
        Section(
            _("By curriculum"), header=[_("Curriculum"), _("Open"), _("Overdue")], rows=rows[:MOST_ROWS],
            more=max(len(rows) - MOST_ROWS, 0),
        ),
        _rows(
            _("Overdue"), [_("Person"), _("What"), _("Due")], people,
            lambda one: (one.user, one.document_revision or one.curriculum or "–", _day(one.due_at)),
            ("due_at", "pk"),
        ),
    ]  # fmt: skip


def _release(run: ReportRun) -> list[Section]:
    times = next(iter(ask(ReleaseFigures(_asked(run).span, slowest=SLOWEST))), None)
    slowest = [] if times is None else times.slowest
    rows = [[label, number(round(took.total_seconds() / 86400, 1))] for label, took in slowest]
    return [
        *_figures(run, "releases"),
        Section(_("The slowest"), header=[_("Production record"), _("Days")], rows=rows),
    ]


CONTENTS: Mapping[str, Callable[[ReportRun], list[Section]]] = {
    ReportSchedule.Kind.QUALITY: _quality,
    ReportSchedule.Kind.OVERDUE: _overdue,
    ReportSchedule.Kind.TRAINING: _training,
    ReportSchedule.Kind.RELEASE: _release,
}


def content_of(run: ReportRun) -> Content:
    """Read all that a report says. States and overdue work are those of now, counts those of the report's days."""
    return Content(now(), CONTENTS[run.kind](run))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Promise) else value


def as_data(run: ReportRun, content: Content) -> dict[str, Any]:
    """The same as data, which is attached to the sealed PDF."""
    return {
        "number": run.number,
        "kind": run.kind,
        "site": run.site.code,
        "begins_on": run.begins_on.isoformat(),
        "ends_on": run.ends_on.isoformat(),
        "read_at": content.read_at.isoformat(),
        "sections": [
            {
                "title": one.title,
                "figures": [
                    {"code": figure.code, "label": str(figure.label), "value": figure.value, "unit": str(figure.unit),
                     "made_of": figure.made_of, "definition": str(figure.definition)}
                    for figure in one.figures
                ],
                "chart": [] if one.chart is None else [{"name": b.name, "count": b.count} for b in one.chart.bars],
                "header": [_plain(title) for title in one.header],
                "rows": [list(row) for row in one.rows],
                "more": one.more,
            }
            for one in content.sections
        ],
    }  # fmt: skip
