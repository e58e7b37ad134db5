"""The whole matter of a production record, for its page, its PDF and the JSON attached to the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from core.lifecycle.models import Transition
from core.signing.queries import SignatureState, manifests
from mes.execution.models import DataRecord, DefectReport, OrderOperation
from mes.execution.queries import OperationFacts, order_facts
from mes.production_record.models import ProductionRecord
from mes.production_record.queries.exceptions import Exceptional, exceptions_in
from qms.nonconformance.models import Disposition, NonConformance
from traceability.models import Hold
from traceability.queries import TraceRow, reached, trace


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
class Decided:
    """A nonconformance or deviation of the lot or of what went into it, with what was decided about it."""

    nonconformance: NonConformance
    dispositions: Sequence[Disposition]

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return str(self.nonconformance.lifecycle.state(self.nonconformance.status).label)


@dataclass(frozen=True)
class HoldStory:
    """A hold on the lot or on what went into it, and how it ended."""

    hold: Hold
    lifted: Transition | None

    @property
    def thing(self) -> str:
        """The number of what was held."""
        return str(self.hold.unit or self.hold.lot)

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return str(self.hold.lifecycle.state(self.hold.status).label)


@dataclass(frozen=True)
class RecordContent:
    """Everything that a production record shows."""

    record: ProductionRecord
    operations: Sequence[OperationFacts]
    exceptions: Sequence[Exceptional]
    nonconformances: Sequence[Decided]
    holds: Sequence[HoldStory]
    genealogy: Sequence[TraceRow]
    signatures: Sequence[SignatureState]
    statement: Statement


def _standing(values: Sequence[DataRecord]) -> list[DataRecord]:
    """Values that no later one supersedes."""
    superseded = {value.supersedes_id for value in values}
    return [value for value in values if value.pk not in superseded]


def _signed(
    record: ProductionRecord,
    operations: Sequence[OrderOperation],
    decided: Sequence[Decided],
    holds: Sequence[Hold],
) -> list[SignatureState]:
    """Signatures on routing, pinned instructions, operations, nonconformances, dispositions, holds and lot."""
    pinned = {operation.document_revision_id: operation.document_revision for operation in operations}
    signed: list[Model] = [record.order.routing_revision]
    signed += [revision for revision in pinned.values() if revision is not None]
    signed += operations
    for one in decided:
        signed += [one.nonconformance, *one.dispositions]
    signed += [*holds, record.lot]
    return [state for states in manifests(signed).values() for state in states]


def _decided(raised: Any, lots: set[int], units: set[int]) -> list[Decided]:
    """The `raised` nonconformances (ids), and every one about the lot, its units or anything that went into them."""
    found = (
        NonConformance.objects.filter(Q(pk__in=raised) | Q(items__lot__in=lots) | Q(items__unit__in=units))
        .distinct()
        .select_related("defect_code", "owner", "reported_by")
        .order_by("pk")
    )
    decisions: dict[int, list[Disposition]] = {}
    for disposition in (
        Disposition.objects.filter(affected_item__nonconformance__in=found)
        .select_related("affected_item__lot", "affected_item__unit", "affected_item__uom", "proposed_by")
        .order_by("pk")
    ):
        decisions.setdefault(disposition.affected_item.nonconformance_id, []).append(disposition)
    return [Decided(one, decisions.get(one.pk, [])) for one in found]


def _holds(lots: set[int], units: set[int]) -> list[HoldStory]:
    """Every hold, open or lifted, on the lot, its units or anything that went into them."""
    found = list(
        Hold.objects.filter(Q(lot__in=lots) | Q(unit__in=units))
        .select_related("lot__material__uom", "unit", "placed_by")
        .order_by("pk")
    )
    kind = ContentType.objects.get_for_model(Hold)
    moves = Transition.objects.filter(subject_type=kind, subject_id__in=[hold.pk for hold in found])
    lifted = {move.subject_id: move for move in moves.exclude(to_status="open").select_related("actor")}
    return [HoldStory(hold, lifted.get(hold.pk)) for hold in found]


def content_of(record: ProductionRecord) -> RecordContent:
    """Read the whole record. The number of queries grows with its operations and documents, not with their entries."""
    operations = order_facts(record.order)
    exceptions = exceptions_in(operations)
    lots, units = reached(record.lot, "backward")
    nonconformances = _decided({n.pk for facts in operations for n in facts.nonconformances}, lots, units)
    holds = _holds(lots, units)
    signatures = _signed(
        record, [facts.operation for facts in operations], nonconformances, [story.hold for story in holds]
    )
    values = [value for facts in operations for value in _standing(facts.values)]
    return RecordContent(
        record=record,
        operations=operations,
        exceptions=exceptions,
        nonconformances=nonconformances,
        holds=holds,
        genealogy=trace(record.lot, "backward"),
        signatures=signatures,
        statement=Statement(
            operations=len(operations),
            operations_done=sum(facts.operation.status == "completed" for facts in operations),
            values=len(values),
            values_in_limits=sum(value.judgement != DataRecord.Verdict.OUT for value in values),
            exceptions=len(exceptions),
            nonconformances=len(nonconformances),
            nonconformances_open=sum(
                one.nonconformance.status not in ("closed", "cancelled") for one in nonconformances
            ),
            signatures=len(signatures),
            signatures_intact=sum(state.intact for state in signatures),
        ),
    )


def signatures_of_record(record: ProductionRecord) -> list[SignatureState]:
    """The signatures that the record prints, read without the rest of it."""
    operations = list(record.order.operations.select_related("document_revision").order_by("sequence"))
    lots, units = reached(record.lot, "backward")
    at = {"order_operation__order": record.order_id}
    raised = NonConformance.objects.filter(
        Q(pk__in=DataRecord.objects.filter(**at).values("nonconformance"))
        | Q(pk__in=DefectReport.objects.filter(**at).values("nonconformance"))
    )
    decided = _decided(raised.values("pk"), lots, units)
    held = Hold.objects.filter(Q(lot__in=lots) | Q(unit__in=units)).order_by("pk")
    return _signed(record, operations, decided, list(held))


def broken_signatures(signatures: Sequence[SignatureState]) -> list[SignatureState]:
    """Signatures that no longer fit what was signed, unless the same was signed again since and that one fits."""

    def signed(state: SignatureState) -> tuple[int, int, str]:
        signature = state.signature
        return signature.subject_type_id, signature.subject_id, signature.meaning

    fitting = {signed(state) for state in signatures if state.intact}
    return [state for state in signatures if not state.intact and signed(state) not in fitting]
