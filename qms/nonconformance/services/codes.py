"""The plant's vocabulary of defects."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.services import require
from core.organization.services.configuration import configuring
from qms.nonconformance.models import DefectCode


def _refuse_loop(code: DefectCode, parent: DefectCode | None) -> None:
    above = parent
    while above is not None:
        if above.pk == code.pk:
            raise Blocked(
                Blocker(
                    "loop",
                    _("%(parent)s stands below %(code)s itself.") % {"parent": parent, "code": code},
                    record=code,
                    remedy=_("Choose another broader code."),
                )
            )
        above = above.parent


def _refuse_limits(months: int, triage_at: int, stop_at: int) -> None:
    if months < 1 or triage_at < 1 or stop_at < triage_at:
        raise Blocked(
            Blocker(
                "limits",
                _("Use-as-is is refused before anybody is asked for a CAPA decision."),
                remedy=_("Let the number that is refused be at least the number that asks for the decision."),
            )
        )


@service
def create_defect_code(
    *,
    code: str,
    name: str,
    severity: str = "minor",
    parent: DefectCode | None = None,
    concession_months: int | None = None,
    concession_triage_at: int | None = None,
    concession_stop_at: int | None = None,
    containment_hours: int | None = None,
    actor: Any,
) -> DefectCode:
    """Add a code to the vocabulary; limits of use-as-is that are not given are the usual ones.

    Raises `Blocked` without the right or when the code is taken.
    """
    require(actor, "qms_nonconformance.change_defectcode")
    if DefectCode.objects.filter(code=code).exists():
        raise Blocked(
            Blocker("code_taken", _("The code %(code)s is taken.") % {"code": code}, remedy=_("Choose another code."))
        )
    created = DefectCode(code=code, name=name, severity=severity, parent=parent)
    created.concession_months = concession_months or created.concession_months
    created.concession_triage_at = concession_triage_at or created.concession_triage_at
    created.concession_stop_at = concession_stop_at or created.concession_stop_at
    created.containment_hours = containment_hours or created.containment_hours
    _refuse_limits(created.concession_months, created.concession_triage_at, created.concession_stop_at)
    with configuring(created):
        created.save()
    return created


@service
def change_defect_code(
    *,
    defect_code: DefectCode,
    name: str,
    severity: str,
    parent: DefectCode | None,
    is_active: bool,
    concession_months: int | None = None,
    concession_triage_at: int | None = None,
    concession_stop_at: int | None = None,
    containment_hours: int | None = None,
    reason: str,
    actor: Any,
) -> DefectCode:
    """Change a code; what was recorded with it keeps it. Raises `Blocked` without the right or when it would loop."""
    require(actor, "qms_nonconformance.change_defectcode")
    found = DefectCode.objects.select_for_update(of=("self",)).get(pk=defect_code.pk)
    _refuse_loop(found, parent)
    with configuring(found):
        found.name, found.severity, found.parent, found.is_active = name, severity, parent, is_active
        found.concession_months = concession_months or found.concession_months
        found.concession_triage_at = concession_triage_at or found.concession_triage_at
        found.concession_stop_at = concession_stop_at or found.concession_stop_at
        found.containment_hours = containment_hours or found.containment_hours
        _refuse_limits(found.concession_months, found.concession_triage_at, found.concession_stop_at)
        found.save()
    return found
