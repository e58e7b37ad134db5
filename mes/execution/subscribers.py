"""What the floor does when something below it happens."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.kernel.deeds import current
from core.kernel.wiring import subscribe
from core.organization.models import Site
from core.worklist.models import Kind as Work
from core.worklist.services import assign
from mes.execution.lifecycle import CHANGE
from mes.execution.models import OrderOperation
from qms.documents.events import DocumentRevisionEffective
from qms.documents.models import DocumentRevision


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
