"""No move starts from a state that it does not name, and nobody makes one without its right.

Generated for the machines of what does not conform: every state, every move, every role template.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from core.files.queries import site_of
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.kernel.permissions import ALL_TEMPLATES, catalogue
from core.lifecycle.services import perform
from core.organization.models import User
from core.organization.services import system_user
from tests.support import samples
from tests.support.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("REC-04")]

MACHINES = (
    "qms_nonconformance.NonConformance",
    "qms_nonconformance.Disposition",
    "qms_nonconformance.PlannedDeviation",
    "traceability.Hold",
)
STATES = [(label, state.code) for label in MACHINES for state in apps.get_model(label).lifecycle.states]


@pytest.fixture
def undone() -> Iterator[None]:
    """PostgreSQL would not commit a status that no transition explains, so nothing of the test is kept."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rights_of(template: str) -> frozenset[str]:
    return frozenset(code for code, right in catalogue().items() if template in right.templates)


def in_state(label: str, state: str) -> Any:
    """A record that is in a state, however it came to be there."""
    model: Any = apps.get_model(label)
    with transaction.atomic(), acting(system_user("test")):
        record = samples.saved(model)
        if record.status != state:
            with connection.cursor() as cursor:
                cursor.execute(
                    f'UPDATE "{model._meta.db_table}" SET status = %s, row_version = row_version + 1 WHERE id = %s',
                    [state, record.pk],
                )
    record.refresh_from_db()
    return record


def tried(record: Any, move: str, actor: Any) -> tuple[str, ...]:
    """The codes with which a move is refused; an empty tuple where it was made. Nothing changed by a refusal."""
    before = type(record)._base_manager.values().get(pk=record.pk)
    try:
        with transaction.atomic():
            perform(record, move, actor=actor, reason="Because")
    except Blocked as refused:
        assert type(record)._base_manager.values().get(pk=record.pk) == before
        assert all(str(blocker.message) for blocker in refused.blockers)
        return tuple(refused.codes)
    return ()


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize(("label", "state"), STATES)
def test_an_illegal_move_is_refused_whoever_asks(label: str, state: str) -> None:
    record = in_state(label, state)
    lifecycle = type(record).lifecycle
    legal = {move.name for move in lifecycle.from_state(state)}
    site = site_of(record)
    assert site is not None
    people: dict[str, User] = {
        template: make_user(site=site, permissions=tuple(rights_of(template))) for template in ALL_TEMPLATES
    }
    for move in lifecycle.moves:
        for template, person in people.items():
            has_right = move.permission in rights_of(template)
            if move.name in legal and has_right:
                continue  # Whether it is made then is up to its guards and its signature.
            codes = tried(record, move.name, person)
            assert codes, (move.name, template)
            if move.name not in legal:
                assert "state" in codes, (move.name, template, codes)
            if not has_right:
                assert "permission" in codes, (move.name, template, codes)


def test_each_machine_has_an_end_that_nothing_leaves() -> None:
    for label in MACHINES:
        lifecycle = apps.get_model(label).lifecycle
        ends = [state.code for state in lifecycle.states if state.final]
        assert ends and not any(lifecycle.from_state(code) for code in ends), label
