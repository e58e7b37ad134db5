"""Set-based import of a complaint log that was kept elsewhere.

An open line is born "received" and goes its way here; a closed one is born closed before it came here: it counts in
the trend and is found as similar, and new information reopens it.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.organization.models import Partner
from core.trail.services.sets import Stage
from qms.complaints.models import Channel, Complaint, ComplaintCode, Harm
from traceability.models import Lot, Material, SerializedUnit
from traceability.services.imports import ORIGIN, find_existing, table_of, upsert

LATEST = "((now() AT TIME ZONE 'UTC') + interval '1 day')::date"
"""A day that has begun somewhere; the site's own day is asked of what people type."""


def _looked_up(column: str, model: type, by: str, *, at_site: bool = False, also: str = "") -> str:
    """The id of the one record that a line names, or null where it names none or several."""
    scope = " AND m.site_id = %(site)s" if at_site else ""
    return (
        f"(SELECT CASE WHEN count(*) = 1 THEN min(m.id) END FROM {table_of(model)} m"
        f" WHERE m.{by} = s.{column}{scope}{also})"
    )


MATERIAL = _looked_up("product", Material, "number")
OF_MATERIAL = f" AND ({MATERIAL} IS NULL OR m.material_id = {MATERIAL})"
LOT = _looked_up("lot", Lot, "number", at_site=True, also=OF_MATERIAL)
UNIT = _looked_up("serial", SerializedUnit, "serial", at_site=True, also=OF_MATERIAL)
TEXTS = (
    "title", "complainant_name", "complainant_organization", "complainant_address", "complainant_phone",
    "complainant_email", "claimed_udi", "investigation", "correction", "not_identified", "harm_note", "reply_text",
)  # fmt: skip
SOURCES = {"claimed_udi": "udi"}
VALUES = {
    **{name: f"coalesce(s.{SOURCES.get(name, name)}, '')" for name in TEXTS},
    "nature": "s.nature",
    "received_on": "s.received_on::date",
    "aware_on": "coalesce(s.aware_on::date, s.received_on::date)",
    "event_on": "s.event_on::date",
    "channel": f"coalesce(s.channel, '{Channel.OTHER}')",
    "harm": f"coalesce(s.harm, '{Harm.UNKNOWN}')",
    "claimed_product": "coalesce(s.product, '')",
    "claimed_lot": "coalesce(s.lot, '')",
    "claimed_serial": "coalesce(s.serial, '')",
    "material_id": f"coalesce({MATERIAL}, (SELECT m.material_id FROM {table_of(Lot)} m WHERE m.id = {LOT}))",
    "lot_id": LOT,
    "unit_id": UNIT,
    "customer_id": _looked_up("customer", Partner, "code"),
    "code_id": _looked_up("code", ComplaintCode, "code", also=" AND m.kind = 'event'"),
    "cause_id": _looked_up("cause", ComplaintCode, "code", also=" AND m.kind = 'cause'"),
    "replied_on": "s.replied_on::date",
    "reply": "CASE WHEN s.replied_on IS NULL THEN '' ELSE 'sent' END",
    "is_complaint": "CASE WHEN s.state = 'closed' THEN 'yes' ELSE '' END",
    **ORIGIN,
}
SHOWN = {
    column: (
        name,
        f"SELECT m.{by} FROM {table_of(model)} m WHERE m.id = b.{column}",
        f"SELECT m.{by} FROM {table_of(model)} m WHERE m.id = ({VALUES[column]})",
    )
    for column, name, model, by in (
        ("material_id", "product", Material, "number"),
        ("lot_id", "lot", Lot, "number"),
        ("unit_id", "serial", SerializedUnit, "serial"),
        ("customer_id", "customer", Partner, "code"),
        ("code_id", "code", ComplaintCode, "code"),
        ("cause_id", "cause", ComplaintCode, "code"),
    )
}
MATCH = "b.number = s.number AND b.site_id = %(site)s"


def check_complaints(stage: Stage) -> None:
    """Numbers are unique, days fit, codes are known; what is known here and has gone on is not overwritten."""
    stage.duplicate(["number"], _("“{value}” stands on line {line} already"))
    for column in ("received_on", "event_on", "aware_on"):
        stage.error(column, _("“{value}” lies in the future"), f"s.{column}::date > {LATEST}")
    stage.error("aware_on", _("“{value}” is later than the day of receipt"), "s.aware_on::date > s.received_on::date")
    for column, kind in (("code", "event"), ("cause", "cause")):
        stage.error(
            column,
            _("there is no complaint code “{value}” of this kind; create it first"),
            f"s.{column} IS NOT NULL AND NOT EXISTS (SELECT FROM {table_of(ComplaintCode)} c"
            f" WHERE c.code = s.{column} AND c.kind = '{kind}')",
        )
    stage.error(
        "customer",
        _("there is no partner “{value}”; import partners first"),
        f"s.customer IS NOT NULL AND NOT EXISTS (SELECT FROM {table_of(Partner)} p WHERE p.code = s.customer)",
    )
    stage.error(
        "number",
        _("“{value}” has been worked on here; a log does not overwrite that"),
        "b.status NOT IN ('received', 'legacy') OR b.cycle > 1 OR b.origin <> %(origin)s"
        " OR (b.status = 'legacy') <> (s.state = 'closed')",
        joins=f"JOIN {table_of(Complaint)} b ON {MATCH}",
    )
    find_existing(stage, Complaint, MATCH, VALUES, shown=SHOWN)


def write_complaints(stage: Stage) -> None:
    """Complaints of the log, new and changed."""
    new = {
        "site_id": "%(site)s",
        "number": "s.number",
        "status": "CASE WHEN s.state = 'closed' THEN 'legacy' ELSE 'received' END",
        "recorded_by_id": "%(_actor)s",
        "recorded_at": "now()",
        **VALUES,
    }
    upsert(stage, Complaint, new, VALUES)
