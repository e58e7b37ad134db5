"""The whole matter of a production record, for its page, its PDF and the JSON attached to the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.signing.models import Signature
from core.signing.queries import SignatureState, manifest
from mes.execution.models import DataRecord
from mes.execution.queries import OperationFacts, order_facts
from mes.production_record.models import ProductionRecord
from mes.production_record.queries.exceptions import Exceptional, exceptions_in
from qms.nonconformance.models import NonConformance
from traceability.queries import TraceRow, trace


@dataclass(frozen=True)
class Statement:
    """What the reviewer signs by releasing: how much was recorded, and how much of it was out of the routine."""

    operations: int
    operations_done: int
    values: int
    values_in_limits: int
    exceptions: int
    nonconformances: int
    nonconformances_open: int
    signatures: int
    signatures_intact: int


@dataclass(frozen=True)
class RecordContent:
    """Everything that a production record shows."""

    record: ProductionRecord
    operations: Sequence[OperationFacts]
    exceptions: Sequence[Exceptional]
    nonconformances: Sequence[NonConformance]
    genealogy: Sequence[TraceRow]
    signatures: Sequence[SignatureState]
    statement: Statement


def _standing(values: Sequence[DataRecord]) -> list[DataRecord]:
    """Values that no later one supersedes."""
    superseded = {value.supersedes_id for value in values}
    return [value for value in values if value.pk not in superseded]


def _signed(record: ProductionRecord, operations: Sequence[OperationFacts]) -> list[SignatureState]:
    """Signatures on the routing, the pinned instructions, every operation and the lot, in that order."""
    found = list(manifest(record.order.routing_revision))
    seen: set[int] = set()
    for facts in operations:
        revision = facts.operation.document_revision
        if revision is not None and revision.pk not in seen:
            seen.add(revision.pk)
            found += manifest(revision)
    for facts in operations:
        found += facts.signatures
    return found + list(manifest(record.lot))


def content_of(record: ProductionRecord) -> RecordContent:
    """Read the whole record. The number of queries grows with its operations and documents, not with their entries."""
    operations = order_facts(record.order)
    exceptions = exceptions_in(operations)
    nonconformances = list({n.pk: n for facts in operations for n in facts.nonconformances}.values())
    signatures = _signed(record, operations)
    values = [value for facts in operations for value in _standing(facts.values)]
    return RecordContent(
        record=record,
        operations=operations,
        exceptions=exceptions,
        nonconformances=nonconformances,
        genealogy=trace(record.lot, "backward"),
        signatures=signatures,
        statement=Statement(
            operations=len(operations),
            operations_done=sum(facts.operation.status == "completed" for facts in operations),
            values=len(values),
            values_in_limits=sum(value.judgement != DataRecord.Verdict.OUT for value in values),
            exceptions=len(exceptions),
            nonconformances=len(nonconformances),
            nonconformances_open=sum(n.status not in ("closed", "cancelled") for n in nonconformances),
            signatures=len(signatures),
            signatures_intact=sum(state.intact for state in signatures),
        ),
    )


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
        "runs": [
            {
                "operator": str(run.operator),
                "terminal": str(run.terminal or ""),
                "started_at": run.started_at.isoformat(),
                "ended_at": run.ended_at.isoformat() if run.ended_at else None,
            }
            for run in facts.runs
        ],
        "steps": [{"step": str(s.step), "by": str(s.actor), "at": s.stamped_at.isoformat()} for s in facts.steps],
        "values": [
            {
                "id": value.pk,
                "label": value.label,
                "value": value.value,
                "unit": str(value.unit or ""),
                "lower_limit": _number(value.lower_limit),
                "upper_limit": _number(value.upper_limit),
                "judgement": value.judgement,
                "supersedes": value.supersedes_id,
                "reason": value.reason,
                "by": str(value.actor),
                "at": value.stamped_at.isoformat(),
            }
            for value in facts.values
        ],
        "components": [
            {
                "material": str(used.material),
                "lot": str(used.lot),
                "unit": str(used.unit or ""),
                "quantity": _number(used.quantity),
                "uom": used.uom,
                "into_unit": str(used.into_unit or ""),
                "reverses": used.reverses_id,
                "by": str(used.actor),
                "at": used.stamped_at.isoformat(),
            }
            for used in facts.consumptions
        ],
        "outputs": [
            {
                "good": _number(output.good),
                "scrap": _number(output.scrap),
                "scrap_reason": str(output.scrap_reason or ""),
                "unit": str(output.unit or ""),
                "reverses": output.reverses_id,
                "by": str(output.actor),
                "at": output.stamped_at.isoformat(),
            }
            for output in facts.outputs
        ],
    }


def as_data(content: RecordContent) -> dict[str, Any]:
    """The record as JSON: the same content gives the same bytes (it names no time of printing)."""
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
            "routing": str(order.routing_revision),
            "routing_sha256": order.routing_hash,
        },
        "lot": {"number": record.lot.number, "status": record.lot.status},
        "statement": vars(content.statement),
        "exceptions": [{"kind": e.kind, "operation": str(e.operation), "text": e.text} for e in content.exceptions],
        "operations": [_operation(facts) for facts in content.operations],
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
        "signatures": [_signature(state.signature) for state in content.signatures],
    }
