"""Everything that the sealed record of a complaint says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.files.queries import attachments_of
from core.signing.queries import SignatureState, manifest
from qms.complaints.models import Complaint, RegulatoryReport, ReportabilityDecision
from qms.complaints.queries.complaints import nonconformances_from, reports_of
from qms.complaints.queries.exposure import Exposure, as_data, exposure_of

PRINTED = (
    "number", "cycle", "status", "title", "received_on", "event_on", "aware_on", "channel", "complainant_name",
    "complainant_organization", "complainant_address", "complainant_phone", "complainant_email", "claimed_product",
    "claimed_udi", "claimed_lot", "claimed_serial", "not_identified", "nature", "harm", "harm_note", "is_complaint",
    "similar_reason", "investigation", "correction", "capa", "capa_note", "reply", "replied_on", "reply_text",
)  # fmt: skip
NAMED = ("site", "customer", "material", "lot", "unit", "code", "cause", "recorded_by", "owner", "similar_to")


@dataclass(frozen=True)
class Content:
    """A complaint with all its parts."""

    complaint: Complaint
    assessments: Sequence[Any]
    decisions: Sequence[ReportabilityDecision]
    waivers: Sequence[Any]
    reopenings: Sequence[Any]
    reports: Sequence[RegulatoryReport]
    nonconformances: Sequence[Any]
    attachments: Sequence[Any]
    exposure: Exposure | None
    signatures: Sequence[SignatureState]


def parts_of(complaint: Complaint) -> list[Any]:
    """What of a complaint is signed by itself, in the order in which it was."""
    return [
        *complaint.assessments.select_related("actor", "code", "lot", "unit", "material"),
        *complaint.decisions.select_related("actor", "tree_version__tree"),
        *complaint.waivers.select_related("actor", "similar_to"),
        *complaint.reopenings.select_related("actor"),
        *reports_of(complaint),
    ]


def content_of(complaint: Complaint) -> Content:
    """Read it all."""
    signatures = [one for part in [complaint, *parts_of(complaint)] for one in manifest(part)]
    return Content(
        complaint=complaint,
        assessments=list(complaint.assessments.select_related("actor", "code", "lot", "unit", "material")),
        decisions=list(complaint.decisions.select_related("actor", "tree_version__tree", "superseded_by")),
        waivers=list(complaint.waivers.select_related("actor", "similar_to")),
        reopenings=list(complaint.reopenings.select_related("actor")),
        reports=reports_of(complaint),
        nonconformances=list(nonconformances_from(complaint)),
        attachments=list(attachments_of(complaint)),
        exposure=exposure_of(complaint),
        signatures=sorted(signatures, key=lambda one: one.signature.signed_at),
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def record_data(content: Content) -> dict[str, Any]:
    """The same as data, which is attached to the sealed record."""
    complaint = content.complaint
    return {
        **{name: _plain(getattr(complaint, name)) for name in PRINTED},
        **{name: str(getattr(complaint, name) or "") for name in NAMED},
        "assessments": [
            {"cycle": one.cycle, "is_complaint": one.is_complaint, "reason": one.reason, "by": str(one.actor)}
            for one in content.assessments
        ],
        "decisions": [
            {
                "cycle": one.cycle,
                "tree": str(one.tree_version),
                "answers": one.answers,
                "result": one.result,
                "due_on": _plain(one.due_on),
                "rationale": one.rationale,
                "reason": one.reason,
                "by": str(one.actor),
            }
            for one in content.decisions
        ],
        "waivers": [{"cycle": one.cycle, "reason": one.reason, "by": str(one.actor)} for one in content.waivers],
        "reopenings": [
            {"cycle": one.cycle, "aware_on": _plain(one.aware_on), "information": one.information}
            for one in content.reopenings
        ],
        "reports": [
            {
                "number": one.number,
                "status": one.status,
                "due_on": _plain(one.due_on),
                "reference": one.reference,
                "submitted_on": _plain(one.submitted_on),
                "acknowledged_on": _plain(one.acknowledged_on),
                "fields": one.fields,
            }
            for one in content.reports
        ],
        "nonconformances": [one.number for one in content.nonconformances],
        "attachments": [[one.name, one.sha256] for one in content.attachments],
        "exposure": as_data(content.exposure),
        "signatures": [one.signature.digest for one in content.signatures],
    }


def letter_data(complaint: Complaint) -> dict[str, Any]:
    """What the letter to the complainant says."""
    return {
        "complaint": complaint.number,
        "to": [complaint.complainant_name, complaint.complainant_organization, complaint.complainant_address],
        "received_on": complaint.received_on.isoformat(),
        "product": str(complaint.material or complaint.claimed_product),
        "lot": str(complaint.lot or complaint.claimed_lot),
        "serial": str(complaint.unit or complaint.claimed_serial),
        "replied_on": _plain(complaint.replied_on),
        "text": complaint.reply_text,
    }
