"""Suppliers and customers that no other system keeps."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Partner
from core.organization.services import require

CHANGE_PARTNER = "core_organization.change_partner"


@service
def create_partner(
    *, code: str, name: str, is_supplier: bool, is_customer: bool, actor: Any, reason: str = ""
) -> Partner:
    """Add a supplier, a customer, or both. Raises `ValidationError` for a code in use, and for neither of both."""
    require(actor, CHANGE_PARTNER)
    _require_role(is_supplier, is_customer)
    partner = Partner(code=code.strip(), name=name.strip(), is_supplier=is_supplier, is_customer=is_customer)
    partner.full_clean(exclude=["row_version"])
    partner.save()
    return partner


@service
def change_partner(
    *, partner: Partner, name: str, is_supplier: bool, is_customer: bool, is_active: bool, actor: Any, reason: str
) -> Partner:
    """Rename a partner, or say what it is and whether it is still in use; the code stays.

    Raises `Blocked` for a partner that another system keeps, `ValidationError` for neither supplier nor customer.
    """
    require(actor, CHANGE_PARTNER)
    locked = Partner.objects.select_for_update().get(pk=partner.pk)
    if locked.origin:
        raise Blocked(
            Blocker(
                "kept_elsewhere",
                _("%(partner)s comes from %(origin)s.") % {"partner": locked, "origin": locked.origin},
                record=locked,
                remedy=_("Change it there and import it again."),
            )
        )
    _require_role(is_supplier, is_customer)
    locked.name, locked.is_supplier, locked.is_customer = name.strip(), is_supplier, is_customer
    locked.is_active = is_active
    locked.full_clean(exclude=["row_version"])
    locked.save()
    return locked


def _require_role(is_supplier: bool, is_customer: bool) -> None:
    if not (is_supplier or is_customer):
        raise ValidationError({"is_supplier": _("Say whether it is a supplier, a customer, or both.")})
