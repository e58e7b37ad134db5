"""Changes at a glance: by state, by date, in figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.kernel.clock import now
from core.kernel.lifecycle import State
from core.organization.queries import scoped
from qms.changes.lifecycle import BEFORE_RELEASE, CHANGE_ORDER, OPEN_STATES, VIEW
from qms.changes.models import ChangeOrder

SHOWN = 30
"""Changes that a column of the board shows; the list shows the others."""


def changes_for(user: Any) -> QuerySet[ChangeOrder]:
    """The changes that a person may see, with what lists show."""
    return scoped(ChangeOrder.objects.select_related("site", "change_type", "owner"), user, VIEW)


@dataclass(frozen=True)
class Column:
    """The open changes in one state."""

    state: State
    changes: Sequence[ChangeOrder]
    count: int


def board(user: Any) -> list[Column]:
    """The open changes by state, each column the most urgent first."""
    counts = dict(
        changes_for(user).filter(status__in=OPEN_STATES).order_by().values_list("status").annotate(Count("pk"))
    )
    rows: dict[str, list[ChangeOrder]] = {code: [] for code in OPEN_STATES}
    for change in changes_for(user).filter(status__in=OPEN_STATES).order_by("due_at", "pk")[: SHOWN * len(rows)]:
        rows[change.status].append(change)
    return [Column(CHANGE_ORDER.state(code), found[:SHOWN], counts.get(code, 0)) for code, found in rows.items()]


def planned_releases(user: Any, *, since: dt.datetime, until: dt.datetime) -> QuerySet[ChangeOrder]:
    """Changes with a release, planned or made, a wish or an expiry within a time."""
    return (
        changes_for(user)
        .filter(
            Q(release_at__range=(since, until))
            | Q(released_at__range=(since, until))
            | Q(expires_at__range=(since, until), status__in=("released", "monitoring"))
            | Q(due_at__range=(since, until), status__in=BEFORE_RELEASE)
        )
        .order_by("pk")
    )


@dataclass(frozen=True)
class Figures:
    """What the dashboard counts."""

    open: int
    overdue: int
    emergencies_unapproved: int
    temporary: int
    expiring: int
    released: int
    in_monitoring: int


def figures(user: Any) -> Figures:
    """Open, late, waiting for their retrospective approval, temporary; released within 30 days. In one query."""
    moment = now()
    month = dt.timedelta(days=30)
    counted: dict[str, Any] = (
        changes_for(user)
        .order_by()
        .aggregate(
            open=Count("pk", filter=Q(status__in=BEFORE_RELEASE)),
            overdue=Count("pk", filter=Q(status__in=BEFORE_RELEASE, due_at__lt=moment)),
            emergencies_unapproved=Count("pk", filter=Q(status="released", urgency="emergency")),
            temporary=Count("pk", filter=Q(is_temporary=True, status__in=("released", "monitoring"))),
            expiring=Count(
                "pk",
                filter=Q(
                    is_temporary=True,
                    status__in=("released", "monitoring"),
                    expires_at__lt=moment + dt.timedelta(days=7),
                ),
            ),
            released=Count("pk", filter=Q(released_at__gt=moment - month)),
            in_monitoring=Count("pk", filter=Q(status__in=("monitoring", "returned"))),
        )
    )
    return Figures(**counted)
