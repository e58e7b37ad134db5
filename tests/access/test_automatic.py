"""Steps that services take as part of another deed have no door: no address takes them, and no page offers them."""

from __future__ import annotations

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from core.kernel.lifecycle import Lifecycle, Move
from core.kernel.permissions import catalogue
from core.kernel.records import RecordClass, models_of
from core.lifecycle.queries import available_moves
from core.organization.models import Site
from tests.access.conftest import Plants
from tests.access.watch import counted
from tests.support.people import make_user
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("ACC-03")
AUTOMATIC = [
    (model, move)
    for model in sorted(models_of(RecordClass.RECORD), key=lambda found: found._meta.label)
    if isinstance(lifecycle := getattr(model, "lifecycle", None), Lifecycle)
    for move in lifecycle.moves
    if move.automatic
]


def address(record: models.Model, move: Move) -> str:
    """Where the page of the move would be."""
    name = f"{record._meta.app_label}:{record._meta.model_name}_move"
    try:
        return reverse(name, args=[record.pk, move.name])
    except NoReverseMatch:
        return ""


def test_there_are_such_steps() -> None:
    assert {"start", "complete", "reopen"} <= {m.name for model, m in AUTOMATIC if model.__name__ == "ProductionOrder"}


@pytest.mark.parametrize(("model", "move"), AUTOMATIC, ids=lambda one: getattr(one, "name", None) or one.__name__)
def test_no_page_takes_it_and_none_offers_it(plants: Plants, model: type[models.Model], move: Move) -> None:
    site = plants.here.sample(Site)
    person = make_user(site=site, permissions=tuple(sorted(catalogue())))
    record = plants.here.sample(model)
    record.status = move.origins[0]
    assert move.name not in {state.move.name for state in available_moves(record, person)}
    if url := address(record, move):
        client: Client = visit_as(person)
        before = counted()
        with transaction.atomic():
            assert client.get(url).status_code == 404
            assert client.post(url, {"reason": "because", "user_id": "x", "secret": "y"}).status_code == 404
        assert counted() == before
