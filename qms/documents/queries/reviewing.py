"""Who reviews a revision and who did; what people want changed in it."""

from __future__ import annotations

from dataclasses import dataclass

from core.signing.models import Signature
from core.signing.queries import signatures_of
from qms.documents.models import DocumentRevision, ReviewComment, RevisionReviewer


@dataclass(frozen=True)
class ReviewerState:
    """A reviewer and their signature of this round, if they gave it."""

    row: RevisionReviewer
    signature: Signature | None

    @property
    def has_signed(self) -> bool:
        """Whether they signed what stands there now."""
        return self.signature is not None


def reviewers_with_state(revision: DocumentRevision) -> list[ReviewerState]:
    """The reviewers in their order. A signature from before the author's last one belongs to an earlier round."""
    given: dict[int, Signature] = {}
    for signature in signatures_of(revision):
        if signature.meaning == "authored":
            given = {}
        elif signature.meaning == "reviewed":
            given[signature.signer_id] = signature
    rows = revision.reviewers.select_related("reviewer", "revision__document").order_by("position")
    return [ReviewerState(row, given.get(row.reviewer_id)) for row in rows]


def comments_on(revision: DocumentRevision) -> list[ReviewComment]:
    """The comments on a revision, the oldest first."""
    return list(revision.review_comments.select_related("commenter", "answered_by", "revision__document"))
