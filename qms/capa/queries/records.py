"""CAPAs and their parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from core.kernel.wiring import ask
from core.organization.models import Site, User
from core.organization.queries import may, people_who_may, scoped
from qms.capa.lifecycle import MANAGE, VIEW
from qms.capa.models import (
    Capa,
    CapaAction,
    CapaClosing,
    CapaDecision,
    CapaPlan,
    CapaReopening,
    CapaVerification,
    EffectivenessCheck,
    EffectivenessResult,
    PlanApproval,
    RootCause,
)
from qms.capa.questions import BoundKind, BoundKinds, Reached, SourceKind, SourceKinds

OWNERS_RIGHTS = (VIEW, MANAGE)
NOT_DONE = ("open", "in_progress", "done")
GIVEN_UP = ("no_capa", "cancelled")
"""States of a CAPA that nothing comes of."""
TAKES_SOURCES = ("draft", "triage")
"""States in which a CAPA may still be given sources (CAPA-01)."""


def capas() -> QuerySet[Capa]:
    """CAPAs with what their pages show."""
    return Capa.objects.select_related("site", "owner", "raised_by")


def capas_for(user: Any) -> QuerySet[Capa]:
    """The CAPAs that somebody may see."""
    return scoped(capas(), user, VIEW)


def capas_from(record: Model, user: Any = None) -> QuerySet[Capa]:
    """The CAPAs that were raised from a record, newest first; of those that the user may see where one is named."""
    kind = ContentType.objects.get_for_model(record)
    found = capas() if user is None else capas_for(user)
    return found.filter(sources__source_type=kind, sources__source_id=record.pk).order_by("-pk")


def people_for(right: str, site: Site) -> QuerySet[User]:
    """Who can open a CAPA at the site and holds this right there."""
    return people_who_may([VIEW, right], site)


def may_own(user: Any, record: Capa) -> bool:
    """Whether somebody may see the CAPA and do its owner's deeds."""
    return all(may(user, right, record) for right in OWNERS_RIGHTS)


def capas_open_to(user: Any, site: Site) -> QuerySet[Capa]:
    """The CAPAs of a site that the user may see and of which something may come, newest first."""
    return capas_for(user).filter(site=site).exclude(status__in=GIVEN_UP).order_by("-pk")


def source_kinds() -> list[SourceKind]:
    """Every kind of record that a CAPA can come from."""
    return ask(SourceKinds())


def source_kind_of(record: Model, code: str = "") -> SourceKind | None:
    """The kind of source that a record is: the named one, if it can be that, or the first that fits."""
    return next((one for one in source_kinds() if isinstance(record, one.model) and code in ("", one.code)), None)


def bound_kinds() -> dict[str, BoundKind]:
    """Every kind of object that an action can be bound to, by its code."""
    return {kind.code: kind for kind in ask(BoundKinds())}


def reached(action: CapaAction) -> Reached | None:
    """How the object stands that an action is bound to; None for an action that is bound to none."""
    if not action.kind:
        return None
    kind, bound = bound_kinds().get(action.kind), action.bound
    if kind is None or bound is None:
        return Reached(False, action.bound_label)
    return kind.reached(bound)


def decision_of(record: Capa) -> CapaDecision | None:
    """The triage that counts."""
    return record.decisions.filter(cycle=record.cycle).last()


def causes_of(record: Capa) -> list[RootCause]:
    """The causes of the present cycle, as they were named."""
    return list(record.causes.filter(cycle=record.cycle).order_by("pk"))


def roots(causes: Iterable[RootCause]) -> list[RootCause]:
    """Confirmed causes below which no other one is confirmed: what actions have to remove."""
    known = list(causes)
    confirmed = [one for one in known if one.verdict == RootCause.Verdict.CONFIRMED]
    parents = {one.pk: one.parent_id for one in known}
    above: set[int] = set()
    for one in confirmed:
        parent = one.parent_id
        while parent is not None and parent not in above:
            above.add(parent)
            parent = parents.get(parent)
    return [one for one in confirmed if one.pk not in above]


def actions_of(record: Capa) -> list[CapaAction]:
    """The actions of the present cycle with the causes that they remove."""
    rows = record.actions.filter(cycle=record.cycle).select_related("owner", "bound_type", "capa")
    return list(rows.prefetch_related("removes__cause").order_by("pk"))


def uncovered(causes: Iterable[RootCause], actions: Iterable[CapaAction]) -> list[RootCause]:
    """The roots that no action removes; a correction repairs only what happened."""
    covered = {
        link.cause_id
        for action in actions
        if action.status != "cancelled" and action.purpose != CapaAction.Purpose.CORRECTION
        for link in action.removes.all()
    }
    return [root for root in roots(causes) if root.pk not in covered]


def only_trained(causes: Iterable[RootCause], actions: Iterable[CapaAction]) -> list[RootCause]:
    """The roots against which nothing is done but training."""
    training = {code for code, kind in bound_kinds().items() if kind.is_training}
    kinds: dict[int, set[bool]] = {}
    for action in actions:
        if action.status != "cancelled" and action.purpose != CapaAction.Purpose.CORRECTION:
            for link in action.removes.all():
                kinds.setdefault(link.cause_id, set()).add(action.kind in training)
    return [root for root in roots(causes) if kinds.get(root.pk) == {True}]


def check_of(record: Capa) -> EffectivenessCheck | None:
    """How the effect of the present cycle is judged."""
    return record.checks.select_related("material").filter(cycle=record.cycle).first()


def result_of(record: Capa) -> EffectivenessResult | None:
    """The newest result of the present cycle."""
    return record.results.filter(cycle=record.cycle).order_by("pk").last()


def plan_of(record: Capa) -> CapaPlan | None:
    """The plan of the present cycle that was handed over last."""
    return record.plans.filter(cycle=record.cycle).last()


def approval_of(plan: CapaPlan | None) -> PlanApproval | None:
    """The approval of a plan."""
    return None if plan is None else plan.approvals.last()


def verification_of(record: Capa) -> CapaVerification | None:
    """What was verified last in the present cycle."""
    return record.verifications.filter(cycle=record.cycle).last()


def closing_of(record: Capa) -> CapaClosing | None:
    """The closing of the present cycle."""
    return record.closings.filter(cycle=record.cycle).last()


def reopening_of(record: Capa, cycle: int) -> CapaReopening | None:
    """What was new when a cycle began."""
    return record.reopenings.filter(cycle=cycle).last()
