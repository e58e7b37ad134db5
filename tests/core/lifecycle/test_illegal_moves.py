"""No move is made from a state it does not start in, and none by somebody without the right to it.

Generated over every lifecycle: all states × all moves × who may everything and who may nothing. That each guard of an
allowed move can refuse is shown by `make prove`.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.kernel.records import RecordClass, TrailedModel, models_of
from core.lifecycle.models import Transition
from core.lifecycle.services import perform
from core.organization.services import system_user
from tests.core.lifecycle.test_segregation import undone
from tests.support import samples
from tests.support.people import make_user

__all__ = ["undone"]

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("REC-21")]

MODELS = sorted(
    (model for model in models_of(RecordClass.RECORD) if getattr(model, "lifecycle", None) is not None),
    key=lambda model: model._meta.label,
)

WITH: dict[str, dict[str, Any]] = {
    "mes_routing.RoutingRevision": {"content_hash": "0" * 64},
    "qms_complaints.RegulatoryReport": {"submitted_on": now().date(), "reference": "MDR-1"},
    "qms_documents.DocumentRevision": {"effective_from": now()},
}
"""What a row needs besides to be in one of its states."""


def put(record: Any, status: str) -> None:
    """Give the row this status behind the engine's back; PostgreSQL would refuse it at the end of the transaction."""
    with transaction.atomic(), acting(system_user("test")):
        for name, value in {**WITH.get(record._meta.label, {}), "status": status}.items():
            setattr(record, name, value)
        record.save()


def present(record: Any) -> tuple[dict[str, Any], int, int]:
    """The row as it is, and how many versions and transitions are told of it."""
    told = Transition.objects.filter(subject_id=record.pk, subject_type__model=record._meta.model_name)
    row = type(record)._base_manager.values().get(pk=record.pk)
    return row, record.history.count(), told.count()


def test_every_storey_has_lifecycles() -> None:
    assert {model._meta.app_label.partition("_")[0] for model in MODELS} >= {"core", "traceability", "qms", "mes"}
    assert len(MODELS) > 30


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_illegal_move_is_made_and_nothing_has_changed(model: type[TrailedModel]) -> None:
    system = system_user("test")
    with transaction.atomic(), acting(system):
        record: Any = samples.saved(model)
    stranger = make_user()
    lifecycle = model.lifecycle
    assert lifecycle is not None
    tried = 0
    for state in lifecycle.states:
        put(record, state.code)
        before = present(record)
        for move in lifecycle.moves:
            legal = state.code in move.origins
            for actor, code in ((stranger, "permission"), (system, "state")):
                if legal and actor == system:
                    continue
                with pytest.raises(Blocked) as refused:
                    perform(record, move.name, actor=actor, reason="All the same")
                assert (code if legal else "state") in refused.value.codes, (state.code, move.name, actor)
                assert all(str(one.message) for one in refused.value.blockers)
                tried += 1
        assert present(record) == before, state.code
    assert tried >= len(lifecycle.states) * len(lifecycle.moves)
