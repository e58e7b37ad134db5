"""From causes to an approved plan."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.capa.guards.records import CAPA, page, stands_still
from qms.capa.models import Capa, RootCause
from qms.capa.queries import (
    actions_of,
    approval_of,
    baseline,
    best_p_value,
    causes_of,
    check_of,
    event_kinds,
    exposure_kinds,
    may_own,
    only_trained,
    plan_digest,
    plan_of,
    roots,
    uncovered,
)


def _causes(record: Capa, deed: Deed) -> list[RootCause]:
    return deed.once("causes", lambda: causes_of(record))


@guard(CAPA, "plan", title=gettext_lazy("Under investigation"))
def is_being_investigated(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Causes, actions and the check stand still once the plan is handed over."""
    if record.status != "investigation":
        yield stands_still(record, _("Have the plan rejected, or plan again with a reason."))


@guard(CAPA, "hand_over", title=gettext_lazy("Its owner may still do it"))
def its_owner_may_still_do_it(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """A plan without somebody who carries it out is none; rights may have ended since the triage."""
    if record.owner is None or not may_own(record.owner, record):
        yield Blocker(
            "owner_right",
            _("%(owner)s has no right to plan CAPAs at %(site)s.")
            % {"owner": record.owner or "–", "site": record.site},
            record=record,
            remedy=_("Have another owner named."),
            remedy_url=page("owner", record),
        )


@guard(CAPA, "hand_over", title=gettext_lazy("Causes are confirmed"))
def causes_are_confirmed(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """By a method, at least one cause is confirmed with evidence, and none is left suspected (CAPA-03)."""
    url = f"{record.get_absolute_url()}?tab=causes"
    if not record.method:
        yield Blocker(
            "no_method", _("No method was chosen."), record=record, remedy=_("Choose it."),
            remedy_url=page("method", record),
        )  # fmt: skip
    causes = _causes(record, deed)
    if not roots(causes):
        yield Blocker(
            "no_cause",
            _("No cause is confirmed."),
            record=record,
            remedy=_("Confirm at least one with its evidence."),
            remedy_url=url,
        )
    for cause in causes:
        if cause.verdict == RootCause.Verdict.SUSPECTED:
            yield Blocker(
                "suspected",
                _("“%(cause)s” is only suspected.") % {"cause": cause},
                record=record,
                remedy=_("Confirm it or rule it out, with the evidence."),
                remedy_url=url,
            )


@guard(CAPA, "hand_over", "finish", title=gettext_lazy("Every cause is acted on"))
def every_cause_is_acted_on(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Every root has an action that removes it; a correction repairs only what happened (CAPA-04)."""
    actions = deed.once("actions", lambda: actions_of(record))
    for cause in uncovered(_causes(record, deed), actions):
        yield Blocker(
            "uncovered",
            _("Nothing is done against “%(cause)s”.") % {"cause": cause},
            record=record,
            remedy=_("Add an action that removes it; while it is implemented, plan again first."),
            remedy_url=f"{record.get_absolute_url()}?tab=actions",
        )


@guard(CAPA, "hand_over", title=gettext_lazy("More than training"))
def more_than_training(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Where nothing but training is done against a cause, it is justified why that suffices (CAPA-04)."""
    if record.retraining_reason.strip():
        return
    actions = deed.once("actions", lambda: actions_of(record))
    for cause in only_trained(_causes(record, deed), actions):
        yield Blocker(
            "only_training",
            _("Nothing but training is done against “%(cause)s”.") % {"cause": cause},
            record=record,
            remedy=_("Change what people work with or by, or write why training alone suffices."),
            remedy_url=page("method", record),
        )


@guard(CAPA, "hand_over", title=gettext_lazy("Adverse effects will be looked for"))
def adverse_effects_are_planned(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """How it is found out that the actions harm nothing else (ISO 13485 8.5.2 e; CAPA-06)."""
    if not record.adverse_plan.strip():
        yield Blocker(
            "no_adverse_plan",
            _("It is not planned how adverse effects are looked for."),
            record=record,
            remedy=_("Write it."),
            remedy_url=page("method", record),
        )


@guard(CAPA, "hand_over", title=gettext_lazy("Its effect can be shown"))
def its_effect_can_be_shown(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """The check is planned with the actions, and could show an effect with its smallest exposure (CAPA-07)."""
    check, url = check_of(record), reverse("qms_capa:capa_check", args=[record.pk])
    if check is None:
        yield Blocker(
            "no_check",
            _("It is not planned how its effect is judged."),
            record=record,
            remedy=_("Choose what is counted, before and after."),
            remedy_url=url,
        )
        return
    if check.events not in event_kinds() or check.exposure not in exposure_kinds():
        yield Blocker(
            "metric_gone",
            _("What the check counts is not counted any more."),
            record=record,
            remedy=_("Choose another metric."),
            remedy_url=url,
        )
        return
    before = baseline(check)
    if not before.events or not before.exposure:
        yield Blocker(
            "no_baseline",
            _("Nothing was counted in the days of the baseline (%(events)s of %(exposure)s).")
            % {"events": before.events, "exposure": before.exposure},
            record=record,
            remedy=_("Choose other days, or something that did happen."),
            remedy_url=url,
        )
    elif best_p_value(check, before) * 1000 > check.alpha:
        yield Blocker(
            "too_small",
            _("With an exposure of %(exposure)s not even zero events would show an effect.")
            % {"exposure": check.minimum_exposure},
            record=record,
            remedy=_("Choose a larger smallest exposure, or a longer baseline."),
            remedy_url=url,
        )


@guard(CAPA, "hand_over", title=gettext_lazy("The plan is signed"))
def the_plan_is_signed(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Its author has signed exactly this plan."""
    plan = plan_of(record)
    if plan is None or plan.plan_digest != plan_digest(record):
        yield Blocker(
            "plan_unsigned",
            _("Nobody has signed the plan as it is now."),
            record=record,
            remedy=_("Hand it over with your signature."),
            remedy_url=page("hand_over", record),
        )


@guard(CAPA, "approve_plan", title=gettext_lazy("The approval is signed"))
def the_approval_is_signed(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """What is approved is what was handed over."""
    plan = plan_of(record)
    if plan is not None and plan.plan_digest != plan_digest(record):
        yield Blocker(
            "plan_changed",
            _("The plan is not what was handed over for approval."),
            record=record,
            remedy=_("Reject the plan and find out from the timeline what changed."),
        )
    elif approval_of(plan) is None:
        yield Blocker(
            "not_approved",
            _("Nobody has signed the approval of this plan."),
            record=record,
            remedy=_("Read the plan, and sign."),
            remedy_url=page("approve_plan", record),
        )
