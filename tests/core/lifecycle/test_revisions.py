"""The lifecycle that documents, routings and whatever else is revised share."""

import pytest

from core.kernel.lifecycle import lifecycles
from core.kernel.revisions import STATES, controlled_revision


@pytest.mark.parametrize("label", ["qms_documents.documentrevision", "mes_routing.routingrevision"])
def test_whatever_is_revised_has_the_same_states_and_asks_for_a_second_person(label: str) -> None:
    lifecycle = lifecycles()[label]
    assert lifecycle.states == STATES
    assert lifecycle.move("approve").not_by == ("author", "submit")
    assert lifecycle.move("submit").signature == "authored"
    assert lifecycle.move("approve").signature == "approved"


def test_a_move_that_nobody_explained_is_refused_at_start_up() -> None:
    with pytest.raises(ValueError, match="approve"):
        controlled_revision("tests.Recipe", {"submit": "It is frozen."})
    assert "tests.recipe" not in lifecycles()
