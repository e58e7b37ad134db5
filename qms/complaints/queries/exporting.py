"""The fields of FDA form 3500A for a report, as far as the records know them, and the file that leaves the house.

Names are those of the form's sections (A patient, B event, D device, E reporter, F/G/H manufacturer). What only people
know is a field of the report that they fill in; what the records know is read anew until the report is reviewed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from qms.complaints.models import Complaint, RegulatoryReport
from qms.complaints.queries.complaints import read_udi

SCHEMA = "trueline.regulatory-report/1"


@dataclass(frozen=True)
class ReportField:
    """One field of a report: its name on the form, what it is called, and whether a report may be sent without it."""

    name: str
    label: Any
    is_needed: bool = False
    is_long: bool = False


FIELDS: Mapping[str, ReportField] = {
    one.name: one
    for one in (
        ReportField("a1_patient_identifier", _("A1 Patient identifier (no name)")),
        ReportField("a2_age", _("A2 Age at the time of the event")),
        ReportField("a3_sex", _("A3 Sex")),
        ReportField("a4_weight", _("A4 Weight")),
        ReportField("b1_event_kind", _("B1 Adverse event or product problem"), is_needed=True),
        ReportField("b2_outcome", _("B2 Outcome attributed to the event"), is_needed=True),
        ReportField("b5_event_description", _("B5 Description of the event"), is_needed=True, is_long=True),
        ReportField("b6_tests", _("B6 Relevant tests and laboratory data"), is_long=True),
        ReportField("b7_history", _("B7 Other relevant history"), is_long=True),
        ReportField("d2_common_name", _("D2 Common device name and product code"), is_needed=True),
        ReportField("d5_operator", _("D5 Operator of the device")),
        ReportField("d9_available", _("D9 Device available for evaluation")),
        ReportField("e4_sent_to_fda", _("E4 Initial reporter also sent a report")),
        ReportField("g3_report_source", _("G3 Report source")),
        ReportField("h1_type", _("H1 Type of reportable event"), is_needed=True),
        ReportField("h3_evaluated", _("H3 Device evaluated by the manufacturer")),
        ReportField("h6_codes", _("H6 Event problem and evaluation codes")),
        ReportField("h7_remedial_action", _("H7 Remedial action")),
        ReportField("h10_narrative", _("H10 Manufacturer's narrative"), is_long=True),
    )
}
"""What people write; the rest of the form comes from the records (`known_fields`)."""


def first_fields(complaint: Complaint) -> dict[str, str]:
    """What a new report begins with."""
    kind = "Product problem" if complaint.harm in ("none", "unknown") else "Adverse event and product problem"
    outcome = {"death": "Death", "serious": "Serious injury"}.get(complaint.harm, "Other")
    typed = {"death": "Death", "serious": "Serious injury"}.get(complaint.harm, "Malfunction")
    return {
        "b1_event_kind": kind,
        "b2_outcome": outcome,
        "b5_event_description": complaint.nature,
        "d2_common_name": complaint.material.name if complaint.material is not None else complaint.claimed_product,
        "h1_type": typed,
    }


def missing_fields(report: RegulatoryReport) -> list[ReportField]:
    """The fields without which it may not be sent; a notice to a customer needs its description only."""
    needed = [one for one in FIELDS.values() if one.is_needed]
    if report.form != RegulatoryReport.Form.FDA_3500A:
        needed = [FIELDS["b5_event_description"]]
    return [one for one in needed if not str(report.fields.get(one.name, "")).strip()]


def known_fields(report: RegulatoryReport) -> dict[str, Any]:
    """What the records know, by the form's names."""
    complaint, site = report.complaint, report.complaint.site
    label = read_udi(complaint.claimed_udi)
    lot = str(complaint.lot or complaint.claimed_lot)
    expires = complaint.lot.expires_on if complaint.lot is not None else None
    made_by = f"{site.name} ({site.code})"
    return {
        "b3_date_of_event": _day(complaint.event_on),
        "b4_date_of_this_report": _day(report.submitted_on),
        "d1_brand_name": complaint.material.name if complaint.material is not None else complaint.claimed_product,
        "d3_manufacturer": made_by,
        "d4_model_number": complaint.material.number if complaint.material is not None else "",
        "d4_lot_number": lot,
        "d4_serial_number": str(complaint.unit or complaint.claimed_serial),
        "d4_expiration_date": _day(expires or (label.use_by if label is not None else None)),
        "d4_udi": complaint.claimed_udi,
        "e1_reporter_name": complaint.complainant_name,
        "e1_reporter_organization": complaint.complainant_organization,
        "e1_reporter_address": complaint.complainant_address,
        "e1_reporter_phone": complaint.complainant_phone,
        "e1_reporter_email": complaint.complainant_email,
        "g1_contact_office": made_by,
        "g4_date_received_by_manufacturer": _day(report.decision.aware_on),
        "g7_type_of_report": _type_of(report),
        "g9_manufacturer_report_number": report.number,
        "h2_follow_up_of": report.supplement_to.number if report.supplement_to is not None else "",
        "h3_investigation": complaint.investigation,
    }


def _type_of(report: RegulatoryReport) -> str:
    if report.supplement_to_id is not None:
        return "Follow-up"
    result = report.decision.result
    return f"{result.get('days', '')}-day ({result.get('count', '')} days)"


def _day(day: Any) -> str:
    return "" if day is None else str(day.isoformat())


def as_file(report: RegulatoryReport) -> dict[str, Any]:
    """The report as the JSON file that is handed to whoever submits it. It is no submission itself."""
    typed = {name: str(report.fields.get(name, "")) for name in FIELDS}
    return {
        "schema": SCHEMA,
        "form": report.form,
        "report_number": report.number,
        "complaint": report.complaint.number,
        "status": report.status,
        "authority": report.authority,
        "due_on": _day(report.due_on),
        "clause": report.decision.result.get("clause", ""),
        "aware_on": _day(report.decision.aware_on),
        "submission_reference": report.reference,
        "fields": dict(sorted({**known_fields(report), **typed}.items())),
        "made_at": now().isoformat(timespec="seconds"),
    }
