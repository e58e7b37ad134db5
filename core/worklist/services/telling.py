"""Lines on people's screens: what came to them, what they asked to hear of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from core.files.queries import may_see_record
from core.kernel.errors import Blocked, Blocker
from core.organization.models import User
from core.worklist.models import Assignment, Comment, Notification, Watch
from core.worklist.queries import people_asked

MENTION = re.compile(r"(?<![\w.@])@([\w][\w.+-]*)")
MOST_MENTIONS = 20
"""People whom one comment may mention."""


def tell(assignment: Assignment, cause: str, *, leave_out: Any = None) -> None:
    """Notify everybody who is asked, except whoever did it."""
    asked = people_asked(assignment)
    if assignment.also_to_id is not None:
        asked |= {assignment.also_to_id}
    tell_each([(assignment, person) for person in sorted(asked) if leave_out is None or person != leave_out.pk], cause)


def tell_each(lines: Iterable[tuple[Assignment, int]], cause: str) -> None:
    """Notify these people (by key) of these pieces of work; one statement."""
    Notification.objects.bulk_create(
        [
            Notification(
                user_id=person,
                assignment=work,
                cause=cause,
                text=work.title,
                subject_type_id=work.subject_type_id,
                subject_id=work.subject_id,
                subject_label=work.subject_label,
            )
            for work, person in lines
        ],
        batch_size=2000,
    )


def people_mentioned(text: str, subject: models.Model) -> list[User]:
    """The active people whose user names stand after an @ in a text; other words after one are just words.

    Raises `Blocked` for somebody who may not see the record, or for too many.
    """
    names = {found.rstrip(".-+").lower() for found in MENTION.findall(text)}
    if not names:
        return []
    known = User.objects.annotate(lower=Lower("username"))
    people: list[User] = list(known.filter(lower__in=names, is_active=True, is_system=False).order_by("pk"))
    if len(people) > MOST_MENTIONS:
        raise Blocked(
            Blocker(
                "too_many_mentions",
                _("A comment mentions at most %(number)d people.") % {"number": MOST_MENTIONS},
                record=subject,
                remedy=_("Mention those who have something to do."),
            )
        )
    blind = [str(person) for person in people if not may_see_record(person, subject)]
    if blind:
        raise Blocked(
            Blocker(
                "mention_unseen",
                _("%(who)s may not see this record.") % {"who": ", ".join(blind)},
                record=subject,
                remedy=_("Leave the @ out, or have the right to see it given first."),
            )
        )
    return people


def tell_of_comment(said: Comment, mentioned: Iterable[User], actor: Any) -> None:
    """Whoever is mentioned reads of it, and whoever watches the record; nobody twice, not who said it."""
    about = {"subject_type_id": said.subject_type_id, "subject_id": said.subject_id}
    told = {person.pk: Notification.Cause.MENTIONED for person in mentioned}
    for person in Watch.objects.filter(**about, user__is_active=True).values_list("user", flat=True):
        told.setdefault(person, Notification.Cause.WATCHED)
    told.pop(actor.pk, None)
    text = f"{said.subject_label}: {said.text}"[:300]
    Notification.objects.bulk_create(
        Notification(user_id=person, cause=cause, text=text, subject_label=said.subject_label, **about)
        for person, cause in sorted(told.items())
    )
