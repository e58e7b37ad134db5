"""Reading complaints: what was decided in their present cycle, what is similar, what their labels name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from core.kernel.deeds import Deed
from core.kernel.gs1 import Gs1Error, parse
from core.kernel.lifecycle import open_states
from core.organization.models import Site, User
from core.organization.queries import may, people_who_may
from qms.capa.models import Capa
from qms.capa.queries import capas, capas_from
from qms.complaints.lifecycle import COMPLAINT, SIMILAR_DAYS
from qms.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintReopening,
    DecisionTreeVersion,
    InvestigationWaiver,
    RegulatoryReport,
    ReportabilityDecision,
)
from qms.complaints.models.complaints import FULL_TEXT
from qms.complaints.queries.trees import effective_versions
from qms.nonconformance.models import NonConformance
from traceability.models import Lot, Material, SerializedUnit
from traceability.queries import Label

OPEN_STATES = tuple(open_states(COMPLAINT))
OWNERS_RIGHTS = ("qms_complaints.view_complaint", "qms_complaints.investigate_complaint")
"""What an owner has to hold at the complaint's site: to open it and to bring it to its end."""
SIMILAR_WORDS = 6
"""So many words of a complaint, the longest, are searched for in others."""


def may_own(user: Any, record: Complaint) -> bool:
    """Whether somebody may see the complaint and do its owner's deeds."""
    return all(may(user, right, record) for right in OWNERS_RIGHTS)


def possible_owners(site: Site) -> QuerySet[User]:
    """Those who may own complaints of a site, by name."""
    return people_who_may(OWNERS_RIGHTS, site)


def assessment_of(record: Complaint) -> ComplaintAssessment | None:
    """The triage of the present cycle."""
    return record.assessments.filter(cycle=record.cycle).last()


def waiver_of(record: Complaint) -> InvestigationWaiver | None:
    """Why it is not investigated in the present cycle."""
    return record.waivers.filter(cycle=record.cycle).last()


def reopening_of(record: Complaint, cycle: int) -> ComplaintReopening | None:
    """What began a cycle."""
    return record.reopenings.filter(cycle=cycle).last()


def decisions_of(record: Complaint) -> list[ReportabilityDecision]:
    """The decisions that stand in the present cycle, by tree."""
    found = record.decisions.filter(cycle=record.cycle, superseded_by__isnull=True)
    return list(found.select_related("tree_version__tree", "actor").order_by("tree_version__tree__code"))


@dataclass(frozen=True)
class Reportability:
    """One tree, and what was decided by it; None while that is open."""

    version: DecisionTreeVersion
    decision: ReportabilityDecision | None


def reportability_of(record: Complaint) -> list[Reportability]:
    """Every tree in force with its decision, and decisions by trees that are in force no more."""
    decided = {one.tree_version.tree_id: one for one in decisions_of(record)}
    found = [Reportability(version, decided.pop(version.tree_id, None)) for version in effective_versions()]
    return [*found, *(Reportability(one.tree_version, one) for one in decided.values())]


def reportability_in(record: Complaint, deed: Deed) -> list[Reportability]:
    """The same, read once for all guards of a deed."""
    return deed.once(("reportability", record.pk), lambda: reportability_of(record))


def reports_of(record: Complaint) -> list[RegulatoryReport]:
    """Its reports to authorities and customers, the first one first."""
    return list(record.reports.select_related("decision__tree_version__tree", "supplement_to", "author").order_by("pk"))


def nonconformances_from(record: Complaint) -> QuerySet[NonConformance]:
    """The nonconformances that were raised from it."""
    kind = ContentType.objects.get_for_model(Complaint)
    return NonConformance.objects.filter(source_type=kind, source_id=record.pk).order_by("-pk")


@dataclass(frozen=True)
class Identified:
    """What the claims of a complaint name here, as far as it is one thing only."""

    material: Material | None = None
    lot: Lot | None = None
    unit: SerializedUnit | None = None

    def __bool__(self) -> bool:
        return any((self.material, self.lot, self.unit))


def read_udi(text: str) -> Label | None:
    """The label that a UDI says; None where it is none of GS1 (it is kept as it was typed)."""
    try:
        return Label(parse(text.strip())) if text.strip() else None
    except Gs1Error:
        return None


def identify(*, site: Site, udi: str = "", lot: str = "", serial: str = "", product: str = "") -> Identified:
    """The material, lot and unit of a site that a UDI, lot number, serial number or part number name.

    A number that several materials have is none until the material is known.
    """
    label = read_udi(udi)
    lot, serial = lot.strip(), serial.strip()
    gtin = ""
    if label is not None:
        gtin, lot, serial = label.gtin, lot or label.lot_number, serial or label.serial
    material = Material.objects.filter(gtin=gtin).first() if gtin else None
    if material is None and product.strip():
        material = Material.objects.filter(number=product.strip()).first()
    unit = _only(SerializedUnit.objects.filter(site=site, serial=serial), material) if serial else None
    found = unit.lot if unit is not None else None
    if found is None and lot:
        found = _only(Lot.objects.filter(site=site, number=lot), material)
    if material is None:
        material = unit.material if unit is not None else found.material if found is not None else None
    return Identified(material, found, unit)


def _only(rows: Any, material: Material | None) -> Any:
    rows = rows.select_related("material") if material is None else rows.filter(material=material)
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def capas_of(record: Complaint) -> list[Capa]:
    """The CAPAs that deal with a complaint, newest first: raised from it, or named by their numbers in its answer."""
    words = {word.strip(".,;:()[]") for word in record.capa_note.split()}
    named = capas().filter(site=record.site_id, number__in=words)
    return list((capas_from(record).order_by() | named).distinct().order_by("-pk"))


def similar_to(
    *,
    site: Site,
    words: str,
    lot: Lot | None = None,
    material: Material | None = None,
    today: dt.date,
    without: Complaint | None = None,
    limit: int = 8,
) -> list[Complaint]:
    """Complaints of the last two years about the same lot, then those of the same product that share words."""
    rows = Complaint.objects.filter(site=site, received_on__gte=today - dt.timedelta(days=SIMILAR_DAYS))
    rows = rows.select_related("code", "lot", "material", "site")
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    found = {one.pk: one for one in rows.filter(lot=lot).order_by("-pk")[:limit]} if lot is not None else {}
    if len(found) < limit and (query := _query(words)) is not None:
        alike = rows.annotate(words=SearchVector("title", "nature", "claimed_product", config=FULL_TEXT))
        alike = alike.filter(words=query)
        if material is not None:
            alike = alike.filter(Q(material=material) | Q(material__isnull=True))
        found |= {one.pk: one for one in alike.order_by("-pk")[: limit - len(found)] if one.pk not in found}
    return list(found.values())[:limit]


def _query(words: str) -> SearchQuery | None:
    plain = {word.strip(".,;:!?()[]“”\"'").lower() for word in words.split()}
    longest = sorted((word for word in plain if len(word) > 3), key=lambda word: (-len(word), word))
    found: SearchQuery | None = None
    for first, second in _pairs(longest[:SIMILAR_WORDS]):
        both: Any = SearchQuery(first, config=FULL_TEXT) & SearchQuery(second, config=FULL_TEXT)
        found = both if found is None else found | both
    return found


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    """Two words in common make it similar; one alone says little."""
    if len(words) == 1:
        return [(words[0], words[0])]
    return [(words[n], other) for n in range(len(words)) for other in words[n + 1 :]]
