"""Reading a recall: its lines, what is decided, how much is accounted for, what stands against its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.jobs.queries import jobs_of
from core.kernel.errors import Blocker
from core.printing.models import PrintedRecord
from traceability.models import Hold, Lot, Recall, RecallDecision, RecallLetter, RecallLine, SerializedUnit
from traceability.models.spelling import spelled
from traceability.queries.recall_data import has_many_lines, joined_as_sets

Where = RecallLine.Where
Disposition = RecallDecision.Disposition

DECIDED = RecallDecision.objects.filter(line=OuterRef("pk"))
OVERVIEW_KEPT = 60
"""Seconds."""
NAMED = 5
"""Starting lots and units that stand in the words of the scope; the others are counted."""


def lines_of(recall: Recall) -> QuerySet[RecallLine]:
    """The lines as the last trace left them, with `is_open`, `decision` and what their pages show."""
    present = RecallDecision.objects.filter(superseded_by__isnull=True).select_related("actor")
    return (
        RecallLine.objects.filter(recall=recall, superseded_by__isnull=True)
        .select_related("recall", "lot", "unit__lot", "material__uom", "location", "customer")
        .select_related("shipment_line__shipment__site", "shipment_line__container", "shipment_line__movement")
        .prefetch_related(Prefetch("decisions", present, to_attr="present"))
    )


def is_open() -> Q:
    """Condition on lines: somebody has to decide about it, and nobody has."""
    return Q(settled="") & ~Q(Exists(DECIDED))


def open_lines(recall: Recall) -> QuerySet[RecallLine]:
    """The lines that wait for a decision."""
    return RecallLine.objects.filter(is_open(), recall=recall, superseded_by__isnull=True)


def chosen_lines(lines: QuerySet[RecallLine], *, where: str = "", customer: Any = None) -> QuerySet[RecallLine]:
    """Those at one kind of place, with one customer, or both."""
    if where:
        lines = lines.filter(where=where)
    return lines.filter(customer=customer) if customer is not None else lines


def present_decision(line: RecallLine) -> RecallDecision | None:
    """What is decided about a line now."""
    return line.decisions.filter(superseded_by__isnull=True).select_related("actor").first()


def is_traced(recall: Recall) -> bool:
    """Whether a trace of it waits or runs."""
    return any(job.is_active and job.handler == "traceability.trace_recall" for job in jobs_of(recall))


def against_closing(recall: Recall) -> Iterator[Blocker]:
    """Why a recall cannot be closed yet."""
    if is_traced(recall):
        yield Blocker(
            "tracing",
            _("%(recall)s is being traced.") % {"recall": recall},
            record=recall,
            remedy=_("Wait until the trace has ended."),
        )
    left = open_lines(recall).count()
    if left:
        text = ngettext("%(count)s line is not decided.", "%(count)s lines are not decided.", left)
        yield Blocker(
            "open_lines",
            text % {"count": left},
            record=recall,
            remedy=_("Decide about every line first."),
            remedy_url=recall.get_absolute_url(),
        )


@dataclass(frozen=True)
class MaterialFigures:
    """One material of a recall: how much of it there was, and where that is; what became another lot is told there."""

    number: str
    name: str
    uom: str
    total: Decimal
    on_site: Decimal
    customers: Decimal
    consumed: Decimal
    scrapped: Decimal
    lost: Decimal


@dataclass(frozen=True)
class Figures:
    """What a recall found and how far it is.

    `coverage` is the share, in percent, of what was made or received that is accounted for: the mean over all affected
    lots and units, each by its own quantity, because kilograms and pieces cannot be added. Not accounted for is what
    the records do not resolve and nobody explained, and what was decided as not found.
    """

    lots: int
    units: int
    customers: int
    shipments: int
    orders: int
    lines: int
    to_decide: int
    open: int
    unresolved: int
    coverage: Decimal
    decided: Decimal
    materials: tuple[MaterialFigures, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """As plain data: what is signed, and what is attached to the report."""
        found = {name: str(value) for name, value in self.__dict__.items() if name != "materials"}
        return {
            **found,
            "materials": [{name: str(value) for name, value in one.__dict__.items()} for one in self.materials],
        }


_CURRENT = """
WITH line AS (
  SELECT l.*, d.disposition,
         CASE WHEN l.where = 'unknown' THEN coalesce(d.disposition, '') NOT IN ('explained', 'corrected')
              ELSE coalesce(d.disposition = 'not_found', false) END AS is_lost
  FROM traceability_recallline l
  LEFT JOIN traceability_recalldecision d ON d.line_id = l.id
    AND NOT EXISTS (SELECT FROM traceability_recalldecision x WHERE x.supersedes_id = d.id)
  WHERE l.recall_id = %(recall)s
    AND NOT EXISTS (SELECT FROM traceability_recallline x WHERE x.supersedes_id = l.id)
    AND l.settled <> 'moved'
),
node AS (
  SELECT lot_id, unit_id, sum(quantity) AS total, coalesce(sum(quantity) FILTER (WHERE is_lost), 0) AS lost,
         bool_or(is_lost) AS has_lost
  FROM line GROUP BY lot_id, unit_id
)
"""

_FIGURES = (
    _CURRENT
    + """
