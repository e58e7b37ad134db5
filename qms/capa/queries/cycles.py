"""A CAPA cycle by cycle, as its sealed record shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qms.capa.models import (
    Capa,
    CapaAction,
    CapaClosing,
    CapaDecision,
    CapaPlan,
    CapaReopening,
    CapaVerification,
    EffectivenessCheck,
    EffectivenessResult,
    ReadAcross,
    RootCause,
)
from qms.capa.models.records import Method
from qms.capa.queries.drawing import Drawing, fishbone, why_tree
from qms.capa.queries.metrics import event_kinds, exposure_kinds
from qms.capa.queries.records import roots


@dataclass(frozen=True)
class Cycle:
    """Everything of one cycle."""

    number: int
    reopening: CapaReopening | None
    decisions: Sequence[CapaDecision]
    causes: Sequence[RootCause]
    root_ids: frozenset[int]
    drawing: Drawing | None
    plans: Sequence[CapaPlan]
    actions: Sequence[CapaAction]
    across: Sequence[ReadAcross]
    check: EffectivenessCheck | None
    events_label: str
    exposure_label: str
    verifications: Sequence[CapaVerification]
    results: Sequence[EffectivenessResult]
    closing: CapaClosing | None


def drawing_of(record: Capa, causes: Sequence[RootCause]) -> Drawing | None:
    """The tree or the fishbone of causes, by their own shape; None where there are none."""
    if not causes:
        return None
    is_fishbone = any(one.branch for one in causes) or (record.method == Method.ISHIKAWA)
    draw = fishbone if is_fishbone else why_tree
    return draw(record.title, causes, roots(causes))


def _in(rows: Sequence[Any], cycle: int) -> list[Any]:
    return [row for row in rows if row.cycle == cycle]


def record_content(record: Capa) -> dict[str, Any]:
    """Sources, team, extensions and every cycle, in a fixed number of statements."""
    causes = list(record.causes.order_by("pk"))
    actions = list(record.actions.select_related("owner", "capa").prefetch_related("removes__cause").order_by("pk"))
    checks = list(record.checks.select_related("material").order_by("pk"))
    across = list(record.across.order_by("pk"))
    plans = list(record.plans.order_by("pk"))
    parts = {
        name: list(getattr(record, name).order_by("pk"))
        for name in ("decisions", "verifications", "results", "closings", "reopenings")
    }
    events, exposures = event_kinds(), exposure_kinds()
    cycles = []
    for number in range(1, record.cycle + 1):
        found = _in(causes, number)
        check = next(iter(_in(checks, number)), None)
        event, exposure = (events.get(check.events), exposures.get(check.exposure)) if check else (None, None)
        cycles.append(
            Cycle(
                number,
                next(iter(_in(parts["reopenings"], number)), None),
                _in(parts["decisions"], number),
                found,
                frozenset(one.pk for one in roots(found)),
                drawing_of(record, found),
                _in(plans, number),
                _in(actions, number),
                _in(across, number),
                check,
                str(event.label) if event else "",
                str(exposure.label) if exposure else "",
                _in(parts["verifications"], number),
                _in(parts["results"], number),
                next(iter(_in(parts["closings"], number)), None),
            )
        )
    return {
        "sources": list(record.sources.order_by("pk")),
        "members": list(record.members.select_related("user").order_by("pk")),
        "extensions": list(record.extensions.select_related("requested_by").order_by("pk")),
        "cycles": cycles,
    }
