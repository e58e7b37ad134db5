"""Causes are named, and confirmed or ruled out by evidence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from qms.capa.models import Capa, RootCause
from qms.capa.models.records import Method
from qms.capa.services.common import refuse, writable

Branch, Verdict = RootCause.Branch, RootCause.Verdict


@service
def write_method(
    *, capa: Capa, method: str, adverse_plan: str = "", retraining_reason: str = "", actor: Any, reason: str = ""
) -> Capa:
    """Choose how causes are looked for; write how adverse effects are, and why training alone suffices if it does."""
    found = writable(capa, "plan", actor=actor)
    if found.method and found.method != method and found.causes.filter(cycle=found.cycle).exists():
        raise refuse(
            "method_stands",
            _("Causes were named by %(method)s already.") % {"method": found.get_method_display()},
            _("Remove them first, or go on with that method."),
            found,
        )
    found.method = Method(method)
    found.adverse_plan, found.retraining_reason = adverse_plan.strip(), retraining_reason.strip()
    found.save()
    return found


def _placed(capa: Capa, parent: RootCause | None, branch: str) -> tuple[RootCause | None, str]:
    """Where a cause stands in the method of its CAPA. Raises `Blocked` where it has no place there."""
    if not capa.method:
        raise refuse("no_method", _("No method was chosen."), _("Choose it first."), capa)
    if capa.method == Method.ISHIKAWA:
        if not branch:
            raise refuse("no_branch", _("In an Ishikawa diagram a cause lies on a branch."), _("Choose it."), capa)
        return None, Branch(branch)
    if parent is not None and (parent.capa_id != capa.pk or parent.cycle != capa.cycle):
        raise refuse(
            "other_cause", _("That cause is not of this CAPA and cycle."), _("Choose one of this cycle."), parent
        )
    return parent, ""


@service
def add_cause(
    *, capa: Capa, statement: str, parent: RootCause | None = None, branch: str = "", actor: Any, reason: str = ""
) -> RootCause:
    """Name a possible cause: why its parent is so, or on a branch of the diagram. It is suspected at first."""
    found = writable(capa, "plan", actor=actor)
    if not statement.strip():
        raise refuse("no_statement", _("It is not said what the cause is."), _("Write it."), found)
    above, lies_on = _placed(found, parent, branch)
    cause = RootCause(capa=found, cycle=found.cycle, parent=above, branch=lies_on, statement=statement.strip()[:300])
    cause.save()
    return cause


def _locked(cause: RootCause, actor: Any) -> RootCause:
    capa = writable(cause.capa, "plan", actor=actor)
    found = RootCause.objects.select_for_update(of=("self",)).select_related("capa").get(pk=cause.pk)
    if found.cycle != capa.cycle:
        raise refuse("other_cycle", _("That cause is of an earlier cycle."), _("Name it again."), found)
    return found


@service
def change_cause(
    *, cause: RootCause, statement: str, parent: RootCause | None = None, branch: str = "", actor: Any, reason: str = ""
) -> RootCause:
    """Say a cause better, or put it elsewhere. Raises `Blocked` where it would explain itself."""
    found = _locked(cause, actor)
    if not statement.strip():
        raise refuse("no_statement", _("It is not said what the cause is."), _("Write it."), found)
    above, lies_on = _placed(found.capa, parent, branch)
    parents = dict(found.capa.causes.filter(cycle=found.cycle).values_list("pk", "parent"))
    step = above.pk if above is not None else None
    while step is not None:
        if step == found.pk:
            raise refuse("loop", _("A cause cannot explain itself."), _("Choose another place."), found)
        step = parents.get(step)
    found.statement, found.parent, found.branch = statement.strip()[:300], above, lies_on
    found.save()
    return found


@service
def judge_cause(*, cause: RootCause, verdict: str, evidence: str = "", actor: Any, reason: str = "") -> RootCause:
    """Confirm a cause or rule it out, with the evidence; or suspect it again."""
    found = _locked(cause, actor)
    if Verdict(verdict) != Verdict.SUSPECTED and not evidence.strip():
        raise refuse(
            "no_evidence",
            _("Without evidence a cause is only suspected."),
            _("Write what was measured, tried or seen, and where it is kept."),
            found,
        )
    found.verdict, found.evidence = Verdict(verdict), evidence.strip()
    found.save()
    return found


@service
def remove_cause(*, cause: RootCause, actor: Any, reason: str = "") -> Capa:
    """Take out a cause that was named by mistake; what was found to be none is ruled out instead.

    Raises `Blocked` for one that others explain, or that actions remove.
    """
    found = _locked(cause, actor)
    if found.verdict != Verdict.SUSPECTED:
        raise refuse("judged", _("“%(cause)s” was judged.") % {"cause": found}, _("It stays on record."), found)
    if found.whys.exists() or found.removed_by.exists():
        raise refuse(
            "in_use",
            _("Other causes or actions name “%(cause)s”.") % {"cause": found},
            _("Change those first."),
            found,
        )
    found.delete()
    return found.capa
