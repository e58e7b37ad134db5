"""How a risk is judged: by the band of the pinned matrix, or by the action priority of a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qms.risk.models import Acceptability, RiskAssessment, RiskItem, RiskMatrix
from qms.risk.queries.action_priority import HIGH, LOW, MEDIUM, RANKS, action_priority

TONES = {
    Acceptability.ACCEPTABLE: ("good", "circle-check"),
    Acceptability.REDUCE: ("warn", "alert"),
    Acceptability.UNACCEPTABLE: ("bad", "ban"),
}
OF_PRIORITY = {
    HIGH: Acceptability.UNACCEPTABLE,
    MEDIUM: Acceptability.REDUCE,
    LOW: Acceptability.ACCEPTABLE,
}


@dataclass(frozen=True)
class Level:
    """The judgement of one estimate, in words."""

    label: str
    acceptability: Acceptability

    @property
    def tone(self) -> str:
        return TONES[self.acceptability][0]

    @property
    def icon(self) -> str:
        return TONES[self.acceptability][1]

    @property
    def is_acceptable(self) -> bool:
        return self.acceptability == Acceptability.ACCEPTABLE


def band_of(matrix: RiskMatrix, severity: int, probability: int) -> Level:
    """The band of a cell; `IndexError` outside of the matrix."""
    if severity < 1 or probability < 1:
        raise IndexError("places of a matrix are counted from 1")
    band = matrix.bands[matrix.cells[severity - 1][probability - 1] - 1]
    return Level(str(band["label"]), Acceptability(band["acceptability"]))


def priority_of(severity: int, occurrence: int, detection: int) -> Level:
    """The action priority as a level."""
    names = {HIGH: _("High priority"), MEDIUM: _("Medium priority"), LOW: _("Low priority")}
    letter = action_priority(severity, occurrence, detection)
    return Level(names[letter], OF_PRIORITY[letter])


def level_before(item: RiskItem, assessment: RiskAssessment) -> Level | None:
    """The judgement before the controls."""
    return _level(assessment, item.severity, item.probability, item.detection)


def level_after(item: RiskItem, assessment: RiskAssessment) -> Level | None:
    """The judgement after the controls; None while it is not estimated."""
    return _level(assessment, item.residual_severity, item.residual_probability, item.residual_detection)


def _level(
    assessment: RiskAssessment, severity: int | None, probability: int | None, detection: int | None
) -> Level | None:
    if severity is None or probability is None:
        return None
    if assessment.kind == RiskAssessment.Kind.PROCESS:
        return None if detection is None else priority_of(severity, probability, detection)
    return band_of(assessment.matrix, severity, probability) if assessment.matrix is not None else None


@dataclass(frozen=True)
class Judged:
    """A risk with its judgements before and after the controls, the controls and what it is about."""

    item: RiskItem
    before: Level | None
    after: Level | None
    controls: Sequence[Any]
    links: Sequence[Any]


def judged_items(assessment: RiskAssessment) -> list[Judged]:
    """The risks of an assessment in order; three statements."""
    items = assessment.items.prefetch_related("controls", "links__subject_type")
    return [
        Judged(
            item,
            level_before(item, assessment),
            level_after(item, assessment),
            list(item.controls.all()),
            list(item.links.all()),
        )
        for item in items.order_by("position", "pk")
    ]


@dataclass(frozen=True)
class Cell:
    """One combination of the heat map: how it is judged, and which risks stand there."""

    level: Level
    items: Sequence[RiskItem]


@dataclass(frozen=True)
class HeatMap:
    """Severity, highest first, by probability, lowest first."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


def heat_map(matrix: RiskMatrix, items: Sequence[RiskItem] = (), *, residual: bool = False) -> HeatMap:
    """The matrix with the risks in it, before the controls or after them."""
    at: dict[tuple[int, int], list[RiskItem]] = {}
    for item in items:
        place = (item.residual_severity, item.residual_probability) if residual else (item.severity, item.probability)
        if place[0] is not None and place[1] is not None:
            at.setdefault((place[0], place[1]), []).append(item)
    rows = []
    for severity in range(len(matrix.severities), 0, -1):
        cells = [
            Cell(band_of(matrix, severity, probability), at.get((severity, probability), ()))
            for probability in range(1, len(matrix.probabilities) + 1)
        ]
        rows.append((f"{severity} {matrix.severities[severity - 1]}", cells))
    columns = [f"{place} {label}" for place, label in enumerate(matrix.probabilities, start=1)]
    return HeatMap(columns, rows)


def is_in_range(assessment: RiskAssessment, severity: int, probability: int, detection: int | None) -> bool:
    """Whether an estimate has a place in the matrix, or in the ranks of a process."""
    if assessment.kind == RiskAssessment.Kind.PROCESS:
        return severity in RANKS and probability in RANKS and detection in RANKS
    matrix = assessment.matrix
    return (
        matrix is not None and 1 <= severity <= len(matrix.severities) and 1 <= probability <= len(matrix.probabilities)
    )
