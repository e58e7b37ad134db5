"""The record as JSON: what is attached to its PDF, for whoever reads it with a program."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.signing.models import Signature
from core.web.questions import TimelineEntry
from mes.execution.queries import OperationFacts
from mes.production_record.queries.content import Decided, HoldStory, RecordContent


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _signature(signature: Signature) -> dict[str, Any]:
    return {
        "record": signature.subject_label,
        "name": signature.printed_name,
        "meaning": signature.meaning,
        "at": signature.signed_at.isoformat(),
        "time_zone": signature.time_zone,
        "method": signature.method,
        "reason": signature.reason,
        "digest": signature.digest,
        "scheme": signature.scheme,
    }


def _operation(facts: OperationFacts) -> dict[str, Any]:
    operation = facts.operation
    return {
        "sequence": operation.sequence,
        "name": operation.name,
        "work_center": str(operation.work_center),
        "instruction": str(operation.document_revision or ""),
        "status": operation.status,
        "good": _number(facts.counters.good),
        "scrap": _number(facts.counters.scrap),
        "explanation": operation.explanation,
        "material_explanation": operation.material_explanation,
        "work": [
            {
                "what": entry.kind,
                "operator": str(entry.run.operator),
                "terminal": str(entry.run.terminal or ""),
                "note": entry.note,
                "at": entry.stamped_at.isoformat(),
            }
            for entry in facts.labor
        ],
        "steps": [
            {"step": str(s.step), "done": s.done, "by": str(s.actor), "at": s.stamped_at.isoformat()}
            for s in facts.steps
        ],
        "values": [
            {
                "id": value.pk,
                "label": value.label,
                "value": value.value,
                "uom": value.uom,
                "unit": str(value.unit or ""),
                "lower_limit": _number(value.lower_limit),
                "upper_limit": _number(value.upper_limit),
                "lower_warning": _number(value.lower_warning),
                "upper_warning": _number(value.upper_warning),
                "judgement": value.judgement,
                "judgement_text": "" if value.judgement == "in" else value.judgement_text,
                "supersedes": value.supersedes_id,
                "reason": value.reason,
                "nonconformance": value.nonconformance.number if value.nonconformance else "",
                "planned_deviation": value.deviation_use.deviation.number if value.deviation_use else "",
                "gauge": value.gauge.code if value.gauge else "",
                "calibration": value.calibration.number if value.calibration else "",
                "by": str(value.actor),
                "at": value.stamped_at.isoformat(),
            }
            for value in facts.values
        ],
        "components": [
            {
                "id": used.pk,
                "material": str(used.material),
                "lot": str(used.lot),
                "unit": str(used.unit or ""),
                "quantity": _number(used.quantity),
                "uom": used.uom,
                "into_unit": str(used.into_unit or ""),
                "reverses": used.reverses_id,
                "explanation": used.explanation,
                "reason": used.reason,
                "by": str(used.actor),
                "at": used.stamped_at.isoformat(),
            }
            for used in facts.consumptions
        ],
        "outputs": [
            {
                "id": output.pk,
                "good": _number(output.good),
                "scrap": _number(output.scrap),
                "scrap_reason": str(output.scrap_reason or ""),
                "unit": str(output.unit or ""),
                "reverses": output.reverses_id,
                "explanation": output.explanation,
                "reason": output.reason,
                "by": str(output.actor),
                "at": output.stamped_at.isoformat(),
            }
            for output in facts.outputs
        ],
    }


def _nonconformance(one: Decided) -> dict[str, Any]:
    found = one.nonconformance
    return {
        "number": found.number,
        "kind": found.kind,
        "title": found.title,
        "description": found.description,
        "severity": found.severity,
        "status": found.status,
        "reported_by": str(found.reported_by),
        "reported_at": found.reported_at.isoformat(),
        "cause": found.cause,
        "source": found.source_label,
        "dispositions": [
            {
                "kind": disposition.kind,
                "of": str(disposition.affected_item.thing),
                "quantity": _number(disposition.quantity),
                "uom": disposition.affected_item.uom.symbol,
                "justification": disposition.justification,
                "status": disposition.status,
                "proposed_by": str(disposition.proposed_by),
                "proposed_at": disposition.proposed_at.isoformat(),
            }
            for disposition in one.dispositions
        ],
    }


def _hold(story: HoldStory) -> dict[str, Any]:
    hold, lifted = story.hold, story.lifted
    return {
        "of": story.thing,
        "quantity": _number(hold.quantity),
        "reason": hold.reason,
        "status": hold.status,
        "placed_by": str(hold.placed_by),
        "placed_at": hold.placed_at.isoformat(),
        "lifted_by": str(lifted.actor) if lifted else "",
        "lifted_at": lifted.stamped_at.isoformat() if lifted else None,
        "lifted_because": lifted.reason if lifted else "",
    }


def _entry(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(),
        "who": entry.who,
        "what": str(entry.title),
        "detail": str(entry.detail),
        "meaning": str(entry.meaning),
        "reason": entry.reason,
        "changes": [
            {"label": str(change.label), "old": str(change.old or ""), "new": str(change.new or "")}
            for change in entry.changes
        ],
    }


def as_data(content: RecordContent, trail: Sequence[TimelineEntry]) -> dict[str, Any]:
    """The record and its trail as JSON: all that its print says, and no time of printing."""
    record = content.record
    order = record.order
    return {
        "format": "trueline-production-record-1",
        "number": record.number,
        "status": record.status,
        "order": {
            "number": order.number,
            "site": str(order.site),
            "material": str(order.material),
            "quantity": _number(order.quantity),
            "uom": order.material.uom.symbol,
            "routing": str(order.routing_revision),
            "routing_sha256": order.routing_hash,
        },
        "lot": {"number": record.lot.number, "status": record.lot.status},
        "statement": vars(content.statement),
        "exceptions": [
            {"kind": e.kind, "operation": f"{e.operation.sequence} {e.operation.name}", "text": e.text}
            for e in content.exceptions
        ],
        "operations": [_operation(facts) for facts in content.operations],
        "nonconformances": [_nonconformance(one) for one in content.nonconformances],
        "holds": [_hold(story) for story in content.holds],
        "genealogy": [
            {
                "level": row.level,
                "number": row.number,
                "material": row.material,
                "quantity": _number(row.quantity),
                "uom": row.uom,
                "where": row.source_label,
            }
            for row in content.genealogy
        ],
        "signatures": [{**_signature(s.signature), "intact": s.intact} for s in content.signatures],
        "trail": [_entry(entry) for entry in trail],
    }