SELECT (SELECT count(*) FROM node WHERE lot_id IS NOT NULL), (SELECT count(*) FROM node WHERE unit_id IS NOT NULL),
       count(DISTINCT line.customer_id),
       (SELECT count(DISTINCT s.shipment_id) FROM line
        JOIN traceability_shipmentline s ON s.id = line.shipment_line_id),
       (SELECT count(DISTINCT (o.source_type_id, o.source_id)) FROM traceability_recallorder o
        WHERE o.recall_id = %(recall)s),
       count(*), count(*) FILTER (WHERE settled = ''), count(*) FILTER (WHERE settled = '' AND disposition IS NULL),
       count(*) FILTER (WHERE is_lost),
       (SELECT 100 * avg(CASE WHEN total > 0 THEN 1 - lost / total ELSE 0 END) FROM node WHERE total > 0 OR has_lost)
FROM line
"""
)

_MATERIALS = (
    _CURRENT
    + """
SELECT m.number, m.name, coalesce(nullif(u.pint_unit, ''), u.code),
       coalesce(sum(line.quantity) FILTER (WHERE line.where <> 'became'), 0),
       coalesce(sum(line.quantity) FILTER (WHERE NOT is_lost AND line.where IN ('site', 'production')), 0),
       coalesce(sum(line.quantity) FILTER (WHERE NOT is_lost AND line.where = 'customer'), 0),
       coalesce(sum(line.quantity) FILTER (WHERE NOT is_lost AND line.where = 'consumed'), 0),
       coalesce(sum(line.quantity) FILTER (WHERE NOT is_lost AND line.where IN ('scrapped', 'supplier', 'unknown')), 0),
       coalesce(sum(line.quantity) FILTER (WHERE is_lost), 0)
FROM line JOIN traceability_material m ON m.id = line.material_id JOIN traceability_unitofmeasure u ON u.id = m.uom_id
GROUP BY m.id, u.id ORDER BY m.number
"""
)


def percent(share: Any) -> Decimal:
    """A percentage with one decimal, rounded down: 100 is said only of all."""
    return Decimal(share).quantize(Decimal("0.1"), rounding=ROUND_FLOOR)


def materials_of(recall: Recall) -> tuple[MaterialFigures, ...]:
    """Its materials with their quantities, by number; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_MATERIALS, {"recall": recall.pk})
        return tuple(
            MaterialFigures(number, name, spelled(uom) or uom, *amounts) for number, name, uom, *amounts in cursor
        )


def figures_of(recall: Recall, *, with_materials: bool = True) -> Figures:
    """What it found and how far it is; one statement, whatever its size, and one for the materials."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"recall": recall.pk})
        *counts, coverage = cursor.fetchone()
    lots, units, customers, shipments, orders, lines, to_decide, waiting, unresolved = (int(one) for one in counts)
    decided = percent(100 * (to_decide - waiting) / Decimal(to_decide) if to_decide else 100)
    return Figures(
        lots, units, customers, shipments, orders, lines, to_decide, waiting, unresolved,
        percent(100 if coverage is None else coverage), decided, materials_of(recall) if with_materials else (),
    )  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The lines at one kind of place: how many, and how many wait for a decision."""

    where: str
    label: str
    lines: int
    open: int


def groups_of(recall: Recall) -> list[Group]:
    """The lines counted by where they are, what waits for a decision first; one statement."""
    lines = RecallLine.objects.filter(recall=recall, superseded_by__isnull=True).exclude(settled="moved")
    found = lines.order_by().values("where").annotate(lines=Count("pk"), open=Count("pk", filter=is_open()))
    by_where = {row["where"]: row for row in found}
    known = [(value, label) for value, label in Where.choices if value in by_where]
    groups = [Group(v, str(label), by_where[v]["lines"], by_where[v]["open"]) for v, label in known]
    return sorted(groups, key=lambda group: group.open == 0)


