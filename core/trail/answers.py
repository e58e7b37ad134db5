"""The part of a record's story that the trail keeps: changed values, and events that changed none."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.records import TrailedModel
from core.kernel.wiring import answers
from core.trail.queries import RecordChange, changes_of, events_of
from core.trail.queries.sealed import sealed_until
from core.trail.queries.watching import alarm_texts
from core.web.access import may
from core.web.questions import Change, TimelineEntry, TimelineOf, Warned, WarningsFor

STATUS = "status"


@answers(TimelineOf)
def changes_in_timeline(question: TimelineOf) -> Iterator[TimelineEntry]:
    """Changes of the record's own columns, old to new. Moves of a lifecycle are told by its engine, not here."""
    if not isinstance(question.record, TrailedModel):
        return
    is_moved, sealed = question.record.lifecycle is not None, sealed_until()
    for change in changes_of(question.record, limit=question.limit):
        entry = _entry(change, is_moved, has_proof=sealed is not None and change.at < sealed)
        if entry is not None:
            yield entry


def _entry(change: RecordChange, is_moved: bool, *, has_proof: bool) -> TimelineEntry | None:
    if change.kind == "created" and is_moved:
        return None
    shown = tuple(
        Change(field.label, field.old, field.new)
        for field in change.changes
        if not (is_moved and field.field == STATUS)
    )
    if change.kind == "changed" and not shown:
        return None
    titles = {"created": _("Created"), "changed": _("Changed"), "deleted": _("Deleted")}
    return TimelineEntry(
        at=change.at,
        title=titles[change.kind],
        who=change.user_name,
        reason=change.reason,
        changes=shown,
        proof_url=reverse("core_trail:proof", args=[change.table, change.key]) if has_proof else "",
    )


@answers(TimelineOf)
def events_in_timeline(question: TimelineOf) -> Iterator[TimelineEntry]:
    """Views, prints, exports and refusals of the record."""
    if not isinstance(question.record, Model):
        return
    for event in events_of(question.record, limit=question.limit):
        yield TimelineEntry(at=event.stamped_at, title=event.text or event.kind.replace("_", " "), who=str(event.actor))


@answers(WarningsFor)
def the_trail_is_in_danger(question: WarningsFor) -> Iterator[Warned]:
    """The running alarm, on every page of who may see the seals."""
    texts = alarm_texts()
    if texts and may(question.user, "core_trail.view_seal"):
        for text in texts:
            yield Warned(text, reverse("core_trail:seal_list"))
