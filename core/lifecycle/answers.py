"""The part of a record's story that the engine keeps: transitions with their signatures."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.kernel.lifecycle import Lifecycle
from core.kernel.wiring import answers
from core.lifecycle.models import Transition
from core.lifecycle.queries import transitions_of
from core.signing.lifecycle import MEANINGS
from core.web.questions import TimelineEntry, TimelineOf


@answers(TimelineOf)
def transitions_in_timeline(question: TimelineOf) -> Iterator[TimelineEntry]:
    """One entry per transition: the state reached, who, why, and with which signature."""
    lifecycle = getattr(question.record, "lifecycle", None)
    if not isinstance(lifecycle, Lifecycle):
        return
    for transition in transitions_of(question.record)[-question.limit :]:
        yield _entry(lifecycle, transition)


def _entry(lifecycle: Lifecycle, transition: Transition) -> TimelineEntry:
    reached = lifecycle.by_state.get(transition.to_status)
    move = lifecycle.by_move.get(transition.move)
    title = reached.label if reached else transition.to_status
    return TimelineEntry(
        at=transition.stamped_at,
        title=title if transition.from_status else _("Created as %(state)s") % {"state": title},
        who=str(transition.actor),
        detail=move.label if move else "",
        reason=transition.reason,
        meaning=MEANINGS[transition.signature.meaning] if transition.signature else "",
        tone=reached.tone if reached else "neutral",
    )
