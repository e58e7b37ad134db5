"""Work goes to another person: by delegation, while somebody is away, when somebody has left; with a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.kernel.bulk import bulk_update
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import User
from core.organization.queries import may
from core.organization.services import require
from core.worklist.models import Assignment, Delegation, Kind, Notification
from core.worklist.queries import GIVES_OUT
from core.worklist.queries.standing_in import (
    NEVER_FOR_ANOTHER,
    covers,
    delegations_of,
    fitting,
    substitutes_of,
    successors,
)
from core.worklist.services.telling import tell_each

OPEN = Assignment.Status.OPEN
PLACE = ("to_user", "to_role", "to_permission", "for_user", "also_to", "delegation")
LONGEST = dt.timedelta(days=366)


def place(work: Assignment) -> None:
    """Say, before new work by name is written, who has it now: who does it for somebody away, beside them, or instead.

    Work that fits nobody else stays with the person; of somebody who has left, with whoever gives out work there.
    """
    person = work.to_user
    if person is None or work.kind in NEVER_FOR_ANOTHER:
        return
    if not person.is_active:
        _after_leaving([work], person, successors([person]).get(person.pk))
        return
    by = delegations_of([person.pk], work.kind).get(person.pk)
    if by is None:
        return
    if not by.is_absence:
        if fitting([work], by.to_user):
            work.also_to, work.delegation = by.to_user, by
        return
    last = substitutes_of([person.pk], work.kind).get(person.pk)
    substitute = by.to_user if last == by.to_user_id else User.objects.filter(pk=last or 0).first()
    if fitting([work], substitute):
        work.to_user, work.for_user, work.delegation = substitute, person, by


@service
def delegate(
    *,
    from_user: User,
    to_user: User,
    starts: dt.datetime,
    ends: dt.datetime,
    reason: str,
    kinds: Sequence[str] = (),
    is_absence: bool = False,
    actor: Any,
) -> Delegation:
    """Let another person do somebody's work for a time: beside them, or (`is_absence`) in their place.

    For oneself, or with the right to give out work where the person works. `kinds` of work, or all but training and
    acknowledgements. Open work goes over at once when it has begun, else when it begins. Raises `Blocked`.
    """
    person = User.objects.select_for_update().get(pk=from_user.pk)  # two at once see each other
    if actor.pk != person.pk:
        require(actor, GIVES_OUT, person)
    delegation = Delegation(
        from_user=person,
        to_user=to_user,
        starts=starts,
        ends=ends,
        kinds=sorted(set(kinds)),
        reason=reason.strip(),
        is_absence=is_absence,
    )
    if blockers := list(_against(delegation)):
        raise Blocked(blockers)
    delegation.save()
    if starts <= now():
        _pass_on(delegation)
    return delegation


def _against(delegation: Delegation) -> Iterable[Blocker]:
    """What stands against it, each with what to do instead."""
    person, other = delegation.from_user, delegation.to_user
    if not delegation.reason:
        yield Blocker("reason_missing", _("A reason is needed."), record=person, remedy=_("Write why."))
    if person.pk == other.pk:
        yield Blocker(
            "oneself", _("Nobody stands in for themselves."), record=person, remedy=_("Choose another person.")
        )
    for one in (person, other):
        if not one.is_active or one.is_system:
            yield Blocker(
                "person_inactive",
                _("%(who)s is not an active person.") % {"who": one},
                record=one,
                remedy=_("Choose an active person."),
            )
    if delegation.ends <= max(delegation.starts, now()):
        yield Blocker(
            "ends_early", _("The end lies before the beginning, or is over."), record=person,
            remedy=_("Choose a later end."),
        )  # fmt: skip
    if delegation.ends - delegation.starts > LONGEST:
        yield Blocker(
            "too_long",
            _("That is longer than a year."),
            record=person,
            remedy=_("Choose an earlier end, or have the work given to the other person for good."),
        )
    never = [str(Kind(kind).label) for kind in delegation.kinds if kind in NEVER_FOR_ANOTHER]
    if never:
        yield Blocker(
            "never_for_another",
            _("%(kinds)s cannot be done for another.") % {"kinds": ", ".join(never)},
            record=person,
            remedy=_("Leave it out: everybody learns and acknowledges for themselves."),
        )
    overlapping = Delegation.objects.filter(
        Q(from_user=person) | Q(from_user=other, to_user=person, is_absence=True),
        starts__lt=delegation.ends,
        ends__gt=delegation.starts,
    ).select_related("from_user", "to_user")
    for earlier in overlapping:
        if earlier.from_user_id == other.pk:
            if delegation.is_absence:
                yield Blocker(
                    "in_a_circle",
                    _("%(other)s is away then, and %(who)s stands in for them.") % {"other": other, "who": person},
                    record=earlier,
                    remedy=_("Choose somebody who is there."),
                )
        elif not earlier.kinds or not delegation.kinds or set(earlier.kinds) & set(delegation.kinds):
            yield Blocker(
                "delegated_already",
                _("The same work is with %(who)s from %(starts)s until %(ends)s.")
                % {"who": earlier.to_user, "starts": f"{earlier.starts:%Y-%m-%d}", "ends": f"{earlier.ends:%Y-%m-%d}"},
                record=earlier,
                remedy=_("End that first, or choose other days or other kinds of work."),
            )


@service
def end_delegation(*, delegation: Delegation, actor: Any, reason: str) -> Delegation:
    """End it now, before its time: open work comes back. Either of the two may, and whoever may give out work."""
    found = (
        Delegation.objects.select_for_update(of=("self",)).select_related("from_user", "to_user").get(pk=delegation.pk)
    )
    if actor.pk not in (found.from_user_id, found.to_user_id):
        require(actor, GIVES_OUT, found.from_user)
    moment = now()
    if found.ends <= moment:
        raise Blocked(
            Blocker("ended", _("It has ended already."), record=found, remedy=_("Nothing to do: its work is back."))
        )
    if not reason.strip():
        raise Blocked(Blocker("reason_missing", _("A reason is needed."), record=found, remedy=_("Write why.")))
    _end(found, moment)
    return found


def _end(delegation: Delegation, moment: dt.datetime) -> None:
    delegation.ends = max(moment, delegation.starts)
    delegation.ended_early = True
    delegation.save()
    _give_back(delegation)


@service
def keep_delegations(*, actor: Any) -> int:
    """Pass on the open work of what has begun, give back that of what has ended; returns how many were handled.

    Rows that another run holds are left to it; each is handled once, whoever runs the clock.
    """
    moment = now()
    due = Delegation.objects.select_for_update(skip_locked=True, of=("self",)).select_related("from_user", "to_user")
    ended = list(due.filter(ends__lte=moment, returned_at__isnull=True).order_by("pk"))
    for delegation in ended:
        _give_back(delegation)
    begun = list(due.filter(starts__lte=moment, ends__gt=moment, passed_at__isnull=True).order_by("pk"))
    for delegation in begun:
        _pass_on(delegation)
    return len(ended) + len(begun)


def _open_of(person: User) -> list[Assignment]:
    found = Assignment.objects.select_for_update(of=("self",)).select_related("site", "to_user", "for_user")
    return list(found.filter(to_user=person, status=OPEN).order_by("pk"))


def _pass_on(delegation: Delegation) -> None:
    """The open work that fits the other person is theirs too, or theirs alone while its person is away."""
    work = [one for one in _open_of(delegation.from_user) if covers(delegation, one.kind)]
    going = fitting(work, delegation.to_user)
    for one in going:
        one.delegation = delegation
        if delegation.is_absence:
            one.for_user = one.for_user or delegation.from_user
            one.to_user, one.also_to = delegation.to_user, None
        else:
            one.also_to = delegation.to_user
    bulk_update(going, PLACE)
    tell_each([(one, delegation.to_user_id) for one in going], Notification.Cause.REASSIGNED)
    delegation.passed_at = now()
    delegation.save()


def _give_back(delegation: Delegation) -> None:
    """What is still open goes back to whose work it is."""
    work = list(
        Assignment.objects.select_for_update(of=("self",))
        .select_related("for_user")
        .filter(delegation=delegation, status=OPEN)
        .order_by("pk")
    )
    for one in work:
        if one.for_user is not None and one.for_user.is_active:
            one.to_user, one.for_user = one.for_user, None
        one.also_to = one.delegation = None
    bulk_update(work, PLACE)
    if delegation.is_absence and delegation.from_user.is_active:
        back = [(one, delegation.from_user_id) for one in work if one.to_user_id == delegation.from_user_id]
        tell_each(back, Notification.Cause.RETURNED)
    delegation.returned_at = now()
    delegation.save()


@service
def replace_leaver(*, person: User, actor: Any, reason: str = "") -> list[Assignment]:
    """Nothing stays with somebody who has left: their open work goes to their substitute, manager, or who gives it out.

    Training and acknowledgements are taken back: nobody else can do them. What they did for others ends.
    """
    moment = now()
    for delegation in (
        Delegation.objects.select_for_update(of=("self",))
        .filter(Q(from_user=person) | Q(to_user=person), ends__gt=moment)
        .select_related("from_user", "to_user")
        .order_by("pk")
    ):
        if delegation.to_user_id == person.pk:
            _end(delegation, moment)
    work = _open_of(person)
    own = [one for one in work if one.kind in NEVER_FOR_ANOTHER]
    for one in own:
        one.status, one.closed_at, one.closed_by = Assignment.Status.CANCELLED, moment, actor
    bulk_update(own, ["status", "closed_at", "closed_by"])
    others = [one for one in work if one.kind not in NEVER_FOR_ANOTHER]
    by = delegations_of([person.pk], Kind.ACTION).get(person.pk)
    left = _after_leaving(others, person, None if by is None else by.to_user, last=False)
    _after_leaving(left, person, successors([person]).get(person.pk))
    bulk_update(others, PLACE)
    tell_each([(one, one.to_user_id) for one in others if one.to_user_id is not None], Notification.Cause.REASSIGNED)
    for delegation in Delegation.objects.filter(from_user=person, ends__gt=moment).select_related("from_user"):
        _end(delegation, moment)
    return work


def _after_leaving(
    work: list[Assignment], person: User, successor: User | None, *, last: bool = True
) -> list[Assignment]:
    """Give the work that fits the successor to them; what fits nobody waits for whoever gives out work (`last`).

    Returns what is still with the person who left.
    """
    going = {id(one) for one in fitting(work, successor)}
    left = [one for one in work if id(one) not in going]
    for one in work:
        if id(one) in going:
            one.to_user, one.for_user = successor, one.for_user or person
            one.also_to = one.delegation = None
        elif last:
            one.to_user, one.for_user = None, one.for_user or person
            one.to_permission = one.to_permission or GIVES_OUT
            one.also_to = one.delegation = None
    return left


def may_delegate_for(user: Any, person: User) -> bool:
    """Whether somebody may say who does the work of a person."""
    return bool(user.pk == person.pk or may(user, GIVES_OUT, person))
