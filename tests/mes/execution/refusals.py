"""What a refusal leaves behind: its GateDecision, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, models

from core.kernel.errors import Blocked
from core.kernel.records import RecordClass, models_of
from core.lifecycle.models import GateDecision
from core.trail.models import TrailEvent

WRITTEN = [
    model
    for kind in (RecordClass.RECORD, RecordClass.FACT)
    for model in models_of(kind)
    if model not in (GateDecision, TrailEvent)
]


def everything() -> dict[str, tuple[int, int]]:
    """Rows and the sum of their versions of every record and fact, but the evidence of refusals."""
    found = {}
    with connection.cursor() as cursor:
        for model in WRITTEN:
            version = "row_version" if issubclass(model, models.Model) and hasattr(model, "row_version") else "0"
            cursor.execute(f'SELECT count(*), coalesce(sum({version}), 0) FROM "{model._meta.db_table}"')
            count, versions = cursor.fetchone()
            found[model._meta.label] = (count, int(versions))
    return found


@contextmanager
def refused(action: str, *codes: str) -> Iterator[None]:
    """The deed inside is refused for exactly these reasons; its GateDecision is all that is left of it."""
    before, decisions = everything(), GateDecision.objects.count()
    with pytest.raises(Blocked) as refusal:
        yield
    assert sorted(refusal.value.codes) == sorted(codes)
    assert all(str(blocker.message) for blocker in refusal.value.blockers)
    assert everything() == before
    stored = GateDecision.objects.order_by("-id")[0]
    assert (GateDecision.objects.count(), stored.action, stored.allowed) == (decisions + 1, action, False)
    said = [blocker["code"] for result in stored.results for blocker in result["blockers"]]
    assert sorted(said) == sorted(codes)
