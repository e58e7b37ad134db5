"""What the worklist tells the pages: how much waits, and what was said."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from core.kernel.records import TrailedModel
from core.kernel.wiring import answers
from core.organization.queries import known_rights, sites_of
from core.web.questions import (
    CommentsGoTo,
    Count,
    NavigationCount,
    SavedFilterLine,
    SavedFilters,
    SavedFiltersOf,
    SignatureLine,
    SignaturesOf,
    TimelineEntry,
    TimelineOf,
    WatchedAt,
)
from core.worklist.models import Kind, SavedFilter
from core.worklist.queries import asked_in_words, comments_on, nobody_may, open_work, role_names, saved_filters, work_of


@answers(NavigationCount)
def waiting_work(question: NavigationCount) -> Iterator[Count]:
    """The number of open pieces of work behind “My work”."""
    user = question.user
    yield Count("core_worklist:assignment_inbox", lambda: work_of(user), known_rights(user))


@answers(TimelineOf)
def comments_in_the_timeline(question: TimelineOf) -> Iterator[TimelineEntry]:
    """Every comment on a record, newest first."""
    if not isinstance(question.record, TrailedModel):
        return
    for comment in comments_on(question.record).order_by("-id")[: question.limit]:
        yield TimelineEntry(at=comment.stamped_at, title=comment.text, who=str(comment.actor), tone="info")


@answers(CommentsGoTo)
def comments_are_taken_here(question: CommentsGoTo) -> Iterator[str]:
    """Every trailed record with a page can be spoken about."""
    record = question.record
    if isinstance(record, TrailedModel) and hasattr(record, "get_absolute_url"):
        kind = ContentType.objects.get_for_model(record)
        yield reverse("core_worklist:comment_create", args=[kind.pk, record.pk])


@answers(WatchedAt)
def records_are_watched_here(question: WatchedAt) -> Iterator[str]:
    """Every trailed record with a page can be watched."""
    record = question.record
    if isinstance(record, TrailedModel) and hasattr(record, "get_absolute_url"):
        kind = ContentType.objects.get_for_model(record)
        yield reverse("core_worklist:watch_change", args=[kind.pk, record.pk])


@answers(SignaturesOf)
def asked_to_sign(question: SignaturesOf) -> Iterator[SignatureLine]:
    """Who is asked for an approval of the record and has not given it."""
    if not isinstance(question.record, TrailedModel):
        return
    for work in open_work(question.record):
        if work.kind == Kind.APPROVAL:
            asked = asked_in_words(work, work.role_name or "")
            yield SignatureLine(name=asked, meaning=work.get_kind_display(), reason=nobody_may(work))


@answers(SavedFiltersOf)
def filters_kept_for(question: SavedFiltersOf) -> Iterator[SavedFilters]:
    """The saved filters of one list, what the list opens with first: one's own default, a role's, the site's."""
    found = list(saved_filters(question.user, question.page))
    shared = any(saved.site_id for saved in found)
    mine = (
        set(sites_of(question.user, "core_worklist.share_savedfilter").values_list("pk", flat=True)) if shared else ()
    )
    names = role_names() if any(saved.to_role for saved in found) else {}
    lines = [
        SavedFilterLine(
            pk=saved.pk,
            name=saved.name,
            query=saved.query,
            note=" · ".join(filter(None, (names.get(saved.to_role, ""), saved.site.code)))
            if saved.site is not None
            else "",
            is_default=saved.is_default,
            remove_url=reverse("core_worklist:savedfilter_remove", args=[saved.pk])
            if saved.site_id is None or saved.site_id in mine
            else "",
        )
        for saved in sorted(found, key=_precedence)
    ]
    yield SavedFilters(lines, reverse("core_worklist:savedfilter_create"))


def _precedence(saved: SavedFilter) -> tuple[bool, bool, bool]:
    return (not saved.is_default, saved.site_id is not None, saved.to_role == "")
