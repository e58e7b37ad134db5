"""A recall holds what is here by two statements, whatever its number, and every hold is as one that is placed alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.lifecycle.models import Transition
from core.lifecycle.queries import transitions_of
from core.lifecycle.services import perform
from tests.support.people import proof
from tests.traceability.recalled import begun, make_head, traced
from tests.traceability.world import World
from traceability.models import Hold, Lot, Recall, SerializedUnit
from traceability.queries import states
from traceability.queries.genealogy import step_sql

pytestmark = pytest.mark.requirement("PERF-RECALL")


@pytest.fixture
def head(world: World) -> Any:
    """Somebody who may do everything with recalls."""
    return make_head(world)


def started(world: World, head: Any, *goods: Lot | SerializedUnit) -> Recall:
    recall = begun(world, head, *goods, kind="recall")
    return perform(recall, "start", actor=head, signature=proof(head, "approved"))


def placed_by(recall: Recall) -> list[Hold]:
    return list(Hold.objects.filter(source_id=recall.pk, source_type__model="recall").order_by("pk"))


def test_each_hold_has_its_history_and_its_transition_as_if_placed_alone(world: World, head: Any) -> None:
    lots, units = [world.lot(3) for _ in range(4)], [world.unit(world.lot(0)) for _ in range(3)]
    recall = started(world, head, *lots, *units)
    traced(recall, head)
    holds = placed_by(recall)
    assert [hold.held for hold in holds] == [*lots, *units]
    for hold in holds:
        assert (hold.reason, hold.status, hold.placed_by) == (f"{recall}: {recall.reason}", "open", head)
        assert (hold.source, hold.source_label, hold.site, hold.row_version) == (recall, str(recall), world.site, 1)
        (birth,) = transitions_of(hold)
        assert (birth.move, birth.from_status, birth.to_status, birth.record_version) == ("begin", None, "open", 1)
        assert (birth.actor, birth.reason, birth.subject_label) == (head, recall.reason, str(hold))
        (told,) = hold.history.all()
        assert (told.history_user, told.history_change_reason, told.history_type) == (head, recall.reason, "+")
        assert (told.reason, told.lot_id, told.unit_id, told.source_id) == (
            hold.reason, hold.lot_id, hold.unit_id, recall.pk
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what PostgreSQL asks at the commit
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert all(state.all_held for state in states([(lot.pk, None) for lot in lots]))
    before = Transition.objects.count()
    traced(recall, head)
    assert placed_by(recall) == holds and Transition.objects.count() == before


def test_four_times_the_holds_cost_no_more_statements(world: World, head: Any) -> None:
    few = started(world, head, *(world.lot(1) for _ in range(3)))
    many = started(world, head, *(world.lot(1) for _ in range(12)))
    traced(started(world, head, world.lot(1)), head)
    spent = []
    for recall in (few, many):
        with CaptureQueriesContext(connection) as queries:
            traced(recall, head)
        spent.append(len(queries))
    assert [len(placed_by(few)), len(placed_by(many))] == [3, 12]
    assert spent[0] == spent[1]


@pytest.mark.django_db
@pytest.mark.parametrize("direction", ["backward", "forward"])
def test_a_step_of_the_genealogy_reads_the_indexes_alone(direction: Any) -> None:
    """Otherwise each of a million steps reads a row of the ledger that may lie anywhere."""
    near = {"backward": "child", "forward": "parent"}[direction]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT n.* FROM (VALUES (1, 1::bigint), (2, 2)) r(kind, id)"
            f" CROSS JOIN LATERAL ({step_sql(direction)}) n"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"Index Only Scan using ix_link_{near}_lot" in plan
    assert f"Index Only Scan using ix_link_{near}_unit" in plan
    assert "ix_link_reverses" in plan
