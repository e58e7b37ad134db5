"""What search and the scanner find of this storey: lots, units, materials, places; numbers first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.kernel.gs1 import GS, Gs1Error, gtin, is_gtin
from core.kernel.wiring import answers
from core.organization.queries import scoped
from core.web.markup import state_of
from core.web.questions import FindRecords, Found, ResolveScan
from core.web.scan import label_of
from traceability.models import Container, Lot, Material, Recall, RecallLine, SerializedUnit, StorageLocation
from traceability.queries import SSCC, Label, day_at, label_blockers, labels_of, other_date
from traceability.questions import AboutLot, LotLine, LotPart

LABEL = _("GS1 label")
AT_MOST = 20
"""Records of one number that are shown: the same lot number may be given at several sites."""


@dataclass(frozen=True)
class Kind:
    """One kind of record that can be found: by which number, shown with which words."""

    label: str | Promise
    model: type[Model]
    permission: str
    number: str
    words: tuple[str, ...]
    related: tuple[str, ...] = ()
    advice: str | Promise = ""

    def rows(self, user: Any) -> QuerySet[Any]:
        """The records of this kind that the user may see."""
        return scoped(self.model._default_manager.select_related(*self.related), user, self.permission)

    def found(self, record: Any, *, exact: bool) -> Found:
        """The record as a line of the result."""
        detail = record.name if hasattr(record, "name") else str(record.material)
        return Found(
            self.label,
            str(getattr(record, self.number)),
            record.get_absolute_url(),
            detail,
            rank=0 if exact else 1,
            advice=self.advice,
        )


_OPEN_FIRST = _("Open the operation that it goes into, then scan it again.")

KINDS = (
    Kind(_("Lot"), Lot, "traceability.view_lot", "number", ("number", "supplier_lot"), ("material",), _OPEN_FIRST),
    Kind(
        _("Unit"), SerializedUnit, "traceability.view_serializedunit", "serial", ("serial",), ("material",), _OPEN_FIRST
    ),
    Kind(
        _("Material"),
        Material,
        "traceability.view_material",
        "number",
        ("number", "name"),
        advice=_("This is a part number. Scan the label of the lot or of the unit."),
    ),
    Kind(_("Storage location"), StorageLocation, "traceability.view_storagelocation", "code", ("code", "name")),
    Kind(_("Container"), Container, "traceability.view_container", "number", ("number", "sscc")),
)


@answers(FindRecords)
def records_found(question: FindRecords) -> Iterator[Found]:
    """Exact numbers first, then whatever contains the words."""
    for kind in KINDS:
        rows = kind.rows(question.user)
        loose = Q()
        for field in kind.words:
            loose |= Q(**{f"{field}__icontains": question.words})
        exact = rows.filter(**{kind.number: question.words}).annotate(rank=Value(0))
        further = rows.filter(loose).exclude(**{kind.number: question.words}).annotate(rank=Value(1))
        # Each branch reads by an index of its own, and stops at the limit; one statement for both.
        both = exact[: question.limit].union(further[: question.limit], all=True)
        for record in sorted(both, key=lambda found: found.rank)[: question.limit]:
            yield kind.found(record, exact=record.rank == 0)


@answers(ResolveScan)
def record_scanned(question: ResolveScan) -> Iterator[Found]:
    """The lot, unit, material or place with exactly this number, or what a GS1 label names.

    A number of the house comes first: it may begin like an element string. What a label names and is not here, and what
    it says that does not fit the record, is told in words.
    """
    text = question.scan.text
    found = [
        kind.found(record, exact=True)
        for kind in KINDS
        for record in kind.rows(question.user).filter(_called(kind, text))[:AT_MOST]
    ]
    yield from found or _on_label(question)


def _called(kind: Kind, text: str) -> Q:
    """The number of this kind of record; a material also goes by its GTIN, as it stands under the bars."""
    named = Q(**{kind.number: text})
    if kind.model is Container and text:
        return named | Q(sscc=text)
    return named | Q(gtin=gtin(text)) if kind.model is Material and is_gtin(text) else named


def _on_label(question: ResolveScan) -> Iterator[Found]:
    """What the scanned GS1 label names, if it is one."""
    try:
        elements = label_of(question.scan)
    except Gs1Error as error:
        yield Found(LABEL, question.scan.text.replace(GS, " "), "", rank=0, warning=str(error))
        return
    for label in labels_of([elements] if elements else []):
        yield from _named(label, question.user)


def _named(label: Label, user: Any) -> Iterator[Found]:
    """What a label names: the unit before the lot before the material. Records of its GTIN come before others."""
    lot, unit, material, _place, container = KINDS
    records: list[Any] = []
    if sscc := label.elements.get(SSCC):
        records = list(container.rows(user).filter(sscc=sscc))
        if records:
            yield from (container.found(record, exact=True) for record in records)
            return
    if label.serial:
        kind = unit
        records = list(unit.rows(user).select_related("material", "lot").filter(serial=label.serial)[:AT_MOST])
    elif label.lot_number:
        kind = lot
        records = list(lot.rows(user).select_related("material", "site").filter(number=label.lot_number)[:AT_MOST])
    else:
        kind = material
        if label.material is not None:
            records = list(material.rows(user).filter(pk=label.material.pk))
    for record in [one for one in records if kind is material or label.is_of(one.material)] or records:
        found = kind.found(record, exact=True)
        yield found if kind is material else replace(found, warning=_warnings(label, record))
    if not records:
        said = _("No record here that you may see fits this label.")
        yield Found(LABEL, label.elements.bracketed(), "", rank=0, warning=said)


def _warnings(label: Label, record: Any) -> str:
    day = day_at(record.site)
    told = [f"{blocker.message} {blocker.remedy}" for blocker in label_blockers(label, record, day)]
    return " ".join(filter(None, [*told, other_date(label, record)]))


@answers(FindRecords)
def recalls_found(question: FindRecords) -> Iterator[Found]:
    """Recalls and drills by number or title."""
    rows = scoped(Recall.objects.all(), question.user, "traceability.view_recall")
    hits = rows.filter(Q(number__icontains=question.words) | Q(title__icontains=question.words)).order_by("-pk")
    for recall in hits[: question.limit]:
        rank = 0 if recall.number == question.words else 1
        yield Found(recall.get_kind_display(), recall.number, recall.get_absolute_url(), recall.title, rank=rank)


@answers(AboutLot)
def recalls_of_a_lot(question: AboutLot) -> Iterator[LotPart]:
    """The recalls and drills that reached it or a unit of it."""
    reached = RecallLine.objects.filter(Q(lot=question.lot) | Q(unit__lot=question.lot)).values("recall")
    found = scoped(Recall.objects.filter(pk__in=reached), question.user, "traceability.view_recall").order_by("-pk")
    lines = [
        LotLine(f"{recall} · {recall.title}", recall.get_absolute_url(), state_of(recall), recall.started_at)
        for recall in found[: question.limit + 1]
    ]
    yield LotPart("recalls", _("Recalls and drills"), 25, _("None reached it."), lines)
