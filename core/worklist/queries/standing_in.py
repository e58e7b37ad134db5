"""Who does whose work: delegations and absences that run, whom work fits, who may act for whom."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from core.kernel.clock import now
from core.kernel.permissions import view_permission
from core.organization.models import User
from core.organization.queries import people_in_reach, people_seeing, people_who_may
from core.worklist.models import Assignment, Delegation, Kind
from core.worklist.queries import GIVES_OUT

NEVER_FOR_ANOTHER = (Kind.TRAINING, Kind.ACKNOWLEDGEMENT)
"""What somebody learned or took note of, nobody else can have."""
MOST_STEPS = 3
"""How long a chain of people who are all away is followed."""


def running(moment: dt.datetime | None = None) -> models.QuerySet[Delegation]:
    """Delegations and absences that count now."""
    moment = moment or now()
    return Delegation.objects.filter(starts__lte=moment, ends__gt=moment)


def covers(delegation: Delegation, kind: str) -> bool:
    """Whether work of this kind goes by the delegation."""
    return kind not in NEVER_FOR_ANOTHER and (not delegation.kinds or kind in delegation.kinds)


def delegations_of(people: Iterable[int | None], kind: str) -> dict[int, Delegation]:
    """By person: the running delegation or absence by which work of this kind goes to another; one statement.

    Two of one person never overlap for one kind (services.standing_in), so there is at most one each.
    """
    wanted = {person for person in people if person is not None}
    if not wanted or kind in NEVER_FOR_ANOTHER:
        return {}
    found = running().filter(from_user__in=wanted, to_user__is_active=True).select_related("to_user", "from_user")
    return {one.from_user_id: one for one in found.order_by("is_absence", "pk") if covers(one, kind)}


def substitutes_of(people: Iterable[int | None], kind: str) -> dict[int, int]:
    """By person who is away: who has their work now. Somebody away with a substitute who is away too is followed."""
    found: dict[int, int] = {}
    wanted = {person for person in people if person is not None}
    step = wanted
    for _number in range(MOST_STEPS):
        away = {pk: one.to_user_id for pk, one in delegations_of(step, kind).items() if one.is_absence}
        found |= away
        step = set(away.values()) - set(found)
        if not step:
            break
    return {person: end for person in wanted if (end := _last(person, found)) != person}


def _last(person: int, found: dict[int, int]) -> int:
    seen = {person}
    while person in found and found[person] not in seen:
        person = found[person]
        seen.add(person)
    return person


def fitting(work: Sequence[Assignment], person: Any) -> list[Assignment]:
    """The work that a person finds and may do: who sees its records, holds its right, and is not left out of it.

    A statement per kind of record, site and right, not per piece of work.
    """
    if person is None or not person.is_active:
        return []
    groups: dict[tuple[int, int | None, str], list[Assignment]] = defaultdict(list)
    for one in work:
        if one.not_to_id != person.pk:
            groups[one.subject_type_id, one.site_id, one.to_permission].append(one)
    found: list[Assignment] = []
    for (kind, _site, right), some in groups.items():
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is None:
            continue
        people = people_seeing(view_permission(model), some[0].site).filter(pk=person.pk)
        if right and right != GIVES_OUT:
            people = people.filter(pk__in=people_who_may([right], some[0].site).order_by().values("pk"))
        if people.exists():
            found += some
    return found


def acts_for(actor: Any, person: Any, record: models.Model, kind: str = Kind.ACTION) -> bool:
    """Whether somebody may do, under their own name, what another is asked to do with a record.

    While work on it is theirs in place of that person, or by a delegation that runs. Whatever else is asked of whoever
    does it (rights, training, another person than the author) is asked of the one who acts.
    """
    if person is None or actor.pk == person.pk or kind in NEVER_FOR_ANOTHER:
        return False
    by_delegation = Q(to_user=person, also_to=actor, delegation__in=running().filter(to_user=actor))
    return (
        Assignment.objects.filter(
            Q(to_user=actor, for_user=person) | by_delegation,
            subject_type=ContentType.objects.get_for_model(record),
            subject_id=record.pk,
            kind=kind,
            status=Assignment.Status.OPEN,
        )
        .exclude(not_to=actor)
        .exists()
    )


def delegations_seen_by(user: Any) -> models.QuerySet[Delegation]:
    """What a person gave to others and was given, and that of the people whose work they give out."""
    people = people_in_reach(User.objects.all(), user, GIVES_OUT).values("pk")
    return Delegation.objects.filter(Q(from_user=user) | Q(to_user=user) | Q(from_user__in=people)).select_related(
        "from_user", "to_user"
    )


def successors(people: Iterable[User]) -> dict[int, User]:
    """By person: their manager, if active."""
    managers = {one.pk: one.manager_id for one in people if one.manager_id is not None}
    found = User.objects.in_bulk(set(managers.values()))
    return {pk: found[key] for pk, key in managers.items() if found[key].is_active}
