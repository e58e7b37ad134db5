"""Whether a controlled copy may still be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qms.documents.models import ControlledCopy, DocumentRevision


@dataclass(frozen=True)
class CopyStatus:
    """The word of the status page, why it says so, and how it looks."""

    word: str
    reason: str
    tone: str
    icon: str
    current: DocumentRevision | None = None

    @property
    def is_current(self) -> bool:
        """Whether people may work to it."""
        return self.tone == "good"


def copy_status(copy: ControlledCopy) -> CopyStatus:
    """CURRENT or OBSOLETE, and why. What is no longer accounted for as out may not be used either."""
    revision: Any = copy.revision
    if revision.status != "effective":
        rows = DocumentRevision.objects.filter(document=revision.document_id, status="effective")
        current = rows.select_related("document").first()
        said = (
            _("Revision %(code)s is effective now.") % {"code": current.revision}
            if current is not None
            else _("No revision of this document is effective any more.")
        )
        return CopyStatus(_("OBSOLETE"), said, "bad", "alert", current)
    if copy.status != "issued":
        said = _("This copy is registered as “%(state)s”.") % {"state": copy.get_status_display()}
        return CopyStatus(_("OBSOLETE"), said, "bad", "alert", revision)
    if copy.is_expired:
        return CopyStatus(_("OBSOLETE"), _("The time of this copy is over; print a new one."), "bad", "alert", revision)
    return CopyStatus(_("CURRENT"), _("People work to this revision."), "good", "circle-check", revision)
