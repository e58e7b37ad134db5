"""Review by exception: what deviated from the routine of an order, computed from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mes.execution.models import DataRecord, OrderOperation
from mes.execution.queries import OperationFacts
from qms.nonconformance.models import NonConformance

KINDS = {
    "out_of_limits": gettext_lazy("Value outside its limits"),
    "warning": gettext_lazy("Value outside its warning limits"),
    "corrected": gettext_lazy("Corrected value"),
    "taken_back": gettext_lazy("Booking taken back"),
    "scrap": gettext_lazy("Scrap"),
    "explained": gettext_lazy("Explained departure"),
    "nonconformance": gettext_lazy("Nonconformance"),
    "broken_signature": gettext_lazy("Signature that no longer fits"),
}


EXCEPTIONAL = ("values", "consumptions", "outputs", "nonconformances", "signatures")
"""The facts of an order among which exceptions are found."""


@dataclass(frozen=True)
class Exceptional:
    """One exception: its kind, where, what in words, and the nonconformance that deals with it, if any."""

    kind: str
    operation: OrderOperation
    text: str
    nonconformance: NonConformance | None = None

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])


def exceptions_in(operations: Sequence[OperationFacts]) -> list[Exceptional]:
    """Every exception of an order, in the order of its operations."""
    return [found for facts in operations for found in _of(facts)]


def _of(facts: OperationFacts) -> Iterator[Exceptional]:
    operation = facts.operation
    for explanation in filter(None, (operation.explanation, operation.material_explanation)):
        yield Exceptional("explained", operation, explanation)
    for value in facts.values:
        yield from _of_value(operation, value)
    for consumption in facts.consumptions:
        if consumption.reverses_id is not None:
            text = _("%(lot)s taken back: %(reason)s")
            yield Exceptional(
                "taken_back",
                operation,
                text % {"lot": consumption.lot, "reason": consumption.reason or _("undone at once")},
            )
        elif consumption.explanation:
            yield Exceptional("explained", operation, f"{consumption.lot}: {consumption.explanation}")
    for output in facts.outputs:
        if output.reverses_id is not None:
            yield Exceptional(
                "taken_back",
                operation,
                _("Report taken back: %(reason)s") % {"reason": output.reason or _("undone at once")},
            )
            continue
        if output.scrap:
            yield Exceptional("scrap", operation, f"{output.scrap.normalize():f} · {output.scrap_reason}")
        if output.explanation:
            yield Exceptional("explained", operation, output.explanation)
    for nonconformance in facts.nonconformances:
        status = nonconformance.lifecycle.state(nonconformance.status).label
        text = f"{nonconformance.number} · {nonconformance.title} · {status}"
        yield Exceptional("nonconformance", operation, text, nonconformance)
    for signed in facts.signatures:
        if not signed.intact:
            yield Exceptional("broken_signature", operation, str(signed.signature))


def _of_value(operation: OrderOperation, value: DataRecord) -> Iterator[Exceptional]:
    said = f"{value.label}: {value.value}"
    if value.judgement == DataRecord.Verdict.OUT:
        text = f"{said}. {value.judgement_text}".strip()
        if value.deviation_use is not None:
            text = _("%(text)s Under %(deviation)s.") % {"text": text, "deviation": value.deviation_use.deviation}
        yield Exceptional("out_of_limits", operation, text, value.nonconformance)
    elif value.judgement == DataRecord.Verdict.WARNING:
        yield Exceptional("warning", operation, f"{said}. {value.judgement_text}".strip())
    if value.supersedes_id is not None:
        yield Exceptional("corrected", operation, _("%(value)s: %(reason)s") % {"value": said, "reason": value.reason})
