"""Refusals that prove that nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.kernel.errors import Blocked
from core.lifecycle.models import Transition
from core.trail.models import TrailEvent
from traceability.models import GenealogyLink, Hold, Lot, StockMovement


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """What happens inside is refused with exactly these codes, and leaves no movement, link, hold or transition."""

    def ledger() -> list[int]:
        return [model.objects.count() for model in (StockMovement, GenealogyLink, Hold, Transition, Lot)]

    before, denials = ledger(), TrailEvent.objects.filter(kind="refused").count()
    with pytest.raises(Blocked) as refusal:
        yield
    assert refusal.value.codes == codes
    assert ledger() == before
    if refusal.value.attempt is None:
        assert TrailEvent.objects.filter(kind="refused").count() == denials + 1