@dataclass(frozen=True)
class CustomerGroup:
    """A customer of a recall: over how many shipments it got something, and how many lines wait for a decision."""

    code: str
    name: str
    shipments: int
    lines: int
    open: int


def customers_of(recall: Recall) -> list[CustomerGroup]:
    """To whom affected goods went, by code; one statement."""
    lines = RecallLine.objects.filter(recall=recall, superseded_by__isnull=True, where=Where.CUSTOMER)
    rows = lines.exclude(settled="moved").order_by("customer__code").values("customer__code", "customer__name")
    counted = rows.annotate(
        shipments=Count("shipment_line__shipment", distinct=True),
        lines=Count("pk"),
        open=Count("pk", filter=is_open()),
    )
    return [
        CustomerGroup(r["customer__code"], r["customer__name"], r["shipments"], r["lines"], r["open"]) for r in counted
    ]


@dataclass(frozen=True)
class Overview:
    """What the page of a recall counts."""

    figures: Figures
    groups: list[Group]
    customers: list[CustomerGroup]


def overview_of(recall: Recall) -> Overview:
    """What the page of a recall counts. Of a large one it is kept until something is found or decided, or a minute.

    Whether it may be closed is never asked here: that is counted anew under its lock.
    """
    if not has_many_lines(recall):
        return _overview(recall)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(id) FROM traceability_recallline), (SELECT max(id) FROM traceability_recalldecision)"
        )
        key = f"recall-overview-{recall.pk}-{recall.row_version}-" + "-".join(str(one) for one in cursor.fetchone())
    kept = cache.get(key)
    if kept is not None:
        return _from_data(kept)
    with joined_as_sets(recall):
        found = _overview(recall)
    cache.set(key, _to_data(found), OVERVIEW_KEPT)
    return found


def _to_data(overview: Overview) -> dict[str, Any]:
    """As the cache holds it: JSON."""
    figures = {**asdict(overview.figures), "materials": ()}
    figures |= {name: str(figures[name]) for name in ("coverage", "decided")}
    groups, customers = ([asdict(one) for one in some] for some in (overview.groups, overview.customers))
    return {"figures": figures, "groups": groups, "customers": customers}


def _from_data(kept: dict[str, Any]) -> Overview:
    shares = {name: Decimal(kept["figures"][name]) for name in ("coverage", "decided")}
    return Overview(
        Figures(**{**kept["figures"], **shares, "materials": ()}),
        [Group(**{**one, "label": str(Where(one["where"]).label)}) for one in kept["groups"]],
        [CustomerGroup(**one) for one in kept["customers"]],
    )


def _overview(recall: Recall) -> Overview:
    figures = figures_of(recall, with_materials=False)
    return Overview(figures, groups_of(recall), customers_of(recall) if figures.customers else [])


def unresolved_lines(recall: Recall) -> QuerySet[RecallLine]:
    """The lines that the records do not resolve, and those that were decided as not found."""
    missing = RecallDecision.objects.filter(
        line__recall=recall, superseded_by__isnull=True, disposition=Disposition.NOT_FOUND
    )
    return (
        lines_of(recall)
        .filter(Q(where=Where.UNKNOWN) | Q(pk__in=missing.values("line")))
        .exclude(settled="moved")
        .order_by("pk")
    )


def scope_words(records: Sequence[Lot | SerializedUnit]) -> str:
    """What a recall begins with, in words; a long list is cut."""
    named = [f"{record} ({record.material.number} {record.material.name})" for record in records[:NAMED]]
    left = len(records) - len(named)
    words = ", ".join(named)
    return _("%(named)s and %(count)s more") % {"named": words, "count": left} if left > 0 else words


def holds_of(recall: Recall) -> QuerySet[Hold]:
    """The holds that a recall placed."""
    return Hold.objects.filter(source_type=ContentType.objects.get_for_model(Recall), source_id=recall.pk)


def letter_lines(recall: Recall, customer: Any) -> list[RecallLine]:
    """What one customer got and has not sent back, by shipment."""
    lines = lines_of(recall).filter(where=Where.CUSTOMER, customer=customer).exclude(settled="moved")
    return list(lines.order_by("shipment_line__shipment__number", "pk"))


def letters_of(recall: Recall) -> QuerySet[PrintedRecord]:
    """The newest edition of each letter of a recall, by customer; one statement."""
    kind = ContentType.objects.get_for_model(RecallLetter)
    printed = PrintedRecord.objects.filter(subject_type=kind, subject_id__in=recall.letters.values("pk"))
    return printed.order_by("subject_id", "-edition").distinct("subject_id")
