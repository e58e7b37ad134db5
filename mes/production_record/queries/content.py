"""The whole matter of a production record, for its page, its PDF and the JSON attached to the PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet, Value

from core.lifecycle.models import Transition
from core.signing.queries import SignatureState, manifests
from mes.execution.models import DataRecord, DefectReport, OrderOperation
from mes.execution.queries import OperationFacts, order_facts
from mes.production_record.models import ProductionRecord
from mes.production_record.queries.exceptions import EXCEPTIONAL, Exceptional, exceptions_in
from qms.nonconformance.models import Disposition, NonConformance
from traceability.models import Hold
from traceability.queries import TraceRow, reached, trace


@dataclass(frozen=True)
class Recorded:
    """How much was recorded, and how much of it was out of the routine."""

    operations: int
    operations_done: int
    values: int
    values_in_limits: int
    exceptions: int


@dataclass(frozen=True)
class Standing:
    """How the nonconformances about it stand, and whether the signatures still fit."""

    nonconformances: int
    nonconformances_open: int
    signatures: int
    signatures_intact: int


@dataclass(frozen=True)
class Statement(Standing, Recorded):
    """What the reviewer signs by releasing."""


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
    record: ProductionRecord, operations: Sequence[OrderOperation], others: Iterable[Model]
) -> list[SignatureState]:
    """Signatures on routing, pinned instructions, operations, lot and `others`: what was decided, and holds."""
    pinned = {operation.document_revision_id: operation.document_revision for operation in operations}
    signed: list[Model] = [record.order.routing_revision]
    signed += [revision for revision in pinned.values() if revision is not None]
    signed += [*operations, *others, record.lot]
    return [state for states in manifests(signed).values() for state in states]


def _each(decided: Iterable[Decided], holds: Iterable[Hold]) -> list[Model]:
    """Every nonconformance with its dispositions, and every hold."""
    return [*(each for one in decided for each in (one.nonconformance, *one.dispositions)), *holds]


def _raised_in(record: ProductionRecord) -> QuerySet[NonConformance]:
    """The nonconformances that were raised at the operations of the record's order."""
    at = {"order_operation__order": record.order_id}
    return NonConformance.objects.filter(
        Q(pk__in=DataRecord.objects.filter(**at).values("nonconformance"))
        | Q(pk__in=DefectReport.objects.filter(**at).values("nonconformance"))
    )


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


def _counted(operations: Sequence[OperationFacts], exceptions: Sequence[Exceptional]) -> Recorded:
    values = [value for facts in operations for value in _standing(facts.values)]
    return Recorded(
        operations=len(operations),
        operations_done=sum(facts.operation.status == "completed" for facts in operations),
        values=len(values),
        values_in_limits=sum(value.judgement != DataRecord.Verdict.OUT for value in values),
        exceptions=len(exceptions),
    )


def _judged(decided: Sequence[Decided], signatures: Sequence[SignatureState]) -> Standing:
    return Standing(
        nonconformances=len(decided),
        nonconformances_open=sum(one.nonconformance.status not in ("closed", "cancelled") for one in decided),
        signatures=len(signatures),
        signatures_intact=sum(state.intact for state in signatures),
    )


def content_of(record: ProductionRecord) -> RecordContent:
    """Read the whole record. The number of queries grows with its operations and documents, not with their entries."""
    operations = order_facts(record.order)
    exceptions = exceptions_in(operations)
    lots, units = reached(record.lot, "backward")
    nonconformances = _decided({n.pk for facts in operations for n in facts.nonconformances}, lots, units)
    holds = _holds(lots, units)
    others = _each(nonconformances, [story.hold for story in holds])
    signatures = _signed(record, [facts.operation for facts in operations], others)
    return RecordContent(
        record=record,
        operations=operations,
        exceptions=exceptions,
        nonconformances=nonconformances,
        holds=holds,
        genealogy=trace(record.lot, "backward"),
        signatures=signatures,
        statement=Statement(
            **vars(_counted(operations, exceptions)),
            **vars(_judged(nonconformances, signatures)),
        ),
    )


def recorded_in(record: ProductionRecord) -> tuple[Recorded, list[Exceptional]]:
    """How much was recorded, and every exception: what `content_of` says of it, read without the rest."""
    operations = order_facts(record.order, EXCEPTIONAL)
    exceptions = exceptions_in(operations)
    return _counted(operations, exceptions), exceptions


def standing_of(record: ProductionRecord) -> Standing:
    """How nonconformances and signatures stand: what `content_of` says of it, read without the rest."""
    lots, units = reached(record.lot, "backward")
    decided = _decided(_raised_in(record).values("pk"), lots, units)
    held = Hold.objects.filter(Q(lot__in=lots) | Q(unit__in=units)).order_by("pk")
    operations = list(record.order.operations.select_related("document_revision").order_by("sequence"))
    return _judged(decided, _signed(record, operations, _each(decided, held)))


def signatures_of_record(
    record: ProductionRecord,
    *,
    operations: Sequence[OrderOperation],
    about: Sequence[NonConformance],
    holds: Sequence[Hold],
) -> list[SignatureState]:
    """The signatures that the record prints, read without the rest of it.

    `about` are the nonconformances about the lot and what went into it, `holds` the holds on these.
    """
    raised = _raised_in(record)
    decisions = Disposition.objects.filter(
        Q(affected_item__nonconformance__in=[one.pk for one in about])
        | Q(affected_item__nonconformance__in=raised.values("pk"))
    )
    rows = raised.order_by().values_list(Value("nonconformance"), "pk")
    further = rows.union(decisions.order_by().values_list(Value("disposition"), "pk"), all=True)
    models: dict[str, type[Model]] = {"nonconformance": NonConformance, "disposition": Disposition}
    return _signed(record, operations, [*about, *(models[kind](pk=pk) for kind, pk in further), *holds])


def broken_signatures(signatures: Sequence[SignatureState]) -> list[SignatureState]:
    """Signatures that no longer fit what was signed, unless the same was signed again since and that one fits."""

    def signed(state: SignatureState) -> tuple[int, int, str]:
        signature = state.signature
        return signature.subject_type_id, signature.subject_id, signature.meaning

    fitting = {signed(state) for state in signatures if state.intact}
    return [state for state in signatures if not state.intact and signed(state) not in fitting]
