"""What routings tell changes: that they are controlled, what they affect, what would be missing at a work center."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from django.db.models import F
from django.utils.translation import gettext as _

from core.kernel.deeds import Deed
from core.kernel.wiring import answers
from core.organization.models import Partner, Site
from core.organization.services import system_user
from mes.routing.guards import equipment_exists
from mes.routing.models import (
    Operation,
    OperationMaterial,
    OperationRequirement,
    Routing,
    RoutingRevision,
    ScrapReason,
)
from qms.changes.models import ChangeSuggestion
from qms.changes.questions import (
    Affected,
    AffectedBy,
    ConfigurationKinds,
    ControlledKind,
    ControlledKinds,
    PreviewLine,
    ReleasePreview,
)
from qms.documents.models import DocumentRevision
from qms.risk.queries import assessments_about
from traceability.models import BillOfMaterial, Lot
from traceability.queries import lots_of, purchases_not_delivered

Kind = ChangeSuggestion.Kind
MOST = 20
"""Lots of a material that are suggested one by one."""


def _routings(site: Site, code: str) -> list[Routing]:
    return list(Routing.objects.filter(site=site, code__iexact=code.strip()).select_related("site"))


@answers(ControlledKinds)
def routings_are_controlled(question: ControlledKinds) -> Iterator[ControlledKind]:
    """Orders are made by the effective revision of a routing."""
    yield ControlledKind(
        model=RoutingRevision,
        label=_("Routing"),
        master="routing",
        find=_routings,
        reads=("routing__material", "routing__site"),
    )


@answers(ConfigurationKinds)
def scrap_reasons_are_configuration(question: ConfigurationKinds) -> Iterator[type[ScrapReason]]:
    """The words in which pieces are scrapped."""
    yield ScrapReason


@answers(AffectedBy)
def routings_by_documents(question: AffectedBy) -> Iterator[Affected]:
    """Effective routings with an operation that is done by one of the documents."""
    documents = {one.document_id for one in question.revisions if isinstance(one, DocumentRevision)}
    if not documents:
        return
    found = RoutingRevision.objects.filter(operations__document__in=documents, status="effective")
    named = found.annotate(document=F("operations__document__number")).distinct().order_by("routing__code", "-id")
    for revision in named.select_related("routing__site", "routing__material"):
        words = {"document": revision.document}
        yield Affected(revision, Kind.ROUTING, _("Its operations are done by %(document)s.") % words)


@answers(AffectedBy)
def what_stands_behind_routings(question: AffectedBy) -> Iterator[Affected]:
    """The documents, material, components, training, risks, suppliers and stock behind routings."""
    revisions = {one.pk: one for one in question.revisions if isinstance(one, RoutingRevision)}
    if not revisions:
        return
    routings = {one.routing.material_id: one.routing for one in revisions.values()}
    operations = list(Operation.objects.filter(routing_revision__in=revisions).order_by("routing_revision", "sequence"))
    made_in = {one.pk: revisions[one.routing_revision_id].routing.code for one in operations}
    yield from _named_by_operations(made_in)
    for routing in routings.values():
        yield Affected(routing.material, Kind.MATERIAL, _("It is made by %(routing)s.") % {"routing": routing.code})
    bills = BillOfMaterial.objects.filter(material__in=routings, is_active=True).select_related("material")
    for bill in bills.order_by("pk"):
        named = {"routing": routings[bill.material_id].code}
        yield Affected(bill, Kind.BOM, _("What %(routing)s consumes follows from it.") % named)
    materials = [one.material for one in routings.values()]
    for assessment, record in assessments_about([*materials, *operations], question.site):
        code = made_in[record.pk] if isinstance(record, Operation) else routings[record.pk].code
        words = {"routing": code}
        yield Affected(assessment, Kind.RISK, _("A risk in it is about %(routing)s, or what it makes.") % words)
    yield from _suppliers(made_in, question.site)
    suggested: Counter[int] = Counter()
    for choice in lots_of(materials, question.site):
        lot: Lot = choice.lot
        suggested[lot.material_id] += 1
        if suggested[lot.material_id] <= MOST:
            yield Affected(lot, Kind.STOCK, _("Stock that was made before the change."))


def _named_by_operations(made_in: Mapping[int, str]) -> Iterator[Affected]:
    """The documents that operations are done by and the curricula that they ask for; `made_in` names the routings."""
    documents = DocumentRevision.objects.filter(document__operations__in=made_in, status="effective")
    by = documents.annotate(operation=F("document__operations")).filter(operation__in=made_in)
    for document in by.select_related("document").order_by("pk"):
        named = {"routing": made_in[document.operation]}
        yield Affected(document, Kind.DOCUMENT, _("An operation of %(routing)s is done by it.") % named)
    requirements = OperationRequirement.objects.filter(operation__in=made_in, curriculum__isnull=False)
    for requirement in requirements.select_related("curriculum").order_by("pk"):
        if requirement.curriculum is not None:
            named = {"routing": made_in[requirement.operation_id]}
            yield Affected(requirement.curriculum, Kind.TRAINING, _("%(routing)s asks for it.") % named)


def _suppliers(made_in: Mapping[int, str], site: Site) -> Iterator[Affected]:
    used = OperationMaterial.objects.filter(operation__in=made_in).values_list("material", "operation")
    routings = {material: made_in[operation] for material, operation in used}
    for line in purchases_not_delivered(routings, site):
        supplier: Partner = line.order.supplier
        named = {"routing": routings[line.material_id]}
        yield Affected(supplier, Kind.SUPPLIER, _("Components of %(routing)s are on order.") % named)


@answers(ReleasePreview)
def equipment_that_is_missing(question: ReleasePreview) -> Iterator[PreviewLine]:
    """Work centers without a piece of equipment that a routing asks for."""
    for revision in question.revisions:
        if isinstance(revision, RoutingRevision):
            for blocker in equipment_exists(revision, Deed(actor=system_user("changes"))):
                yield PreviewLine(_("Equipment"), str(blocker.message), revision.get_absolute_url())
