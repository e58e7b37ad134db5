"""Who wrote or performed something does not approve or verify it; generated over every lifecycle that says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.kernel.lifecycle import Move
from core.kernel.records import RecordClass, TrailedModel, models_of
from core.lifecycle.models import Transition
from core.lifecycle.queries import segregation_blockers
from core.lifecycle.services import perform
from core.organization.services import system_user
from tests.support import samples
from tests.support.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("REC-15")]

SEPARATE = [
    (model, move, name)
    for model in sorted(models_of(RecordClass.RECORD), key=lambda found: found._meta.label)
    if model.lifecycle is not None  # type: ignore[attr-defined]
    for move in model.lifecycle.moves  # type: ignore[attr-defined]
    for name in move.not_by
]


def names(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else getattr(value, "name", str(value))


def test_documents_routings_and_qualifications_are_among_them() -> None:
    assert {model.__name__ for model, _move, _name in SEPARATE} >= {
        "DocumentRevision",
        "RoutingRevision",
        "Qualification",
    }


@pytest.fixture
def undone() -> Iterator[None]:
    """PostgreSQL would not commit the transition that a test invents, so nothing of the test is kept."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize(("model", "move", "name"), SEPARATE, ids=names)
def test_the_same_person_is_refused_and_another_is_not(model: type[TrailedModel], move: Move, name: str) -> None:
    with transaction.atomic(), acting(system_user("test")):
        record: Any = samples.saved(model)
    lifecycle = model.lifecycle
    assert lifecycle is not None
    if name in lifecycle.by_move:
        doer = make_user()
        with transaction.atomic(), acting(doer):
            Transition(
                subject_type=ContentType.objects.get_for_model(record),
                subject_id=record.pk,
                subject_label=str(record),
                move=name,
                from_status=record.status,
                to_status=record.status,
                record_version=record.row_version + 1,
            ).save()
    else:
        doer = getattr(record, name)
    assert [one.code for one in segregation_blockers(record, move, doer)] == ["second_person"]
    assert not list(segregation_blockers(record, move, make_user()))
    before = model._base_manager.values().get(pk=record.pk)
    with pytest.raises(Blocked):
        perform(record, move.name, actor=doer, reason="I did it myself")
    assert model._base_manager.values().get(pk=record.pk) == before
