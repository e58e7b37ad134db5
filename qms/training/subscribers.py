"""What training does when documents move on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.kernel.wiring import subscribe
from core.lifecycle.events import TransitionPerformed
from core.organization.services import system_user
from qms.documents.events import DocumentRevisionApproved, DocumentRevisionEffective
from qms.documents.models import DocumentRevision
from qms.training.services import assign_for_revision, carry_forward, supersede_older, withdraw_assignments


@subscribe(DocumentRevisionApproved)
def people_learn_it_before_it_counts(event: DocumentRevisionApproved) -> None:
    """Training is asked for at approval, so that it is done when the revision becomes effective."""
    revision = DocumentRevision.objects.select_related("document").get(pk=event.revision_id)
    assign_for_revision(
        revision=revision, actor=system_user("training"), reason=_("%(r)s was approved.") % {"r": revision}
    )


@subscribe(DocumentRevisionEffective)
def what_was_learned_before_is_settled(event: DocumentRevisionEffective) -> None:
    """Older training is superseded, or carried forward where the new revision takes none."""
    revision = DocumentRevision.objects.select_related("document").get(pk=event.revision_id)
    actor, why = system_user("training"), _("%(r)s became effective.") % {"r": revision}
    carry_forward(revision=revision, actor=actor, reason=why)
    supersede_older(revision=revision, actor=actor, reason=why)


@subscribe(TransitionPerformed)
def nobody_learns_what_is_given_up(event: TransitionPerformed) -> None:
    """A revision that was discarded or made obsolete is no longer learned."""
    if isinstance(event.record, DocumentRevision) and event.to_status == "obsolete":
        withdraw_assignments(revision=event.record, actor=system_user("training"))
