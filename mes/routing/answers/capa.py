"""What routings tell corrective actions: that an action may be bound to a revision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.wiring import answers
from core.organization.models import Site
from mes.routing.models import Operation, OperationRequirement, Routing, RoutingRevision
from qms.capa.questions import Alike, AlikeTo, BoundKind, BoundKinds, Reached
from qms.documents.models import DocumentRevision

IN_FORCE = ("effective", "superseded")


def _revisions(site: Site, code: str) -> list[RoutingRevision]:
    """The revisions of a routing that are on their way or in force, the newest first."""
    found = RoutingRevision.objects.filter(routing__site=site, routing__code__iexact=code.strip())
    return list(found.exclude(status__in=("obsolete", "discarded")).select_related("routing__site").order_by("-pk")[:5])


@answers(BoundKinds)
def routings_bind_actions(question: BoundKinds) -> Iterator[BoundKind]:
    """An action on how something is made is done when the revision of its routing is effective."""
    yield BoundKind(
        "routing",
        _("Routing revision"),
        RoutingRevision,
        _revisions,
        lambda one: Reached(one.status in IN_FORCE, one.get_status_display()),
        _("the revision is effective"),
    )


@answers(AlikeTo)
def routings_that_share_the_process(question: AlikeTo) -> Iterator[Alike]:
    """Routings in force, of any site, that share material, instruction, work center or kind of equipment."""
    documents = {one.document_id for one in question.bound if isinstance(one, DocumentRevision)}
    bound = {one.routing_id for one in question.bound if isinstance(one, RoutingRevision)}
    effective = Operation.objects.filter(routing_revision__status="effective")
    about = Q(routing_revision__routing__in=bound) | Q(
        routing_revision__routing__material__in=question.materials, routing_revision__routing__site=question.site
    )
    own = list(effective.filter(about).values_list("pk", "routing_revision__routing", "document", "work_center"))
    itself = {routing for _pk, routing, _document, _center in own} | bound
    documents |= {document for _pk, _routing, document, _center in own if document}
    centers = {center for _pk, _routing, _document, center in own if center}
    needed = OperationRequirement.objects.filter(equipment_class__isnull=False)
    classes = set(needed.filter(operation__in=[row[0] for row in own]).values_list("equipment_class", flat=True))
    elsewhere = Routing.objects.filter(material__in=question.materials, revisions__status="effective")
    for routing in elsewhere.exclude(pk__in=itself).select_related("site", "material").distinct().order_by("pk"):
        yield Alike(routing, _t("It makes %(material)s at %(site)s.") % {
            "material": routing.material, "site": routing.site
        })  # fmt: skip
    others = effective.exclude(routing_revision__routing__in=itself).order_by("pk")
    joined = others.select_related("routing_revision__routing", "document", "work_center")
    for operation in joined.filter(Q(document__in=documents) | Q(work_center__in=centers)):
        shared = operation.document if operation.document_id in documents else operation.work_center
        words = {"operation": operation, "shared": shared}
        yield Alike(operation.routing_revision.routing, _t("%(operation)s shares %(shared)s.") % words)
    alike = needed.filter(operation__in=others, equipment_class__in=classes).order_by("pk")
    for requirement in alike.select_related("operation__routing_revision__routing", "equipment_class"):
        operation, kind = requirement.operation, requirement.equipment_class
        named: dict[str, Any] = {"operation": operation, "shared": kind}
        yield Alike(operation.routing_revision.routing, _t("%(operation)s shares %(shared)s.") % named)
