"""Watching a record: who wants to hear of it is told when it moved or somebody spoke about it."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext as _

from core.files.queries import may_see_record
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.lifecycle.models import Transition
from core.worklist.models import Notification, Watch

MOST_WATCHED = 500
"""Records that one person may watch."""
WATCHES_PER_RUN = 500


@service
def watch(*, subject: models.Model, actor: Any) -> Watch:
    """Hear of what happens to a record that one may see, from now on. Raises `Blocked`."""
    if not may_see_record(actor, subject):
        raise Blocked(Blocker("unseen", _("You may not see this record."), remedy=_("Have the right given first.")))
    mine = Watch.objects.filter(user=actor)
    about = {"subject_type": ContentType.objects.get_for_model(subject), "subject_id": subject.pk}
    found = mine.filter(**about).first()
    if found is not None:
        return found
    if mine.count() >= MOST_WATCHED:
        raise Blocked(
            Blocker(
                "too_many_watches",
                _("You watch %(number)d records already.") % {"number": MOST_WATCHED},
                remedy=_("Stop watching some that are closed."),
            )
        )
    newest = Transition.objects.filter(**about).aggregate(newest=Max("pk"))["newest"] or 0
    return Watch.objects.create(user=actor, last_transition=newest, **subject_ref(subject))


@service
def unwatch(*, subject: models.Model, actor: Any) -> int:
    """Hear no more of a record; returns whether it was watched (1) or not (0)."""
    about = {"subject_type": ContentType.objects.get_for_model(subject), "subject_id": subject.pk}
    return Watch.objects.filter(user=actor, **about).delete()[0]


@service
def tell_watchers(*, actor: Any) -> int:
    """Tell whoever watches a record that it moved; each move once, whoever runs the clock. Returns how many lines.

    Moves of one record are committed in the order of their keys, for its row is locked: none is passed over.
    """
    newer = Transition.objects.filter(
        subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"), pk__gt=OuterRef("last_transition")
    )
    found = list(
        Watch.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Exists(newer), user__is_active=True)
        .order_by("pk")[:WATCHES_PER_RUN]
    )
    if not found:
        return 0
    moved = Transition.objects.filter(
        subject_type__in={one.subject_type_id for one in found},
        subject_id__in={one.subject_id for one in found},
        pk__gt=min(one.last_transition for one in found),
    ).order_by("pk")
    of: dict[tuple[int, int], list[Transition]] = {}
    for transition in moved:
        of.setdefault((transition.subject_type_id, transition.subject_id), []).append(transition)
    lines = []
    for one in found:
        news = [t for t in of.get((one.subject_type_id, one.subject_id), ()) if t.pk > one.last_transition]
        one.last_transition = max((t.pk for t in news), default=one.last_transition)
        lines += [_line(one, t) for t in news if t.actor_id != one.user_id]
    Notification.objects.bulk_create(lines, batch_size=2000)
    Watch.objects.bulk_update(found, ["last_transition"])
    return len(lines)


def _line(one: Watch, transition: Transition) -> Notification:
    state = transition.to_status
    model = ContentType.objects.get_for_id(one.subject_type_id).model_class()
    lifecycle = getattr(model, "lifecycle", None)
    words = str(lifecycle.state(state).label) if lifecycle is not None else state
    return Notification(
        user_id=one.user_id,
        cause=Notification.Cause.WATCHED,
        text=f"{one.subject_label}: {words}"[:300],
        subject_type_id=one.subject_type_id,
        subject_id=one.subject_id,
        subject_label=one.subject_label,
    )


def watched_by(user: Any, subject: models.Model) -> bool:
    """Whether a person watches the record."""
    return Watch.objects.filter(
        user=user, subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk
    ).exists()
