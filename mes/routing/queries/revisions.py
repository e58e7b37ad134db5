"""Which revisions and operations there are, and what a revision's content is worth as a digest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from core.lifecycle.models import Transition
from core.organization.models import Site, WorkCenter
from core.signing.models import Signature
from core.signing.queries import digest_of, signatures_of
from mes.routing.models import (
    OmittedMaterial,
    Operation,
    OperationMaterial,
    OperationRequirement,
    Routing,
    RoutingRevision,
)
from qms.documents.models import Document
from traceability.models import Material

SEQUENCE_STEP = 10
IN_WORK = ("draft", "in_review", "approved")
"""States of a revision on its way to become effective; a routing has at most one such revision."""


def effective_routings(material: Material, site: Site) -> QuerySet[RoutingRevision]:
    """The effective revisions of every routing by which a material is made at a site, by the routing's code."""
    return (
        RoutingRevision.objects.filter(
            routing__material=material, routing__site=site, routing__is_rework=False, status="effective"
        )
        .select_related("routing__site", "routing__material")
        .order_by("routing__code")
    )


def rework_routings(materials: Iterable[int], site: int) -> QuerySet[RoutingRevision]:
    """The effective revisions of the routings by which goods of these materials are reworked at a site, by code."""
    rows = RoutingRevision.objects.filter(
        routing__material__in=list(materials), routing__site=site, routing__is_rework=True, status="effective"
    )
    return rows.select_related("routing").order_by("routing__code")


def effective_revision_of(routing: Routing) -> RoutingRevision | None:
    """The effective revision of one routing, if it has one."""
    rows = RoutingRevision.objects.filter(routing=routing, status="effective")
    return rows.select_related("routing__site", "routing__material").first()


def effective_routing(material: Material, site: Site) -> RoutingRevision | None:
    """The revision by which the material is made at the site now; the first by code when there are several routings."""
    return effective_routings(material, site).first()


def operations_of(revision: RoutingRevision) -> list[Operation]:
    """The operations in order, with places, documents, materials and requirements, in four queries."""
    materials = OperationMaterial.objects.select_related("material", "uom", "bom_line__component", "bom_line__uom")
    requirements = OperationRequirement.objects.select_related("curriculum", "equipment_class")
    return list(
        Operation.objects.filter(routing_revision=revision)
        .select_related("work_center__area", "document")
        .prefetch_related(Prefetch("materials", materials), Prefetch("requirements", requirements))
        .order_by("sequence")
    )


def parts_seen(operation: Operation) -> str:
    """Names the materials and requirements of an operation as they are, to tell whether they changed since."""
    rows = [*operation.materials.all(), *operation.requirements.all()]
    return " ".join(sorted(f"{row._meta.model_name}:{row.pk}:{row.row_version}" for row in rows))


def omitted_of(revision: RoutingRevision) -> list[OmittedMaterial]:
    """The BOM lines that the revision does not use on purpose."""
    return list(
        OmittedMaterial.objects.filter(routing_revision=revision).select_related("bom_line__component", "bom_line__uom")
    )


def content_hash(revision: RoutingRevision) -> str:
    """SHA-256 of the canonical closure: what the signatures cover and what orders are pinned to."""
    return digest_of(revision)


def next_sequence(revision: RoutingRevision) -> int:
    """The number of an operation added at the end: the next ten."""
    last = Operation.objects.filter(routing_revision=revision).aggregate(last=Max("sequence"))["last"] or 0
    return (last // SEQUENCE_STEP + 1) * SEQUENCE_STEP


def revisions_of(routing: Routing) -> QuerySet[RoutingRevision]:
    """Every revision of a routing, newest first."""
    return routing.revisions.select_related("author", "routing").order_by("-id")


def unfinished_revision(routing: Routing) -> RoutingRevision | None:
    """The revision on its way to become effective (draft, in review, approved), of which there is at most one."""
    return routing.revisions.filter(status__in=IN_WORK).first()


def revisions_using(document: Document, *statuses: str) -> QuerySet[RoutingRevision]:
    """Routing revisions in these states that name the document as an instruction."""
    return (
        RoutingRevision.objects.filter(operations__document=document, status__in=statuses)
        .select_related("routing__site", "routing__material")
        .distinct()
        .order_by("routing__code", "-id")
    )


def next_revision_code(routing: Routing) -> str:
    """The number after the highest numbered revision."""
    numbers = [int(code) for code in routing.revisions.values_list("revision", flat=True) if code.isdecimal()]
    return str(max(numbers, default=0) + 1)


def latest_signature(revision: RoutingRevision, meaning: str) -> Signature | None:
    """The newest signature with this meaning on a revision."""
    found = [signature for signature in signatures_of(revision) if signature.meaning == meaning]
    return found[-1] if found else None


def writer_ids(revision: RoutingRevision) -> set[int]:
    """Everybody who wrote in the draft, from its history and that of its rows; moves are no writing."""
    moves = Transition.objects.filter(
        subject_type=ContentType.objects.get_for_model(RoutingRevision), subject_id=revision.pk
    ).exclude(from_status=None)
    operations = Operation.history.filter(routing_revision_id=revision.pk)
    own, *parts = [
        revision.history.filter(status="draft").exclude(row_version__in=moves.values("record_version")),
        operations,
        OmittedMaterial.history.filter(routing_revision_id=revision.pk),
        OperationMaterial.history.filter(operation_id__in=operations.values("id")),
        OperationRequirement.history.filter(operation_id__in=operations.values("id")),
    ]
    return set(_people(own).union(*map(_people, parts)))


def _people(history: QuerySet[Any]) -> QuerySet[Any, int]:
    return history.order_by().values_list("history_user_id", flat=True)


def routings_with_revisions() -> QuerySet[Routing]:
    """Routings with the code of the effective revision and code and status of the one in work, in one query."""
    revisions = RoutingRevision.objects.filter(routing=OuterRef("pk")).order_by("-id")
    effective = revisions.filter(status="effective")
    in_work = revisions.filter(status__in=IN_WORK)
    return Routing.objects.select_related("site", "material").annotate(
        effective_code=Subquery(effective.values("revision")[:1]),
        in_work_code=Subquery(in_work.values("revision")[:1]),
        in_work_status=Subquery(in_work.values("status")[:1]),
    )


def work_centers_at(site: Site) -> QuerySet[WorkCenter]:
    """The active work centers of a site."""
    return WorkCenter.objects.filter(area__site=site, is_active=True).order_by("code")


def documents_at(site: Site) -> QuerySet[Document]:
    """Documents that are valid at a site and not at their end."""
    return (
        Document.objects.filter(Q(site__isnull=True) | Q(site=site))
        .filter(revisions__status__in=(*IN_WORK, "effective"))
        .distinct()
    )
