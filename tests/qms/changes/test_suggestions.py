"""What a change may affect is looked up at once for all its items: each as if it were alone, in as many statements."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel.wiring import ask
from qms.changes.models import ChangeOrder
from qms.changes.queries import affected_by
from qms.changes.queries.controlled import items_of
from qms.changes.questions import AffectedBy
from tests.qms.changes.story import Story

pytestmark = pytest.mark.requirement("CHG-02")


def found_by(question: AffectedBy) -> set[tuple[str, int]]:
    """Kind and id of every answer."""
    return {(one.record._meta.label, one.record.pk) for one in ask(question)}


def statements(change: ChangeOrder) -> int:
    """How many statements the look-up takes once kinds of records are known."""
    items = items_of(change)
    affected_by(change, items)
    with CaptureQueriesContext(connection) as spent:
        affected_by(change, items)
    return len(spent)


def test_all_items_at_once_find_what_each_of_them_finds(story: Story) -> None:
    instruction, routing, site = story.floor.instruction, story.floor.revision, story.floor.site
    story.floor.order(1)
    other = story.procedure("It stands alone.")
    story.procedure(f"See {instruction.document.number}.")
    story.procedure(f"See {other.document.number}.")
    revisions = (instruction, routing, other)
    apart = set().union(*(found_by(AffectedBy((one,), site)) for one in revisions))
    assert found_by(AffectedBy(revisions, site)) == apart
    assert {"traceability.Material", "mes_execution.ProductionOrder", "qms_documents.DocumentRevision"} <= {
        label for label, _pk in apart
    }
    why = {one.record.pk: one.why for one in ask(AffectedBy(revisions, site)) if one.kind == "document"}
    assert f"It names {other.document.number}." in why.values()
    assert f"It names {instruction.document.number}." in why.values()


def test_ten_items_take_no_more_statements_than_two(story: Story) -> None:
    change = story.drafted(story.floor.instruction, story.floor.revision)
    two = statements(change)
    for number in range(8):
        story.names(change, story.procedure(f"No {number}."))
    assert statements(change) == two <= 16
