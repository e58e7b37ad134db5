"""The trail of a triage."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from core.trail.queries.changes import changes_of
from qms.nonconformance.lifecycle import CLOSE_WITHIN
from tests.qms.nonconformance.conftest import Case
from tests.support.visits import visit_as


@pytest.mark.requirement("ORD-07", "REC-01")
def test_the_trail_of_a_triage_tells_names_and_only_what_was_changed(case: Case) -> None:
    desk, found = visit_as(case.engineer), case.raised((case.world.lot(100), 30), defect_code=None)
    assert found.due_at is not None
    address = reverse("qms_nonconformance:nonconformance_open", args=[found.pk])
    shown = found.due_at.astimezone(ZoneInfo(found.site.time_zone)).strftime("%Y-%m-%dT%H:%M")
    values = {"defect_code": case.code.pk, "owner": case.engineer.pk, "title": found.title, "due_at": shown}
    desk.post(address, {"client_id": str(uuid.uuid4()), "severity": found.severity, **values})
    changes = {change.field: change for row in changes_of(found) for change in row.changes}
    assert "due_at" not in changes
    assert changes["owner"].new == str(case.engineer) and changes["defect_code"].new == str(case.code)

    desk.post(address, {"client_id": str(uuid.uuid4()), "severity": "critical", **values})
    found.refresh_from_db()
    assert found.due_at - found.reported_at == CLOSE_WITHIN["critical"], "what nobody changed follows the severity"
