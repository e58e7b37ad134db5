"""Who may do what, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from core.kernel.clock import now
from core.kernel.lifecycle import State
from core.organization.models import User
from qms.training.lifecycle import QUALIFICATION
from qms.training.models import Curriculum, Qualification

OPEN = ("active", "suspended")
EXPIRES_SOON = dt.timedelta(days=30)

EXPIRED = State("expired", gettext_lazy("Expired"), tone="bad", icon="clock")
EXPIRING = State("expiring", gettext_lazy("Expires soon"), tone="warn", icon="clock")
UPCOMING = State("upcoming", gettext_lazy("Not yet"), tone="neutral", icon="clock")


def open_qualification(user: Any, curriculum: Curriculum) -> Qualification | None:
    """The person's qualification that is not revoked, expired or not; there is one at most."""
    return Qualification.objects.filter(user=user, curriculum=curriculum, status__in=OPEN).first()


def standing(qualification: Qualification, at: dt.datetime | None = None) -> State:
    """The word, tone and icon of a qualification at a moment: its state, or that its time is over or near its end."""
    moment = at or now()
    if qualification.status != "active":
        return QUALIFICATION.state(qualification.status)
    if qualification.valid_from > moment:
        return UPCOMING
    if qualification.valid_until is None:
        return QUALIFICATION.state("active")
    if qualification.valid_until < moment:
        return EXPIRED
    return EXPIRING if qualification.valid_until - moment < EXPIRES_SOON else QUALIFICATION.state("active")


@dataclass(frozen=True)
class Cell:
    """What one person may do of one curriculum: nothing without a qualification."""

    curriculum: Curriculum
    qualification: Qualification | None
    state: State | None


@dataclass(frozen=True)
class Row:
    """One person of the matrix with a cell for each curriculum."""

    user: User
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """Person × curriculum: who may do what, until when."""

    curricula: tuple[Curriculum, ...]
    rows: tuple[Row, ...]


def matrix(
    people: list[User], at: dt.datetime | None = None, *, curricula: Sequence[Curriculum] | None = None
) -> Matrix:
    """The qualifications of these people for these curricula, or every active one, in two queries at most."""
    moment = at or now()
    curricula = tuple(Curriculum.objects.filter(is_active=True) if curricula is None else curricula)
    held = {
        (found.user_id, found.curriculum_id): found
        for found in Qualification.objects.filter(
            user__in=people, curriculum__in=curricula, status__in=OPEN
        ).select_related("granted_by")
    }
    return Matrix(curricula, tuple(Row(user, tuple(_cells(user, curricula, held, moment))) for user in people))


def _cells(
    user: User,
    curricula: tuple[Curriculum, ...],
    held: dict[tuple[int, int], Qualification],
    moment: dt.datetime,
) -> list[Cell]:
    found = [(curriculum, held.get((user.pk, curriculum.pk))) for curriculum in curricula]
    return [
        Cell(curriculum, qualification, standing(qualification, moment) if qualification is not None else None)
        for curriculum, qualification in found
    ]


def qualifications_of(user: Any) -> QuerySet[Qualification]:
    """Every qualification a person has or had, newest first."""
    return Qualification.objects.filter(user=user).select_related("curriculum", "granted_by").order_by("-id")
