"""The check of the effect is planned; the plan is handed over, approved or rejected."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect
from core.lifecycle.services import attempt, perform
from core.organization.services import require
from core.signing.services import Proof, sign
from core.worklist.models import Kind as Work
from core.worklist.services import cancel_for, complete_for
from qms.capa.lifecycle import APPROVE, MANAGE
from qms.capa.models import Capa, CapaPlan, EffectivenessCheck, PlanApproval
from qms.capa.models.effectiveness import Test
from qms.capa.queries import actions_of, event_kinds, exposure_kinds, plan_content, plan_digest, plan_of
from qms.capa.services.actions import ask_its_owner
from qms.capa.services.common import (
    APPROVAL_MEANING,
    CAPA,
    PLAN_MEANING,
    ask_for,
    ask_the_owner,
    locked,
    refuse,
    writable,
)
from traceability.models import Material
from traceability.queries import day_at


@service
def set_check(
    *,
    capa: Capa,
    events: str,
    exposure: str,
    baseline_begins: dt.date,
    baseline_ends: dt.date,
    window_days: int,
    minimum_exposure: int,
    actor: Any,
    material: Material | None = None,
    sort: str = "",
    test: str = Test.POISSON,
    alpha: int = 50,
    reason: str = "",
) -> EffectivenessCheck:
    """Plan how the effect is judged: what is counted for each what, in which days before, for how long after.

    Raises `Blocked` for what nobody counts and for a baseline that is not over.
    """
    found = writable(capa, "plan", actor=actor)
    kind = event_kinds().get(events)
    if kind is None or exposure not in exposure_kinds():
        raise refuse("metric", _("Nobody counts that."), _("Choose another metric."), found)
    if sort and sort not in dict(kind.sorts()):
        raise refuse(
            "sort",
            _("“%(sort)s” is no sort of %(events)s.") % {"sort": sort, "events": kind.label},
            _("Choose one, or count all of them."),
            found,
        )
    if baseline_ends < baseline_begins or baseline_ends > day_at(found.site):
        raise refuse(
            "baseline_days",
            _("The baseline ends before it begins, or in the future."),
            _("Choose days that are over."),
            found,
        )
    if window_days < 1 or minimum_exposure < 1 or not 1 <= alpha <= 200:
        raise refuse(
            "figures",
            _("Days, exposure and significance must be figures that make sense."),
            _("At least one day, an exposure of one, and a significance between 0.001 and 0.2."),
            found,
        )
    check = found.checks.select_for_update().filter(cycle=found.cycle).first() or EffectivenessCheck(
        capa=found, cycle=found.cycle
    )
    check.events, check.exposure, check.material, check.sort = events, exposure, material, sort
    check.test, check.alpha = Test(test), alpha
    check.baseline_begins, check.baseline_ends = baseline_begins, baseline_ends
    check.window_days, check.minimum_exposure = window_days, minimum_exposure
    check.save()
    return check


@service
def hand_over_plan(*, capa: Capa, actor: Any, signature: Proof | None, reason: str = "") -> Capa:
    """Sign the plan as it is and hand it over; it stands still from now on. Raises `Blocked`."""
    found = locked(capa)
    require(actor, MANAGE, found)
    attempt(found, "read_across", actor=actor)
    plan = CapaPlan.objects.create(
        capa=found, cycle=found.cycle, content=plan_content(found), plan_digest=plan_digest(found)
    )
    sign(record=plan, meaning=PLAN_MEANING, signature=signature, actor=actor, reason=reason)
    return perform(found, "hand_over", actor=actor, reason=reason)


@effect(CAPA, "hand_over")
def ask_for_the_approval(record: Capa, deed: Deed) -> None:
    """Another person than the author reads the plan."""
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    ask_for(record, Work.APPROVAL, _("Approve the plan of %(capa)s"), APPROVE, deed.actor, not_to=deed.actor)


@service
def approve_plan(*, capa: Capa, actor: Any, signature: Proof | None, reason: str = "") -> Capa:
    """Sign that the plan is approved as it was handed over; its actions begin. Raises `Blocked`."""
    found = locked(capa)
    require(actor, APPROVE, found)
    plan = plan_of(found)
    if plan is None:
        raise refuse("no_plan", _("No plan was handed over."), _("Have it handed over first."), found)
    approval = PlanApproval.objects.create(plan=plan, cycle=found.cycle, plan_digest=plan.plan_digest)
    sign(record=approval, meaning=APPROVAL_MEANING, signature=signature, actor=actor, reason=reason)
    return perform(found, "approve_plan", actor=actor, reason=reason)


@effect(CAPA, "approve_plan")
def begin_the_implementation(record: Capa, deed: Deed) -> None:
    """Everybody who has an action is asked, and the owner watches over them."""
    complete_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)
    ask_the_owner(record, _("Have %(capa)s implemented"), deed.actor)
    for action in actions_of(record):
        if action.status == "open":
            ask_its_owner(action, deed.actor)


@effect(CAPA, "reject_plan")
def the_plan_is_written_again(record: Capa, deed: Deed) -> None:
    """The owner reads why."""
    complete_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)
    ask_the_owner(record, _("The plan of %(capa)s was rejected"), deed.actor)


@effect(CAPA, "revise_plan")
def nothing_is_implemented_meanwhile(record: Capa, deed: Deed) -> None:
    """Actions that have not ended wait for the new approval."""
    for kind in (Work.APPROVAL, Work.REVIEW):
        cancel_for(subject=record, kind=kind, actor=deed.actor)
    for action in actions_of(record):
        if action.status == "open":
            cancel_for(subject=action, kind=Work.ACTION, actor=deed.actor)
    ask_the_owner(record, _("Plan %(capa)s again"), deed.actor)
