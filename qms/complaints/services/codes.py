"""The plant's vocabulary of complaints."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.organization.services import require
from qms.complaints.models import ComplaintCode
from qms.complaints.services.common import refuse

CHANGE = "qms_complaints.change_complaintcode"


@service
def create_code(*, kind: str, code: str, name: str, actor: Any) -> ComplaintCode:
    """Add a word to the vocabulary. Raises `Blocked` without the right or when the code is taken."""
    require(actor, CHANGE)
    if ComplaintCode.objects.filter(code=code.strip()).exists():
        raise refuse("code_taken", _("The code %(code)s is taken.") % {"code": code}, _("Choose another code."))
    created = ComplaintCode(kind=ComplaintCode.Kind(kind), code=code.strip(), name=name.strip())
    created.save()
    return created


@service
def change_code(*, complaint_code: ComplaintCode, name: str, is_active: bool, reason: str, actor: Any) -> ComplaintCode:
    """Change a word; what was recorded with it keeps it."""
    require(actor, CHANGE)
    found = ComplaintCode.objects.select_for_update().get(pk=complaint_code.pk)
    found.name, found.is_active = name.strip(), is_active
    found.save()
    return found
