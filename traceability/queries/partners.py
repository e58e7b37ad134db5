"""Whether goods come from a partner or go to one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from core.organization.models import Partner


def partner_blockers(partner: Partner, role: Literal["supplier", "customer"]) -> Iterator[Blocker]:
    """Whether a partner is a supplier or customer in use."""
    is_supplier = role == "supplier"
    if partner.is_active and (partner.is_supplier if is_supplier else partner.is_customer):
        return
    if is_supplier:
        text = _("%(partner)s is not in use.") if partner.is_supplier else _("%(partner)s is no supplier.")
        remedy = _("Put the goods aside and ask purchasing; nothing of this supplier may be taken in.")
    else:
        text = _("%(partner)s is not in use.") if partner.is_customer else _("%(partner)s is no customer.")
        remedy = _("Choose another customer, or ask a planner.")
    yield Blocker(
        role, text % {"partner": partner}, record=partner, remedy=remedy, remedy_url=partner.get_absolute_url()
    )
