"""A change names the risk assessments that are looked at because of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.organization.queries import may
from qms.changes.models import ChangeOrder, ChangeRisk
from qms.changes.services.drafting import refused, writable
from qms.risk.lifecycle import VIEW as VIEW_RISK
from qms.risk.models import RiskAssessment


@service
def name_risk(
    *, change: ChangeOrder, assessment: RiskAssessment, actor: Any, note: str = "", reason: str = ""
) -> ChangeRisk:
    """Name a risk assessment that is looked at because of the change, while its plan is written.

    Raises `Blocked` for one that the actor may not see, that is obsolete, or that the change names already.
    """
    found = writable(change, "edit", actor=actor)
    if not may(actor, VIEW_RISK, assessment):
        raise refused("unknown", _("There is no such risk assessment here."), _("Check the number."), None)
    held = RiskAssessment.objects.get(pk=assessment.pk)
    if held.status == "obsolete":
        raise refused(
            "obsolete",
            _("%(assessment)s is obsolete; nothing is judged by it.") % {"assessment": held},
            _("Name the one that replaced it."),
            held,
        )
    if found.risks.filter(assessment=held).exists():
        raise refused("named", _("The change names it already."), _("Look at its risk assessments."), held)
    named = ChangeRisk(change=found, assessment=held, note=note.strip()[:300])
    named.save()
    return named


@service
def unname_risk(*, risk: ChangeRisk, actor: Any, reason: str = "") -> ChangeOrder:
    """Take a risk assessment out of a change whose plan is still written."""
    change = writable(risk.change, "edit", actor=actor)
    ChangeRisk.objects.select_for_update(of=("self",)).get(pk=risk.pk).delete()
    return change
