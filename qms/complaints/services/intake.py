"""A complaint comes in: recorded as it was told, its label read, whoever triages asked; changed with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from core.files.models import Attachment
from core.files.services import attach
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.wiring import publish
from core.lifecycle.services import attempt, begin
from core.organization.models import Site
from core.organization.services import next_number, require
from core.worklist.models import Kind as Work
from core.worklist.services import assign
from qms.complaints.events import ComplaintReceived
from qms.complaints.lifecycle import TRIAGE_WORK_DAYS
from qms.complaints.models import Complaint
from qms.complaints.queries import after_work_days, end_of, identify
from qms.complaints.services.common import INVESTIGATE, RECORD, TRIAGE, locked, refuse
from traceability.queries import day_at

SERIES = "CMP"
TOLD = (
    "title", "event_on", "channel", "complainant_name", "complainant_organization", "complainant_address",
    "complainant_phone", "complainant_email", "customer", "claimed_product", "claimed_udi", "claimed_lot",
    "claimed_serial", "nature", "harm", "harm_note",
)  # fmt: skip
"""What the intake writes down as it was told; it can be corrected with a reason until the complaint is closed."""


@service
def record_complaint(
    *,
    site: Site,
    title: str,
    nature: str,
    channel: str,
    received_on: dt.date | None = None,
    aware_on: dt.date | None = None,
    similar_to: Complaint | None = None,
    similar_reason: str = "",
    told: Mapping[str, Any] | None = None,
    files: Iterable[BinaryIO] = (),
    actor: Any,
) -> Complaint:
    """Record a complaint as it was told; what its label names is looked up, and whoever triages is asked.

    `told` are further columns of `TOLD`. It counts as known since the day it was received unless an earlier day is
    given. Raises `Blocked` without the right, for days of the future, and for a similar one that is not justified.
    """
    require(actor, RECORD, site)
    told, today = told or {}, day_at(site)
    received = received_on or today
    aware = aware_on or received
    _require_days(received, aware, told.get("event_on"), today)
    complaint = Complaint(
        site=site,
        number=_new_number(site),
        title=_needed(title, "title", _("The title is missing."), _("Say in a few words what is wrong."))[:200],
        nature=_needed(nature, "nature", _("It is not written what is complained of."), _("Write it as it was told.")),
        channel=channel,
        received_on=received,
        aware_on=aware,
        recorded_by=actor,
        recorded_at=now(),
        **_told(told),
    )
    _identify(complaint)
    _link(complaint, similar_to, similar_reason)
    complaint.due_at = end_of(after_work_days(received, TRIAGE_WORK_DAYS), site)
    begin(complaint, actor=actor)
    for file in files:
        attach(file, to=complaint, caption=_("Attached when it was recorded"), actor=actor)
    assign(
        subject=complaint,
        kind=Work.TRIAGE,
        title=_("Triage %(complaint)s") % {"complaint": complaint},
        to_permission=TRIAGE,
        due_at=complaint.due_at,
        actor=actor,
    )
    publish(ComplaintReceived(complaint.pk))
    return complaint


def _new_number(site: Site) -> str:
    """The next number that no imported log has used already."""
    number = next_number(site, SERIES)
    while Complaint.objects.filter(site=site, number=number).exists():
        number = next_number(site, SERIES)
    return number


def _needed(text: str, code: str, message: str, remedy: str) -> str:
    if not text.strip():
        raise refuse(code, message, remedy)
    return text.strip()


def _told(told: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(told) - set(TOLD)
    if unknown:
        raise TypeError(f"the intake knows no {sorted(unknown)}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}


def _require_days(received: dt.date, aware: dt.date, event: dt.date | None, today: dt.date) -> None:
    if received > today or aware > today or (event is not None and event > today):
        raise refuse("future", _("A day lies in the future."), _("Correct the day."))
    if aware > received:
        raise refuse(
            "aware_on",
            _("The plant knows of it since the day it was received, at the latest."),
            _("Enter the day of receipt, or an earlier one on which somebody of the plant knew."),
        )


def _identify(complaint: Complaint) -> None:
    """Set product, lot and unit to what the claims name; what they do not name stays as it is."""
    found = identify(
        site=complaint.site,
        udi=complaint.claimed_udi,
        lot=complaint.claimed_lot,
        serial=complaint.claimed_serial,
        product=complaint.claimed_product,
    )
    complaint.material = found.material or complaint.material
    complaint.lot = found.lot or complaint.lot
    complaint.unit = found.unit or complaint.unit


def _link(complaint: Complaint, similar: Complaint | None, reason: str) -> None:
    if similar is None:
        return
    if similar.site_id != complaint.site_id or similar.pk == complaint.pk:
        raise refuse(
            "similar", _("That is no other complaint of this site."), _("Choose one of the same site."), similar
        )
    if not reason.strip():
        raise refuse(
            "similar_reason",
            _("It is not justified why it is similar to %(other)s.") % {"other": similar.number},
            _("Write what both have in common."),
            similar,
        )
    complaint.similar_to, complaint.similar_reason = similar, reason.strip()


@service
def change_intake(*, complaint: Complaint, told: Mapping[str, Any], reason: str, actor: Any) -> Complaint:
    """Correct what was written down at the intake, with a reason; product and lot are looked up anew while untriaged.

    `told` are columns of `TOLD`. Raises `Blocked` once it is closed, and without a reason.
    """
    found = locked(complaint)
    require(actor, RECORD, found)
    attempt(found, "edit", actor=actor, reason=reason)
    if not reason.strip():
        raise refuse("reason_missing", _("A reason is needed."), _("Write why it changes."), found)
    for name, value in _told(told).items():
        setattr(found, name, value)
    _needed(found.title, "title", _("The title is missing."), _("Say in a few words what is wrong."))
    _needed(found.nature, "nature", _("It is not written what is complained of."), _("Write it as it was told."))
    _require_days(found.received_on, found.aware_on, found.event_on, day_at(found.site))
    if found.status == "received":
        _identify(found)
    found.save()
    return found


@service
def link_similar(*, complaint: Complaint, similar_to: Complaint, reason: str, actor: Any) -> Complaint:
    """Say that a complaint is like another one, and why (21 CFR 820.35(a)). `Blocked` without the justification."""
    found = locked(complaint)
    require(actor, TRIAGE, found)
    attempt(found, "edit", actor=actor, reason=reason)
    _link(found, similar_to, reason)
    found.save()
    return found


@service
def add_file(*, complaint: Complaint, file: BinaryIO, caption: str = "", actor: Any) -> Attachment:
    """Attach evidence while it is open; the closing signature covers it."""
    found = locked(complaint)
    require(actor, INVESTIGATE, found)
    attempt(found, "edit", actor=actor)
    return attach(file, to=found, caption=caption, actor=actor)
