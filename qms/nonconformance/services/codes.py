"""The plant's vocabulary of defects."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.services import require
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


@service
def create_defect_code(
    *, code: str, name: str, severity: str = "minor", parent: DefectCode | None = None, actor: Any
) -> DefectCode:
    """Add a code to the vocabulary. Raises `Blocked` without the right or when the code is taken."""
    require(actor, "qms_nonconformance.change_defectcode")
    if DefectCode.objects.filter(code=code).exists():
        raise Blocked(
            Blocker("code_taken", _("The code %(code)s is taken.") % {"code": code}, remedy=_("Choose another code."))
        )
    created = DefectCode(code=code, name=name, severity=severity, parent=parent)
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
    reason: str,
    actor: Any,
) -> DefectCode:
    """Change a code; what was recorded with it keeps it. Raises `Blocked` without the right or when it would loop."""
    require(actor, "qms_nonconformance.change_defectcode")
    found = DefectCode.objects.select_for_update(of=("self",)).get(pk=defect_code.pk)
    _refuse_loop(found, parent)
    found.name, found.severity, found.parent, found.is_active = name, severity, parent, is_active
    found.save()
    return found
