"""From the first word of a change to its submission."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.clock import now
from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.organization.queries import may
from qms.changes.lifecycle import DRAFTING, MANAGE, WORKING
from qms.changes.models import ChangeItem, ChangeOrder

CHANGE = "qms_changes.ChangeOrder"
BY_NUMBER = (ChangeOrder.Effectivity.ORDER, ChangeOrder.Effectivity.LOT, ChangeOrder.Effectivity.SERIAL)
OF_MATERIAL = (ChangeOrder.Effectivity.LOT, ChangeOrder.Effectivity.SERIAL, ChangeOrder.Effectivity.USED_UP)


def _stands_still(record: ChangeOrder, remedy: str) -> Blocker:
    return Blocker(
        "stands_still",
        _("%(change)s is “%(state)s”; this part of it stands still.")
        % {"change": record, "state": record.get_status_display()},
        record=record,
        remedy=remedy,
        remedy_url=record.get_absolute_url(),
    )


@guard(CHANGE, "edit", title=gettext_lazy("Still being written"))
def still_being_written(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """What was approved is what is released (21 CFR 820.40(b))."""
    if record.status not in DRAFTING:
        yield _stands_still(record, _("Have the plan rejected, or ask for another change."))


@guard(CHANGE, "plan", title=gettext_lazy("Still being worked on"))
def still_being_worked_on(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Tasks, revisions and decisions about orders are written until the change is ready, not while it is approved."""
    if record.status not in WORKING:
        yield _stands_still(record, _("Take a ready change back to implementation; a released one stays as it is."))


@guard(CHANGE, "answer", title=gettext_lazy("Not approved yet"))
def suggestions_can_be_answered(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Suggestions are answered before the approval; those of an emergency until its retrospective approval."""
    if record.status not in (*DRAFTING, "implementation") and not (record.is_emergency and record.status == "released"):
        yield _stands_still(record, _("Have the plan rejected, and answer then."))


@guard(CHANGE, "submit", title=gettext_lazy("It says what and why"))
def it_says_what_and_why(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Whoever assesses a change must know what it is and what it is for (ISO 9001 8.5.6, ISO 13485 7.3.9)."""
    for text, code, message in (
        (record.description, "no_description", _("It does not say what changes.")),
        (record.justification, "no_justification", _("It does not say why.")),
    ):
        if not text.strip():
            yield Blocker(code, message, record=record, remedy=_("Write it in the change."))


@guard(
    CHANGE, "submit", "request_approval", "release", "release_on_date", "release_emergency",
    title=gettext_lazy("Something is changed"),
)  # fmt: skip
def something_is_changed(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """A change names at least one revision or one kind of configuration."""
    if not record.items.exists() and not record.scopes.exists():
        yield Blocker(
            "no_items",
            _("The change names nothing that it changes."),
            record=record,
            remedy=_("Name the documents, routings or configuration that it changes."),
            remedy_url=f"{record.get_absolute_url()}?tab=items",
        )


@guard(CHANGE, "submit", "request_approval", title=gettext_lazy("It is said from when it counts"))
def effectivity_is_complete(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """An effectivity by order, lot, serial number or stock names its number and its material (CHG-06)."""
    if record.effectivity in BY_NUMBER and not record.effectivity_mark.strip():
        yield Blocker(
            "effectivity_number",
            _("It counts from a number on, and does not say which."),
            record=record,
            remedy=_("Enter the number of the order or lot, or the serial number."),
        )
    if record.effectivity in OF_MATERIAL and record.effectivity_material_id is None:
        yield Blocker(
            "effectivity_material",
            _("It counts by a number or the stock of a material, and does not say of which."),
            record=record,
            remedy=_("Choose the material."),
        )


@guard(CHANGE, "submit", "request_approval", "release", "release_on_date", "release_emergency",
       title=gettext_lazy("A temporary change has an end"))  # fmt: skip
def a_temporary_change_has_an_end(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """A temporary change says when the revisions before it return, and can return (IATF 16949 8.5.6.1.1)."""
    if not record.is_temporary:
        return
    if record.expires_at is None or record.expires_at <= now():
        yield Blocker(
            "no_expiry",
            _("A temporary change needs a moment in the future at which it ends."),
            record=record,
            remedy=_("Enter when it expires."),
        )
    for item in record.items.filter(action=ChangeItem.Action.OBSOLETE):
        yield Blocker(
            "temporary_obsolete",
            _("%(item)s would be obsolete for good; a temporary change can not return it.") % {"item": item},
            record=item,
            remedy=_("Take the item out, or make the change a permanent one."),
        )


@guard(CHANGE, "submit", "own", title=gettext_lazy("Its owner may work on it"))
def its_owner_may_work_on_it(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Work goes only to somebody who may do it: it would be lost otherwise."""
    if not may(record.owner, MANAGE, record):
        yield Blocker(
            "owner_right",
            _("%(owner)s has no right to plan changes at %(site)s.") % {"owner": record.owner, "site": record.site},
            record=record,
            remedy=_("Choose somebody who has, or have the role given first."),
        )
