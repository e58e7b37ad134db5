"""What stands against merging records, and against closing one whose neighbours nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.nonconformance.models import NonConformance, OtherLot
from qms.nonconformance.queries import item_states

RECORD = "qms_nonconformance.NonConformance"
EDITABLE = ("draft", "open", "under_review")


@guard(RECORD, "close", title=gettext_lazy("Other lots"))
def every_other_lot_is_answered(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """Each lot that may have the same defect is answered, with the reason (21 CFR 211.192)."""
    number = OtherLot.objects.filter(nonconformance=record, answer="").count()
    if number:
        yield Blocker(
            "other_lots",
            _("%(number)s other lots possibly affected are not answered.") % {"number": number},
            record=record,
            remedy=_("Say of each whether it is affected, and why."),
            remedy_url=f"{reverse('qms_nonconformance:otherlot_list')}?nonconformance={record.number}&answered=no",
        )


@guard(RECORD, "merge", title=gettext_lazy("May be merged"))
def duplicate_may_be_merged(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """A duplicate is open, undecided and of the same site and kind; it is merged into another that is open."""
    into = deed.params["into"]
    if into.pk == record.pk:
        yield Blocker(
            "itself", _("A record is not merged into itself."), record=record, remedy=_("Choose the other record.")
        )
        return
    for one in (record, into):
        if one.status not in EDITABLE:
            yield Blocker(
                "not_editable",
                _("%(nonconformance)s is “%(status)s”; only open records are merged.")
                % {"nonconformance": one, "status": one.get_status_display()},
                record=one,
                remedy=_("Name it as the one that is repeated instead."),
            )
    if record.site_id != into.site_id or record.kind != into.kind:
        yield Blocker(
            "other_site",
            _("%(first)s and %(second)s are of different sites or kinds.") % {"first": record, "second": into},
            record=into,
            remedy=_("Keep both, and mention each in the other."),
        )
    for state in item_states(record):
        if state.decided:
            yield Blocker(
                "decided",
                _("A disposition of %(item)s is already signed.") % {"item": state.item},
                record=record,
                remedy=_("Finish this one; merge the other into it where nothing is signed there."),
            )
