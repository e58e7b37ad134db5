"""The plan says where else the same may be, before anybody reads it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.capa.guards.records import CAPA, page
from qms.capa.models import Capa
from qms.capa.queries.across import across_of, not_named


@guard(CAPA, "hand_over", title=gettext_lazy("Read across"))
def it_is_read_across(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """In each cycle it was looked where else the same may be, and every line is answered."""
    if record.looked_across != record.cycle:
        yield Blocker(
            "not_looked_across",
            _("Nobody has looked where else the same may be."),
            record=record,
            remedy=_("Look what shares the process."),
            remedy_url=page("look_across", record),
        )
    for line in across_of(record):
        if not line.answer:
            yield Blocker(
                "across_open",
                _("It is not answered whether it applies to “%(where)s”.") % {"where": line},
                record=record,
                remedy=_("Answer it, with the reason."),
                remedy_url=line.get_absolute_url(),
            )


@guard(CAPA, "read_across", title=gettext_lazy("Nothing came to it since"))
def nothing_is_missing(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """What shares the process at the moment of handing over has a line; asked in the deed alone, for it costs."""
    for one in not_named(record):
        yield Blocker(
            "across_new",
            _("“%(where)s” shares the process and was not looked at.") % {"where": one.record},
            record=record,
            remedy=_("Look again what shares the process."),
            remedy_url=page("look_across", record),
        )
