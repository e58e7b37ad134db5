"""Who could do the planned work if a revision became effective: uncovered work, and the earliest safe date.

Everything is read set-based; whether somebody covers a piece of work is decided by `Heads.covers`, once for the gate,
the waiver and the suggestion.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.errors import Blocker
from core.kernel.wiring import ask
from core.organization.models import Grant, WorkCenter
from core.signing.queries import is_intact, signatures_of
from qms.documents.models import DocumentRevision
from qms.training.lifecycle import UNDONE
from qms.training.models import (
    Qualification,
    ShiftAssignment,
    StaffingWaiver,
    TrainingAssignment,
    TrainingRecord,
)
from qms.training.queries.gate import FOR_EVER, revisions_that_take_training
from qms.training.questions import Demand, ScheduledDemand

HORIZON = dt.timedelta(days=90)
SHOWN = 5


@dataclass(frozen=True)
class Period:
    """From and until; for ever without an end."""

    since: dt.datetime
    until: dt.datetime

    def holds(self, moment: dt.datetime) -> bool:
        return self.since <= moment <= self.until


@dataclass(frozen=True)
class Heads:
    """What is known about people for planned work."""

    allowed: Mapping[tuple[int, str], frozenset[int]] = field(default_factory=dict)
    """People by work center and right."""
    qualified: Mapping[tuple[int, int], Period] = field(default_factory=dict)
    """Periods by person and curriculum."""
    trained: Mapping[int, dt.datetime] | None = None
    """People trained on the revision, until when; None where the revision takes no training."""
    learning: Mapping[int, dt.datetime] = field(default_factory=dict)
    """People with an open assignment on it, and when it is due."""
    shifts: Mapping[int, Sequence[tuple[int, dt.datetime, dt.datetime]]] = field(default_factory=dict)
    """Planned shifts by work center: person, from, until."""

    def on_shift(self, demand: Demand) -> frozenset[int]:
        """Who may do the work and is there; where no shift is planned, everybody counts as there."""
        allowed = self.allowed.get((demand.work_center_id, demand.permission), frozenset())
        planned = self.planned(demand)
        return allowed & planned if planned else allowed

    def planned(self, demand: Demand) -> frozenset[int]:
        """Who is planned at the work center while the work is done."""
        return frozenset(
            person
            for person, since, until in self.shifts.get(demand.work_center_id, ())
            if since < demand.ends_at and until > demand.starts_at
        )

    def covers(self, demand: Demand, *, learned_by: dt.datetime | None = None) -> bool:
        """Whether somebody can do the work. `learned_by`: who has an assignment due by then counts as trained."""
        return any(self.can(person, demand, learned_by=learned_by) for person in self.on_shift(demand))

    def can(self, person: int, demand: Demand, *, learned_by: dt.datetime | None = None) -> bool:
        """Whether one person is qualified when the work begins, and trained."""
        for curriculum in demand.curricula:
            period = self.qualified.get((person, curriculum))
            if period is None or not period.holds(demand.starts_at):
                return False
        if self.trained is None:
            return True
        until = self.trained.get(person)
        if until is not None and until > demand.starts_at:
            return True
        due = self.learning.get(person)
        return learned_by is not None and due is not None and due <= learned_by


@dataclass(frozen=True)
class Staffing:
    """Planned work that nobody could do if the revision became effective, and when it would be safe."""

    uncovered: tuple[Demand, ...]
    earliest: dt.datetime | None = None


def staffing(demands: Collection[Demand], heads: Heads, at: dt.datetime) -> Staffing:
    """What of the work that ends after a moment nobody could do, and the earliest moment from which all is covered.

    Work before that moment is done as before; who is learning counts from the day by which they are asked to be done.
    """
    uncovered = tuple(one for one in demands if one.ends_at > at and not heads.covers(one))
    if not uncovered:
        return Staffing((), at)
    moments = sorted({at, *(one.ends_at for one in demands), *heads.learning.values()})
    for moment in moments:
        if moment >= at and all(heads.covers(one, learned_by=moment) for one in demands if one.ends_at > moment):
            return Staffing(uncovered, moment)
    return Staffing(uncovered)


def heads_for(demands: Collection[Demand], revision: DocumentRevision | None) -> Heads:
    """What is known about the people who may do this work; a fixed number of statements."""
    if not demands:
        return Heads()
    centers = WorkCenter.objects.filter(pk__in={one.work_center_id for one in demands}).select_related("area")
    rights = {one.permission for one in demands}
    people = Grant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=now()),
        starts__lte=now(),
        role__is_active=True,
        role__permissions__permission__in=rights,
        user__is_active=True,
        user__is_system=False,
    ).values_list("user_id", "site_id", "area_id", "work_center_id", "role__permissions__permission")
    allowed: dict[tuple[int, str], set[int]] = {}
    granted = list(people)
    for center in centers:
        for person, site, area, place, right in granted:
            if center.pk == place or center.area_id == area or center.area.site_id == site:
                allowed.setdefault((center.pk, right), set()).add(person)
    wanted = {curriculum for one in demands for curriculum in one.curricula}
    held = Qualification.objects.filter(curriculum__in=wanted, status="active")
    shifts: dict[int, list[tuple[int, dt.datetime, dt.datetime]]] = {}
    planned = ShiftAssignment.objects.filter(
        work_center__in={one.work_center_id for one in demands},
        ends_at__gt=min(one.starts_at for one in demands),
        starts_at__lt=max(one.ends_at for one in demands),
    )
    for place, person, since, until in planned.values_list("work_center_id", "user_id", "starts_at", "ends_at"):
        shifts.setdefault(place, []).append((person, since, until))
    trained, learning = _trained_on(revision)
    return Heads(
        allowed={key: frozenset(found) for key, found in allowed.items()},
        qualified={
            (person, curriculum): Period(since, until or FOR_EVER)
            for person, curriculum, since, until in held.values_list(
                "user_id", "curriculum_id", "valid_from", "valid_until"
            )
        },
        trained=trained,
        learning=learning,
        shifts=shifts,
    )


def _trained_on(revision: DocumentRevision | None) -> tuple[dict[int, dt.datetime] | None, dict[int, dt.datetime]]:
    counting = revisions_that_take_training(revision) if revision is not None else ()
    if not counting:
        return None, {}
    records = TrainingRecord.objects.filter(document_revision__in=counting).order_by().values("user_id")
    ends = records.annotate(until=Max("valid_until"))
    for_ever = set(
        TrainingRecord.objects.filter(document_revision__in=counting, valid_until__isnull=True).values_list(
            "user_id", flat=True
        )
    )
    trained = {row["user_id"]: FOR_EVER if row["user_id"] in for_ever else row["until"] for row in ends}
    open_ones = TrainingAssignment.objects.filter(document_revision__in=counting, status__in=UNDONE)
    return trained, dict(open_ones.order_by("-due_at").values_list("user_id", "due_at"))


def staffing_for_document(revision: DocumentRevision, at: dt.datetime) -> Staffing:
    """What of the planned work that follows the document nobody could do by this revision from a moment on.

    A revision that takes no training, nor follows one that took any, changes nothing about who can do what.
    """
    if not revisions_that_take_training(revision):
        return Staffing((), at)
    site = revision.document.site_id
    found = ask(ScheduledDemand(site, at, at + HORIZON))
    demands = [one for one in found if one.document_id == revision.document_id]
    return staffing(demands, heads_for(demands, revision), at)


def staffing_blockers(revision: Any, found: Staffing, remedy_url: str) -> list[Blocker]:
    """Against a revision that nobody could work to, unless exactly that was waived by a signature."""
    left = [one for one in found.uncovered if one.key not in _waived(revision)] if found.uncovered else []
    if not left:
        return []
    work = ", ".join(f"{one.label} ({date_format(one.starts_at, 'SHORT_DATE_FORMAT')})" for one in left[:SHOWN])
    more = _(" and %(count)s more") % {"count": len(left) - SHOWN} if len(left) > SHOWN else ""
    safe = (
        _("The earliest safe date is %(date)s.") % {"date": date_format(found.earliest, "SHORT_DATETIME_FORMAT")}
        if found.earliest is not None
        else _("No date within ninety days is safe as training stands.")
    )
    return [
        Blocker(
            "nobody_qualified",
            _("Nobody could do planned work by %(revision)s: %(work)s%(more)s.")
            % {"revision": revision, "work": work, "more": more},
            record=revision,
            remedy=_("%(safe)s Train people first, set that date, or have the head of quality waive it.")
            % {"safe": safe},
            remedy_url=remedy_url,
        )
    ]


def waivers_of(revision: Any) -> list[StaffingWaiver]:
    """Every waiver for a revision, newest first."""
    kind = ContentType.objects.get_for_model(revision)
    return list(StaffingWaiver.objects.filter(subject_type=kind, subject_id=revision.pk).order_by("-pk"))


def _waived(revision: Any) -> frozenset[str]:
    """Keys of the work that a signed, unchanged waiver names."""
    return frozenset(
        str(one["key"])
        for waiver in waivers_of(revision)
        if any(is_intact(signature) for signature in signatures_of(waiver))
        for one in waiver.uncovered
    )


@dataclass(frozen=True)
class Candidate:
    """One person for one piece of work: whether they are planned there then, and what they lack."""

    person: int
    is_planned: bool
    lacking: frozenset[int]
    """Curricula for which they are not qualified then."""
    is_trained: bool

    @property
    def can(self) -> bool:
        return self.is_trained and not self.lacking


def candidates(demand: Demand, heads: Heads) -> list[Candidate]:
    """Everybody who may do the work, whoever can first."""
    planned = heads.planned(demand)
    found = []
    for person in heads.allowed.get((demand.work_center_id, demand.permission), frozenset()):
        held = {one: heads.qualified.get((person, one)) for one in demand.curricula}
        lacking = frozenset(one for one, period in held.items() if period is None or not period.holds(demand.starts_at))
        until = FOR_EVER if heads.trained is None else heads.trained.get(person)
        found.append(Candidate(person, person in planned, lacking, until is not None and until > demand.starts_at))
    return sorted(found, key=lambda one: (not one.can, not one.is_planned, one.person))
