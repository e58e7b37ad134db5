"""Two requests with one key at the same moment, on a database that really commits."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from core.organization.services import api
from tests.api.conftest import MAKE, Program
from tests.support.people import grant
from tests.traceability.world import make_world
from traceability.models import Lot, StockMovement


@pytest.mark.requirement("API-05")
def test_twins_are_done_once_and_answered_alike(plant: str) -> None:
    world = make_world()
    grant(world.quality, world.site, MAKE)
    rights = ["traceability.view_lot", "traceability.create_lot"]
    secret = api.create_token(name="test", permissions=rights, days=1, actor=world.quality)[1]
    body = {"site": world.site.pk, "material": world.material().number, "quantity": 3}
    body |= {"number": "L-TWIN", "reason": "Found"}
    start, answers = threading.Barrier(4), []

    def send() -> None:
        program: Any = Program(secret)
        start.wait()
        try:
            answers.append(program.post("traceability/lots/", body, Idempotency_Key="twin"))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sum(answer.get("Idempotent-Replayed") == "true" for answer in answers) == 3
    lot = Lot.objects.get(number="L-TWIN")
    assert StockMovement.objects.filter(lot=lot).count() == 1
    assert lot.history.get(history_type="+").history_user_id == world.quality.pk
