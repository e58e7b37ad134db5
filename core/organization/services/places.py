"""Sites, areas, work centers, equipment, and the terminals enrolled at them."""

from __future__ import annotations

import hashlib
import secrets
import zoneinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.organization.models import Area, Equipment, EquipmentClass, Site, Terminal, TerminalSession, WorkCenter
from core.organization.services import require

IDLE_LOCK = range(120, 301)
"""Seconds, two to five minutes: long enough to read an instruction, too short for somebody else to slip in."""
CONFIGURE = "core_organization.change_site"


def _checked(record: Any) -> None:
    """Field and uniqueness errors as a ValidationError naming the field."""
    record.full_clean(exclude=["row_version"])


@service
def create_site(*, code: str, name: str, time_zone: str, actor: Any, reason: str = "") -> Site:
    """Open a site. Raises ValidationError for an unknown time zone or a code in use."""
    require(actor, CONFIGURE)
    if time_zone not in zoneinfo.available_timezones():
        raise ValidationError({"time_zone": _("“%(zone)s” is no known time zone.") % {"zone": time_zone}})
    site = Site(code=code.strip().upper(), name=name.strip(), time_zone=time_zone)
    _checked(site)
    site.save()
    return site


@service
def change_site(
    *,
    site: Site,
    name: str,
    time_zone: str,
    is_active: bool,
    actor: Any,
    reason: str,
    requires_second_factor: bool = False,
) -> Site:
    """Rename a site, correct its zone, close it, or say whether everybody there needs a second factor."""
    require(actor, CONFIGURE, site)
    if time_zone not in zoneinfo.available_timezones():
        raise ValidationError({"time_zone": _("“%(zone)s” is no known time zone.") % {"zone": time_zone}})
    locked = Site.objects.select_for_update().get(pk=site.pk)
    locked.name, locked.time_zone, locked.is_active = name.strip(), time_zone, is_active
    locked.requires_second_factor = requires_second_factor
    _checked(locked)
    locked.save()
    return locked


@service
def create_area(*, site: Site, code: str, name: str, actor: Any, reason: str = "") -> Area:
    """Add an area to a site."""
    require(actor, CONFIGURE, site)
    area = Area(site=site, code=code.strip(), name=name.strip())
    _checked(area)
    area.save()
    return area


@service
def create_work_center(*, area: Area, code: str, name: str, actor: Any, reason: str = "") -> WorkCenter:
    """Add a work center to an area."""
    require(actor, CONFIGURE, area)
    center = WorkCenter(area=area, code=code.strip(), name=name.strip())
    _checked(center)
    center.save()
    return center


@service
def create_equipment_class(*, code: str, name: str, actor: Any, reason: str = "") -> EquipmentClass:
    """Name a kind of equipment that operations and values may ask for."""
    require(actor, "core_organization.change_equipment")
    kind = EquipmentClass(code=code.strip(), name=name.strip())
    _checked(kind)
    kind.save()
    return kind


@service
def create_equipment(
    *,
    work_center: WorkCenter,
    code: str,
    name: str,
    actor: Any,
    equipment_class: EquipmentClass | None = None,
    reason: str = "",
) -> Equipment:
    """Add a physical asset to a work center."""
    require(actor, "core_organization.change_equipment", work_center)
    equipment = Equipment(
        work_center=work_center, code=code.strip(), name=name.strip(), equipment_class=equipment_class
    )
    _checked(equipment)
    equipment.save()
    return equipment


@service
def create_terminal(
    *, work_center: WorkCenter, code: str, name: str, actor: Any, idle_lock_seconds: int = 180, reason: str = ""
) -> Terminal:
    """Define a terminal; a device becomes it by enrolment."""
    require(actor, "core_organization.enrol_terminal", work_center)
    if idle_lock_seconds not in IDLE_LOCK:
        raise ValidationError({"idle_lock_seconds": _("A terminal locks after 2 to 5 minutes: 120 to 300 seconds.")})
    terminal = Terminal(
        work_center=work_center, code=code.strip().lower(), name=name.strip(), idle_lock_seconds=idle_lock_seconds
    )
    _checked(terminal)
    terminal.save()
    return terminal


def hash_token(token: str) -> str:
    """What is kept of a device token."""
    return hashlib.sha256(token.encode()).hexdigest()


@service
def enrol_terminal(*, terminal: Terminal, actor: Any, reason: str = "") -> str:
    """Make the device that gets the returned token this terminal; any device before it is one no longer."""
    require(actor, "core_organization.enrol_terminal", terminal)
    token = secrets.token_urlsafe(32)
    locked = Terminal.objects.select_for_update().get(pk=terminal.pk)
    locked.token_hash = hash_token(token)
    locked.enrolled_at = now()
    locked.is_active = True
    locked.save()
    TerminalSession.objects.filter(terminal=locked, ended_at__isnull=True).update(
        ended_at=now(), end_reason="enrolled anew"
    )
    return token


@service
def withdraw_terminal(*, terminal: Terminal, actor: Any, reason: str) -> Terminal:
    """Take the terminal out of use: its device is refused from the next request on."""
    require(actor, "core_organization.enrol_terminal", terminal)
    locked = Terminal.objects.select_for_update().get(pk=terminal.pk)
    locked.token_hash, locked.enrolled_at, locked.is_active = "", None, False
    locked.save()
    TerminalSession.objects.filter(terminal=locked, ended_at__isnull=True).update(
        ended_at=now(), end_reason="terminal withdrawn"
    )
    return locked
