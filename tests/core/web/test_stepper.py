"""The stepper on top of a record shows the way that records usually go."""

from __future__ import annotations

import pytest

from core.web.stepper import main_path, steps_of
from mes.execution.lifecycle import PRODUCTION_ORDER
from mes.routing.models import RoutingRevision
from qms.nonconformance.lifecycle import NONCONFORMANCE
from traceability.lifecycle import LOT


@pytest.mark.requirement("SCR-01")
def test_the_way_passes_through_every_usual_state() -> None:
    assert main_path(PRODUCTION_ORDER) == ["draft", "released", "in_progress", "completed", "closed"]
    assert main_path(LOT) == ["quarantine", "released"]
    assert main_path(RoutingRevision.lifecycle) == ["draft", "in_review", "approved", "effective", "superseded"]


@pytest.mark.requirement("SCR-01")
def test_what_lies_before_the_present_state_is_done() -> None:
    steps = [(step.state.code, step.position) for step in steps_of(PRODUCTION_ORDER, "completed")]
    assert steps == [
        ("draft", "done"), ("released", "done"), ("in_progress", "done"), ("completed", "now"), ("closed", "later"),
    ]  # fmt: skip


@pytest.mark.requirement("SCR-01")
def test_only_states_that_a_record_was_in_are_called_done() -> None:
    def shown(status: str, *visited: str) -> list[tuple[str, str]]:
        steps = steps_of(NONCONFORMANCE, status, visited=lambda: visited)
        return [(step.state.code, step.position) for step in steps if step.position != "later"]

    assert shown("cancelled", "draft", "cancelled") == [("draft", "done"), ("cancelled", "now")]
    assert shown("cancelled", "draft", "open", "cancelled") == [
        ("draft", "done"), ("open", "done"), ("cancelled", "now"),
    ]  # fmt: skip
    closed_early = steps_of(PRODUCTION_ORDER, "closed", visited=lambda: ("draft", "released", "closed"))
    assert [step.state.code for step in closed_early if step.position == "done"] == ["draft", "released"]
