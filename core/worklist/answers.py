"""What the worklist tells the pages: how much waits, and what was said."""

from __future__ import annotations

from collections.abc import Iterator

from core.kernel.records import TrailedModel
from core.kernel.wiring import answers
from core.web.questions import Count, NavigationCount, TimelineEntry, TimelineOf
from core.worklist.queries import comments_on, work_of


@answers(NavigationCount)
def waiting_work(question: NavigationCount) -> Iterator[Count]:
    """The number of open pieces of work behind “My work”."""
    yield Count("core_worklist:assignment_inbox", work_of(question.user).count())


@answers(TimelineOf)
def comments_in_the_timeline(question: TimelineOf) -> Iterator[TimelineEntry]:
    """Every comment on a record, newest first."""
    if not isinstance(question.record, TrailedModel):
        return
    for comment in comments_on(question.record).order_by("-id")[: question.limit]:
        yield TimelineEntry(at=comment.stamped_at, title=comment.text, who=str(comment.actor), tone="info")
