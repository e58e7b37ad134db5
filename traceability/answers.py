"""What search and the scanner find of this storey: lots, units, materials, places; numbers first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.kernel.wiring import answers
from core.organization.queries import scoped
from core.web.questions import FindRecords, Found, ResolveScan
from core.web.scan import GS
from traceability.models import Lot, Material, SerializedUnit, StorageLocation

BATCH, SERIAL = "10", "21"
_FIXED = {"01": 14, "02": 14, "00": 18, "11": 6, "13": 6, "15": 6, "17": 6}
"""GS1 application identifiers of fixed length, with the length of their values (GS1 General Specifications 7.8.5)."""


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


def element_string(text: str) -> Mapping[str, str]:
    """The GS1 elements of a scanned text that begins like one and fits to its end, else nothing."""
    elements: dict[str, str] = {}
    rest = text.lstrip(GS)
    while rest:
        identifier, rest = rest[:2], rest[2:]
        if identifier in _FIXED:
            length = _FIXED[identifier]
            value, rest = rest[:length], rest[length:].lstrip(GS)
            if len(value) < length or not value.isdigit():
                return {}
        elif identifier in (BATCH, SERIAL):
            value, _separator, rest = rest.partition(GS)
            if not 1 <= len(value) <= 20:
                return {}
        else:
            return {}
        elements[identifier] = value
    return elements


@answers(ResolveScan)
def record_scanned(question: ResolveScan) -> Iterator[Found]:
    """The lot, unit, material or place with exactly this number, as plain text or in a GS1 element string."""
    text = question.scan.text
    plain = [(kind, text) for kind in KINDS]
    elements = element_string(text)
    lot, unit = KINDS[0], KINDS[1]
    if SERIAL in elements:
        plain.append((unit, elements[SERIAL]))
    elif BATCH in elements:
        plain.append((lot, elements[BATCH]))
    for kind, number in plain:
        for record in kind.rows(question.user).filter(**{kind.number: number})[:2]:
            yield kind.found(record, exact=True)
