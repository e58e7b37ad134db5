"""The one lifecycle of everything that is revised: written by one person, approved by another, effective once.

States as in ISO 9001 7.5.3 and 21 CFR 820.40: a draft is reviewed and approved by a second person, becomes effective,
and ends by being superseded or made obsolete. An app declares it for its model and says what each move means there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocker
from core.kernel.lifecycle import Lifecycle, Move, State, Text

STATES = (
    State("draft", _("Draft"), tone="neutral", icon="pencil"),
    State("in_review", _("In review"), tone="info", icon="eye"),
    State("approved", _("Approved"), tone="info", icon="signature"),
    State("effective", _("Effective"), tone="good", icon="check"),
    State("superseded", _("Superseded"), tone="neutral", icon="history", final=True),
    State("obsolete", _("Obsolete"), tone="bad", icon="archive", final=True),
)


def written_by(actor: Any, writers: Collection[int], revision: Any) -> Iterator[Blocker]:
    """Against the approval of a revision by somebody who wrote in its draft, even if another person submitted it."""
    if actor.pk in writers:
        yield Blocker(
            "second_person",
            gettext("%(who)s wrote in this revision; its approval needs another person.") % {"who": actor},
            record=revision,
            remedy=gettext("Ask a colleague with the same right."),
        )


def controlled_revision(label: str, explanations: Mapping[str, Text]) -> Lifecycle:
    """Declare the lifecycle of the revision model `label`; its user field is `author`.

    `explanations` says for every move, in the app's words, what it does. The permissions are the app's
    `submit_`, `approve_`, `make_effective_` and `make_obsolete_<model>`. `ValueError` when a move is not explained.
    `retire` and `restore` are made by a change order (qms.changes) and mean the same everywhere.
    """
    app, model = label.lower().split(".")

    def permission(verb: str) -> str:
        return f"{app}.{verb}_{model}"

    moves = (
        Move(
            "submit",
            ("draft",),
            "in_review",
            _("Submit for review"),
            permission("submit"),
            signature="authored",
            primary=True,
            explanation=explanations.get("submit", ""),
        ),
        Move(
            "approve",
            ("in_review",),
            "approved",
            _("Approve"),
            permission("approve"),
            signature="approved",
            not_by=("author", "submit"),
            primary=True,
            explanation=explanations.get("approve", ""),
        ),
        Move(
            "reject",
            ("in_review",),
            "draft",
            _("Reject"),
            permission("approve"),
            reason_required=True,
            not_by=("author", "submit"),
            explanation=explanations.get("reject", ""),
        ),
        Move(
            "withdraw",
            ("in_review",),
            "draft",
            _("Withdraw"),
            permission("submit"),
            reason_required=True,
            explanation=explanations.get("withdraw", ""),
        ),
        Move(
            "make_effective",
            ("approved",),
            "effective",
            _("Make effective"),
            permission("make_effective"),
            primary=True,
            explanation=explanations.get("make_effective", ""),
        ),
        Move(
            "supersede",
            ("effective",),
            "superseded",
            _("Supersede"),
            permission("make_effective"),
            automatic=True,
            explanation=explanations.get("supersede", ""),
        ),
        Move(
            "discard",
            ("draft", "approved"),
            "obsolete",
            _("Discard"),
            permission("submit"),
            reason_required=True,
            destructive=True,
            explanation=explanations.get("discard", ""),
        ),
        Move(
            "make_obsolete",
            ("effective",),
            "obsolete",
            _("Make obsolete"),
            permission("make_obsolete"),
            signature="approved",
            reason_required=True,
            destructive=True,
            explanation=explanations.get("make_obsolete", ""),
        ),
        Move(
            "retire",
            ("effective",),
            "obsolete",
            _("Retire"),
            permission("make_obsolete"),
            automatic=True,
            explanation=_("Happens when a change that makes it obsolete, or that brought it for a time, says so."),
        ),
        Move(
            "restore",
            ("superseded",),
            "effective",
            _("Restore"),
            permission("make_effective"),
            automatic=True,
            explanation=_("Happens when the temporary change that superseded it has ended."),
        ),
    )
    if unexplained := [move.name for move in moves if not move.explanation]:
        raise ValueError(f"{label}: moves without an explanation: {unexplained}")
    return Lifecycle(label, states=STATES, births=("draft",), moves=moves)
