"""Of two people who print the same label at once, one prints it and the other is asked why."""

from __future__ import annotations

import pytest

from tests.support.people import make_user
from tests.traceability.test_races import at_once
from tests.traceability.world import make_world
from traceability import services
from traceability.models import Label

RIGHTS = ("traceability.view_lot", "traceability.print_label")


@pytest.mark.requirement("LBL-07")
def test_a_label_is_printed_first_once(plant: str) -> None:
    world = make_world()
    lot = world.lot(0)
    people = [make_user(site=world.site, permissions=RIGHTS) for _ in range(4)]
    outcomes = at_once(4, lambda number: services.print_labels(records=[lot], actor=people[number]))
    assert sorted(outcomes) == ["done", "reprint", "reprint", "reprint"]
    assert Label.objects.count() == 1
