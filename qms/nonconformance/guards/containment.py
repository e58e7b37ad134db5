"""Nothing is decided before every place where affected goods are was looked at."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.nonconformance.models import NonConformance
from qms.nonconformance.queries import unanswered

RECORD = "qms_nonconformance.NonConformance"


@guard(RECORD, "send_to_review", "disposition", title=gettext_lazy("Every place is contained"))
def every_place_is_contained(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """Work in progress, stock and shipped goods are answered for, each with its evidence (ISO 13485 8.3.1, 8.3.3)."""
    number = unanswered(record).count()
    if number:
        yield Blocker(
            "containment",
            _("%(number)s places of affected goods are not answered.") % {"number": number},
            record=record,
            remedy=_("Look there, and say of each what was found."),
            remedy_url=f"{record.get_absolute_url()}#containment",
        )
