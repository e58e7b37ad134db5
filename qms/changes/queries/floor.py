"""What the floor must know about changes in force: which revision counts for whom, and what may not be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Q, QuerySet

from core.kernel.clock import now
from qms.changes.lifecycle import IN_FORCE
from qms.changes.models import ChangeItem, ChangeOrder, WipDecision


@dataclass(frozen=True)
class Limit:
    """A pair of revisions of a change in force that does not simply count for everything from its release on."""

    change: ChangeOrder
    revision_type: int
    from_id: int | None
    to_id: int | None
    is_blocked: bool
    """Whether the revision that the change brought may not be used any more: it was not approved, or it expired."""


def _overdue() -> Q:
    moment = now()
    late = Q(change__status="released", change__urgency="emergency", change__retrospective_due_at__lt=moment)
    return late | Q(change__is_temporary=True, change__expires_at__lt=moment)


def _limit(item: ChangeItem) -> Limit:
    change, moment = item.change, now()
    late = change.retrospective_due_at is not None and change.retrospective_due_at < moment
    expired = change.expires_at is not None and change.expires_at < moment
    blocked = (change.status == "released" and late) or expired
    return Limit(change, item.revision_type_id, item.from_id, item.to_id, blocked)


def limits() -> list[Limit]:
    """Everything that limits changes in force: effectivity by number or stock, approvals and returns that are late."""
    return [_limit(item) for item in _limited().select_related("change__effectivity_material").order_by("-change")]


def _limited() -> QuerySet[ChangeItem]:
    by_mark = ~Q(change__effectivity="date")
    return ChangeItem.objects.filter(by_mark | _overdue(), change__status__in=IN_FORCE)


def any_limits() -> Exists:
    """For annotating other rows: whether `limits` finds anything, which it seldom does."""
    return Exists(_limited())


def overdue_limits() -> list[Limit]:
    """Only those whose revisions may not be used any more."""
    found = ChangeItem.objects.filter(_overdue(), change__status__in=IN_FORCE, to_id__isnull=False)
    return [_limit(item) for item in found.select_related("change")]


def finishes_on_old(order: Any, revision: Any) -> ChangeOrder | None:
    """The released change by whose plan this order is still made by the revision that the change superseded."""
    decisions = WipDecision.objects.filter(
        subject_type=ContentType.objects.get_for_model(order),
        subject_id=order.pk,
        decision=WipDecision.Decision.FINISH,
        applied_at__isnull=False,
        change__items__revision_type=ContentType.objects.get_for_model(revision),
        change__items__from_id=revision.pk,
    )
    found = decisions.select_related("change").order_by("-pk").first()
    return None if found is None else found.change
