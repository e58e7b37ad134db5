"""Containers begin: their number, and their SSCC where the site has a GS1 company prefix."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.gs1 import check_digit
from core.lifecycle.services import begin
from core.organization.models import Site
from core.organization.services import draw_numbers, next_number, require
from traceability.models import CompanyPrefix, Container, StorageLocation
from traceability.services.movements import refuse, require_place

SSCC_DIGITS = 18


@service
def set_company_prefix(
    *, site: Site, company_prefix: str, actor: Any, extension: int = 0, reason: str = ""
) -> CompanyPrefix:
    """Enter or change the GS1 company prefix of a site. Containers that exist keep their SSCC."""
    require(actor, "traceability.change_companyprefix", site)
    if not (company_prefix.isascii() and company_prefix.isdigit() and 4 <= len(company_prefix) <= 12):
        raise refuse(
            "prefix", _("A GS1 company prefix has 4 to 12 digits."), _("Look it up in your licence from GS1."), site
        )
    found = CompanyPrefix.objects.select_for_update().filter(site=site).first() or CompanyPrefix(site=site)
    found.prefix, found.extension = company_prefix, extension
    found.save()
    return found


def sscc_for(site: Site) -> str:
    """The next SSCC of a site: extension digit, company prefix, serial, check digit; empty without a prefix.

    Sites that share a prefix draw from one series: no SSCC is given twice.
    """
    found = CompanyPrefix.objects.filter(site=site).first()
    if found is None:
        return ""
    series = f"SSCC{found.extension}{found.prefix}"
    serial_digits = SSCC_DIGITS - 2 - len(found.prefix)
    serial = str(draw_numbers(None, series, 1)).zfill(serial_digits)
    if len(serial) > serial_digits:
        raise refuse(
            "sscc_used_up",
            _("All SSCCs of this prefix and extension digit were given."),
            _("Enter the next extension digit."),
            found,
        )
    digits = f"{found.extension}{found.prefix}{serial}"
    return digits + check_digit(digits)


@service
def create_container(
    *, site: Site, location: StorageLocation, actor: Any, kind: str = Container.Kind.BOX, number: str = ""
) -> Container:
    """Begin an empty container in a place. Raises `Blocked` for a taken number or a place of another site."""
    require(actor, "traceability.change_container", site)
    require_place(location, site)
    if number and Container.objects.filter(site=site, number=number).exists():
        raise refuse(
            "taken",
            _("There is a container %(number)s already.") % {"number": number},
            _("Choose another number, or leave it empty."),
            site,
        )
    return begin(
        Container(
            site=site, number=number or next_number(site, "CNT"), sscc=sscc_for(site), kind=kind, location=location
        ),
        actor=actor,
    )
