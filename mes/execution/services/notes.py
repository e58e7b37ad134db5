"""What is written down at a station whatever the state of the work: notes, counts, times, photos, hand-overs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from core.files.services import attach, refuse_other_than_pictures
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import WorkCenter
from core.organization.services import require
from mes.execution.lifecycle import EXECUTE
from mes.execution.models import FloorNote, OrderOperation
from mes.execution.services.results import Outcome

Kind = FloorNote.Kind
NUMBERED = (Kind.COUNT, Kind.TIMER)
AHEAD, BEHIND = dt.timedelta(minutes=5), dt.timedelta(days=7)
"""How far the clock of a station may be from the server's: a device that was put right late, a week without network."""


@service
def leave_note(
    *,
    work_center: WorkCenter,
    kind: str,
    actor: Any,
    order_operation: OrderOperation | None = None,
    text: str = "",
    number: Decimal | None = None,
    photos: Iterable[BinaryIO] = (),
    noted_at: dt.datetime | None = None,
    client_id: uuid.UUID | None = None,
) -> Outcome[FloorNote]:
    """Keep what somebody wrote at a station. It counts for nothing and is gated by nothing but the right to work here.

    A station without network keeps it and sends it later: `noted_at` is what its clock said, `client_id` makes a
    second sending harmless. Raises `Blocked` without the right, when there is nothing in it, when its time is more than
    five minutes ahead or a week old, and for a photo that is no picture.
    """
    require(actor, EXECUTE, work_center)
    WorkCenter.objects.select_for_update(of=("self",), no_key=True).get(pk=work_center.pk)
    known = FloorNote.objects.filter(client_id=client_id).first() if client_id is not None else None
    if known is not None:
        if known.actor_id != actor.pk:
            raise Blocked(
                Blocker(
                    "client_id",
                    _("This note was already kept for somebody else."),
                    remedy=_("Reload the page and write it again."),
                )
            )
        return _kept(known, repeated=True)
    files = list(photos)
    _refuse_empty(kind, text, number, files)
    _refuse_strange_clock(noted_at)
    refuse_other_than_pictures(files)
    if order_operation is not None and order_operation.work_center_id != work_center.pk:
        raise Blocked(
            Blocker(
                "work_center",
                _("%(operation)s does not run here.") % {"operation": order_operation},
                record=order_operation,
                remedy=_("Write the note at the station of that operation."),
            )
        )
    note = FloorNote.objects.create(
        work_center=work_center,
        order_operation=order_operation,
        kind=Kind(kind),
        text=text.strip(),
        number=number if kind in NUMBERED else None,
        noted_at=noted_at or now(),
        client_id=client_id,
    )
    for photo in files:
        attach(photo, to=note, actor=actor, caption=text.strip())
    return _kept(note)


def _refuse_empty(kind: str, text: str, number: Decimal | None, files: list[BinaryIO]) -> None:
    if kind in NUMBERED:
        if number is None or number < 0:
            raise Blocked(Blocker("number", _("There is no number in it."), remedy=_("Enter how many, zero or more.")))
    elif kind == Kind.PHOTO:
        if not files:
            raise Blocked(Blocker("photo", _("There is no photo in it."), remedy=_("Take the photo again.")))
    elif not text.strip():
        raise Blocked(Blocker("text", _("There are no words in it."), remedy=_("Write what others should know.")))


def _refuse_strange_clock(noted_at: dt.datetime | None) -> None:
    """A note is read by the time it bears: a time that cannot be right would be believed."""
    if noted_at is None or now() - BEHIND <= noted_at <= now() + AHEAD:
        return
    raise Blocked(
        Blocker(
            "noted_at",
            _("The note bears the time %(time)s, which cannot be right.") % {"time": f"{noted_at:%Y-%m-%d %H:%M} UTC"},
            remedy=_("Have the clock of this device put right, then write the note again."),
        )
    )


def _kept(note: FloorNote, *, repeated: bool = False) -> Outcome[FloorNote]:
    message = _("Kept: %(note)s.") % {"note": str(note)[:80]}
    if note.kind == Kind.HANDOVER:
        return Outcome(note, message, _("Whoever works here next reads it first."), repeated=repeated)
    return Outcome(note, message, repeated=repeated)
