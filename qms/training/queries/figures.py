"""How far training is: by curriculum, and what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.kernel.clock import now
from core.organization.models import Grant, User, WorkCenter
from core.organization.queries import scoped
from qms.training.lifecycle import UNDONE, VIEW_TRAINING
from qms.training.models import Curriculum, TrainingAssignment


@dataclass(frozen=True)
class Compliance:
    """What of a curriculum's training is done, open and overdue; without a curriculum what belongs to none."""

    curriculum_id: int | None
    code: str
    name: str
    done: int
    open: int
    overdue: int
    expired: int

    @property
    def percent(self) -> int | None:
        """The share that is done of what is asked; None where nothing is."""
        asked = self.done + self.open + self.expired
        return round(100 * self.done / asked) if asked else None


@dataclass(frozen=True)
class Figures:
    """Training compliance as a visitor may see it."""

    lines: Sequence[Compliance]

    @property
    def total(self) -> Compliance:
        lines = self.lines
        return Compliance(
            None,
            "",
            "",
            sum(one.done for one in lines),
            sum(one.open for one in lines),
            sum(one.overdue for one in lines),
            sum(one.expired for one in lines),
        )


def compliance(user: Any) -> Figures:
    """Training of the people whom the visitor may see, by curriculum; one statement beside their rights."""
    rows = (
        scoped(TrainingAssignment.objects.all(), user, VIEW_TRAINING)
        .exclude(status__in=("superseded", "waived"))
        .order_by()
        .values("curriculum_id", "curriculum__code", "curriculum__name")
        .annotate(
            done=Count("pk", filter=Q(status="completed")),
            undone=Count("pk", filter=Q(status__in=UNDONE)),
            overdue=Count("pk", filter=Q(status__in=UNDONE, due_at__lt=now())),
            expired=Count("pk", filter=Q(status="expired")),
        )
    )
    lines = [
        Compliance(
            row["curriculum_id"],
            row["curriculum__code"] or "",
            row["curriculum__name"] or "",
            row["done"],
            row["undone"],
            row["overdue"],
            row["expired"],
        )
        for row in rows
    ]
    return Figures(sorted(lines, key=lambda one: (-one.overdue, one.code)))


def working_at(people: QuerySet[User], work_center: WorkCenter) -> QuerySet[User]:
    """Those of the people who have a grant at the work center or above it."""
    reaches = Q(work_center=work_center) | Q(area__work_centers=work_center) | Q(site__areas__work_centers=work_center)
    running = Grant.objects.filter(Q(ends__isnull=True) | Q(ends__gt=now()), user=OuterRef("pk"), starts__lte=now())
    return people.filter(Exists(running.filter(reaches)))


def curricula_shown(words: str, limit: int) -> tuple[list[Curriculum], bool]:
    """Active curricula by a word of code or name, and whether there are more."""
    found = Curriculum.objects.filter(is_active=True)
    if words:
        found = found.filter(Q(code__icontains=words) | Q(name__icontains=words))
    shown = list(found.order_by("code")[: limit + 1])
    return shown[:limit], len(shown) > limit
