"""A nonconformance shows what was signed of it: its dispositions and its holds."""

from __future__ import annotations

import pytest
from django.test import Client

from core.kernel.wiring import ask
from core.signing.queries import signatures_of
from core.web.questions import SignaturesOf
from qms.nonconformance import services
from tests.qms.nonconformance.conftest import Case
from tests.qms.nonconformance.test_views import desk, post, signature, url
from traceability.models import Hold

__all__ = ["desk"]


@pytest.mark.requirement("ORD-07", "SIG-01")
def test_the_page_shows_the_signatures_of_its_dispositions_and_holds(case: Case, desk: Client) -> None:
    lot = case.world.lot(30)
    found = case.opened((lot, None))
    item = found.items.get()
    assert "Count again" not in desk.get(found.get_absolute_url()).content.decode()
    both = post(desk, url("affecteditem_count", item.pk), quantity="0")
    assert both.status_code == 422
    summary = both.content.decode().partition("Not saved yet")[2].partition("</ul>")[0]
    assert "Enter more than zero." in summary and "Password" in summary  # everything that is wrong, at once
    assert post(desk, url("affecteditem_count", item.pk), quantity="30", **signature(case.engineer)).status_code == 302
    nothing = desk.get(url("nonconformance_sign", found.pk)).content.decode()
    assert "No disposition waits for a signature." in nothing and 'name="secret"' not in nothing
    services.answer_recurrence(nonconformance=found, recurrence="no", note="New tool.", actor=case.engineer)
    case.contain(found)
    services.send_to_review(nonconformance=found, actor=case.engineer)
    case.approve(case.propose(item, "scrap", 30))
    shown = [(line.name, line.about, line.intact) for line in ask(SignaturesOf(found))]
    hold = signatures_of(Hold.objects.earliest("pk"))[0].subject_label
    assert shown == [(case.engineer.full_name, hold, True), (case.second.full_name, "Scrap 30", True)]
    part = desk.get(found.get_absolute_url(), {"part": "signatures"}).content.decode()
    assert "Scrap 30" in part and case.second.full_name in part and "Nobody has signed yet" not in part
