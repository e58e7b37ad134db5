"""What forbids a move of a disposal."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.retention.models import Disposal
from core.retention.queries import rows_present


@guard(Disposal, "carry_out", title=gettext_lazy("The rows are deleted"))
def the_rows_are_deleted(disposal: Disposal, deed: Deed) -> Iterator[Blocker]:
    """Nobody says by screen that rows were deleted which are still here."""
    count = rows_present(disposal)
    if count:
        yield Blocker(
            "rows_present",
            _("%(count)d of the rows are still here.") % {"count": count},
            record=disposal,
            remedy=_("The owner of the database runs manage.py dispose_records %(number)d.") % {"number": disposal.pk},
        )
