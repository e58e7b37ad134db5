"""Writes of the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from core.kernel.deeds import on_denied, service
from core.kernel.errors import Blocked
from core.kernel.records import subject_ref
from core.trail.models import TrailEvent


@service
def note(
    *, kind: str, actor: Any, subject: models.Model | None = None, text: str = "", data: dict[str, Any] | None = None
) -> TrailEvent:
    """Record something that changed no row, such as a sign-in, a print or an export."""
    reference = subject_ref(subject) if subject is not None else {}
    return TrailEvent.objects.create(kind=kind, text=text, data=data or {}, **reference)


@service
def note_each(*, kind: str, actor: Any, rows: Sequence[Mapping[str, Any]]) -> list[TrailEvent]:
    """Record many of the same kind by one statement; each row has text, data and the reference to its subject."""
    return TrailEvent.objects.bulk_create([TrailEvent(kind=kind, **row) for row in rows], batch_size=2000)


@on_denied
def _note_denial(refused: Blocked, actor: Any, service_name: str) -> None:
    # An attempt with a subject is stored as a GateDecision by core.lifecycle; the rest leaves a TrailEvent.
    if refused.attempt is not None:
        return
    record = next((b.record for b in refused.blockers if isinstance(b.record, models.Model) and b.record.pk), None)
    TrailEvent.objects.create(
        kind="refused",
        text="; ".join(str(blocker.message) for blocker in refused.blockers),
        data={"service": service_name, "blockers": [blocker.as_dict() for blocker in refused.blockers]},
        **(subject_ref(record) if record is not None else {}),
    )
