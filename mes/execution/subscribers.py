"""What the floor does when something below it happens."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.kernel.deeds import current
from core.kernel.wiring import subscribe
from core.organization.models import Site
from core.worklist.models import Kind as Work
from core.worklist.services import assign
from mes.execution.lifecycle import CHANGE
from mes.execution.models import Consumption, OrderOperation
from mes.execution.services.changes import carry_out
from mes.execution.services.replaced import supersede_consumption
from mes.execution.services.rework import order_rework
from qms.changes.events import ChangeReleased
from qms.changes.models import WipDecision
from qms.documents.events import DocumentRevisionEffective
from qms.documents.models import DocumentRevision
from qms.nonconformance.events import DispositionApproved
from qms.nonconformance.models import Disposition
from traceability.events import ComponentReplaced
from traceability.models import GenealogyLink


@subscribe(DocumentRevisionEffective)
def ask_about_open_operations(event: DocumentRevisionEffective) -> None:
    """Open operations keep the revision they were released with; at each site somebody decides who may move them."""
    present = current()
    pinned = (
        OrderOperation.objects.filter(
            document_revision__document=event.document_id,
            order__status__in=("released", "in_progress"),
            order__is_sandbox=False,
        )
        .exclude(status="completed")
        .exclude(document_revision=event.revision_id)
    )
    sites = Site.objects.filter(pk__in=pinned.values("order__site")).order_by("pk")
    if present is None or not sites:
        return
    revision = DocumentRevision.objects.select_related("document").get(pk=event.revision_id)
    for site in sites:
        count = pinned.filter(order__site=site).count()
        assign(
            subject=revision,
            kind=Work.REVIEW,
            title=_("%(revision)s is effective; %(count)s open operations still work to an earlier revision")
            % {"revision": revision, "count": count},
            to_permission=CHANGE,
            site=site,
            actor=present.user,
        )


@subscribe(ComponentReplaced)
def tell_the_order_what_is_in_the_unit(event: ComponentReplaced) -> None:
    """What an order consumed into a unit is superseded when the component is taken out, so that both tell the same."""
    present = current()
    used = Consumption.objects.filter(
        link=event.taken_out, reverses__isnull=True, reversed_by__isnull=event.reversal is not None
    ).first()
    if present is None or used is None:
        return
    links = {event.stays: None, event.built_in: event.movement}
    supersede_consumption(
        consumption=used,
        reversal=None if event.reversal is None else GenealogyLink.objects.get(pk=event.reversal),
        links={link: movement for link, movement in links.items() if link is not None},
        actor=present.user,
        reason=event.reason,
    )


@subscribe(ChangeReleased)
def carry_out_the_plan_for_orders(event: ChangeReleased) -> None:
    """Orders finish, go over, or are held in the moment in which the change is released."""
    present = current()
    if present is None:
        return
    decisions = WipDecision.objects.filter(change=event.change_id, applied_at__isnull=True)
    for decision in decisions.select_related("change", "subject_type").order_by("pk"):
        carry_out(decision=decision, actor=present.user)


@subscribe(DispositionApproved)
def put_rework_on_the_floor(event: DispositionApproved) -> None:
    """A signed line that names a routing becomes a released order on exactly its goods, or nothing is signed."""
    line = Disposition.objects.select_related("affected_item__nonconformance").get(pk=event.disposition_id)
    if line.route_id is not None:
        order_rework(line)
