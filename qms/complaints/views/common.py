"""What the pages of complaints share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from core.kernel.errors import Blocker
from core.web.views import MovePage
from core.web.views.detail import MoveButton
from qms.complaints.models import Complaint

SEE = "qms_complaints.view_complaint"
ASKED: Mapping[str, Collection[str]] = {
    "triage": ("assessment", "product", "owner", "owner_right"),
    "waive": ("waiver", "reportable"),
    "reopen": ("information",),
    "submit": ("reference", "submitted_on"),
    "acknowledge": ("acknowledged_on",),
}
"""What the page of a move asks for: no reason not to open it."""


def complaints() -> QuerySet[Complaint]:
    """Complaints with what their pages show."""
    return Complaint.objects.select_related(
        "site", "owner", "recorded_by", "material", "lot", "unit__lot", "code", "cause", "customer", "similar_to"
    )


def unasked(move: str, blockers: Sequence[Blocker]) -> list[Blocker]:
    """What stands against a move beside what its page asks for."""
    return [blocker for blocker in blockers if blocker.code not in ASKED.get(move, ())]


def as_offered(button: MoveButton, urls: Mapping[str, str]) -> MoveButton:
    """A move's button without what its page will ask for."""
    move = next((name for name, url in urls.items() if url == button.url), "")
    rest = unasked(move, button.blockers)
    return MoveButton(button.label, button.url, button.is_primary, button.is_destructive, rest)


class DeedPage(MovePage):
    """A deed on a complaint."""

    model = Complaint
    permission = SEE
    gates_later = signatures_later = True

    def get_queryset(self) -> QuerySet[Any]:
        return complaints()

    def blockers(self) -> Sequence[Blocker]:
        return unasked(self.transition.name if self.transition else "", super().blockers())
