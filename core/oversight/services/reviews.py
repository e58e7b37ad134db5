"""The periodic review of access: opened, decided line by line, signed; the next one is asked for in time."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from core.kernel.bulk import bulk_create, bulk_update
from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect
from core.lifecycle.services import begin
from core.organization.models import Grant, Site
from core.organization.services import next_number, require, system_user
from core.organization.services.people import end_grant
from core.oversight.models import AccessReview, AccessReviewLine
from core.oversight.queries import (
    ended_since,
    grants_at,
    grants_beyond,
    last_review,
    last_sign_ons,
    role_changes,
    terminals_used,
    tokens_held,
)
from core.worklist.models import Assignment, Kind
from core.worklist.services import assign, complete_for

ADD = "core_oversight.add_accessreview"
ASKED_BEFORE = dt.timedelta(days=14)
SIGN = "core_oversight.sign_accessreview"


def months_after(moment: dt.datetime, months: int) -> dt.datetime:
    """The same day and time so many months later, or the last day of that month."""
    year, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + year, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


@service
def open_review(*, site: Site, repeat_months: int, actor: Any) -> AccessReview:
    """Write down who holds which role within a site now. Raises `Blocked` while another review of it is open."""
    require(actor, ADD, site)
    Site.objects.select_for_update().get(pk=site.pk)
    running = AccessReview.objects.filter(site=site, status="open").first()
    if running is not None:
        raise Blocked(
            Blocker(
                "review_open",
                _("%(review)s is open.") % {"review": running},
                record=running,
                remedy=_("Sign it, or withdraw it."),
                remedy_url=running.get_absolute_url(),
            )
        )
    before, moment = last_review(site), now()
    review = AccessReview(
        number=next_number(site, "AR"),
        site=site,
        previous=before,
        opened_at=moment,
        opened_by=actor,
        repeat_months=repeat_months,
        next_due=months_after(moment, repeat_months),
        ended="\n".join(ended_since(site, before.opened_at)) if before is not None else "",
    )
    review.full_clean(exclude=["row_version", "status"])
    begin(review, actor=actor)
    _add_lines(review, grants_at(site))
    return review


@service
def take_in_new_grants(*, review: AccessReview, actor: Any, reason: str = "") -> AccessReview:
    """Add a line for each grant that came after the review was opened."""
    locked = _open_and_locked(review, actor)
    _add_lines(locked, grants_beyond(locked))
    return locked


def _open_and_locked(review: AccessReview, actor: Any) -> AccessReview:
    require(actor, ADD, review.site)
    locked = AccessReview.objects.select_for_update(of=("self",)).select_related("site", "previous").get(pk=review.pk)
    if locked.status != "open":
        raise Blocked(Blocker("review_closed", _("This review is closed."), record=locked))
    return locked


def _add_lines(review: AccessReview, grants: Iterable[Grant]) -> None:
    found = list(grants)
    people, before = {grant.user_id for grant in found}, review.previous
    sign_ons, tokens = last_sign_ons(people), tokens_held(people)
    terminals = terminals_used(people, None if before is None else before.opened_at)
    roles = {} if before is None else role_changes({grant.role_id for grant in found}, before.opened_at)
    known = set() if before is None else set(before.lines.values_list("grant_id", flat=True))
    lines = []
    for grant in found:
        changed = [] if before is None or grant.pk in known else [_("new grant")]
        changed += [roles[grant.role_id]] if grant.role_id in roles else []
        changed += [] if grant.user.is_active else [_("the person is deactivated")]
        changed += [] if grant.role.is_active else [_("the role is not active")]
        lines.append(
            AccessReviewLine(
                review=review,
                grant=grant,
                person=grant.user,
                role=str(grant.role),
                place=str(grant.place),
                since=grant.starts,
                until=grant.ends,
                last_sign_on=sign_ons.get(grant.user_id),
                tokens=", ".join(tokens.get(grant.user_id, ())),
                terminals=", ".join(terminals.get(grant.user_id, ())),
                changed="; ".join(changed),
            )
        )
    bulk_create(lines)


@service
def decide_lines(
    *, review: AccessReview, lines: Iterable[AccessReviewLine], decision: str, reason: str, actor: Any
) -> AccessReview:
    """Keep or end the grants of these lines, with a reason; what was decided earlier is replaced.

    Raises `Blocked` without a reason, for a line of another review, and for the actor's own access.
    """
    locked = _open_and_locked(review, actor)
    if decision not in AccessReviewLine.Decision.values:
        raise ValueError(f"unknown decision {decision!r}")
    if not reason.strip():
        raise Blocked(Blocker("reason_missing", _("A reason is needed."), record=locked))
    wanted = {line.pk for line in lines}
    found = list(locked.lines.filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk"))
    if not found or len(found) != len(wanted):
        raise Blocked(
            Blocker("lines", _("Name lines of this review."), record=locked, remedy=_("Choose them on its page."))
        )
    if any(line.person_id == actor.pk for line in found):
        raise Blocked(
            Blocker(
                "own_access",
                _("Nobody decides about their own access."),
                record=locked,
                remedy=_("Leave your own lines to somebody else who may review."),
            )
        )
    for line in found:
        line.decision, line.reason, line.decided_by = decision, reason.strip(), actor
    bulk_update(found, ["decision", "reason", "decided_by"])
    return locked


@service
def open_reviews(*, sites: Iterable[Site], repeat_months: int, actor: Any) -> list[AccessReview]:
    """Open a review of each of these sites that has none open; `Blocked` when there is no such site."""
    running = set(AccessReview.objects.filter(status="open").values_list("site_id", flat=True))
    wanted = [site for site in sites if site.pk not in running]
    if not wanted:
        raise Blocked(
            Blocker("no_site", _("A review of every one of these sites is open."), remedy=_("Sign those, or withdraw."))
        )
    return [open_review(site=site, repeat_months=repeat_months, actor=actor) for site in wanted]


@effect(AccessReview, "sign")
def end_what_was_decided_to_end(review: AccessReview, deed: Deed) -> None:
    """The grants end through the organization's service; what asked for this review is done."""
    clerk = system_user("access-review")
    ending = review.lines.filter(decision=AccessReviewLine.Decision.END).select_related("grant", "decided_by")
    for line in ending.order_by("pk"):
        if line.grant.ends is None or line.grant.ends > now():
            words = {"review": review.number, "reason": line.reason, "who": line.decided_by}
            end_grant(grant=line.grant, actor=clerk, reason=_("%(review)s, decided by %(who)s: %(reason)s") % words)
    if review.previous is not None:
        complete_for(subject=review.previous, kind=Kind.REVIEW, actor=deed.actor)


@service
def ask_for_due_reviews(*, actor: Any) -> list[Assignment]:
    """Ask, once each, for the reviews that fall due within two weeks; overdue ones escalate like other work."""
    newer = AccessReview.objects.filter(site=OuterRef("site"), status="signed", pk__gt=OuterRef("pk"))
    due = AccessReview.objects.filter(~Exists(newer), status="signed", next_due__lte=now() + ASKED_BEFORE)
    locked = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("site").order_by("pk"))
    # What was asked is read after the locks were won, so that a run that has just committed is seen.
    asked = Assignment.objects.filter(
        subject_type=ContentType.objects.get_for_model(AccessReview), subject_id__in=[one.pk for one in locked]
    )
    known = set(asked.values_list("subject_id", flat=True))
    return [
        assign(
            subject=review,
            kind=Kind.REVIEW,
            title=_("Review who holds which role at %(site)s") % {"site": review.site},
            to_permission=SIGN,
            site=review.site,
            due_at=review.next_due,
            actor=actor,
        )
        for review in locked
        if review.pk not in known
    ]
