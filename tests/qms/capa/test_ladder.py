"""CAPAs on the ladders: quiet under an approved extension; actions done by who stands in, under their own name."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.lifecycle.services import perform
from core.organization.services import system_user
from core.signing.queries import signatures_of
from core.worklist.models import Assignment, Escalation
from core.worklist.queries import work_of
from core.worklist.services import escalate_due, set_escalation_rule
from core.worklist.services.standing_in import delegate
from qms.capa import services
from qms.capa.models import Capa
from qms.capa.queries import actions_of
from tests.qms.capa.story import Story, in_days
from tests.qms.capa.test_way import refused


def run() -> list[Escalation]:
    return escalate_due(actor=system_user("escalation"))


def late(work: Assignment) -> None:
    """As if it had been asked long ago and its day had just passed."""
    with transaction.atomic(), acting(system_user("tests")):
        work.refresh_from_db()
        work.due_at, work.due_since = now() - dt.timedelta(minutes=1), now() - dt.timedelta(days=40)
        work.save()


@pytest.mark.requirement("WRK-01", "CAPA-10")
def test_a_capa_is_quiet_under_an_approved_extension_and_begins_afresh(story: Story) -> None:
    capa = story.investigated()
    kind = ContentType.objects.get_for_model(Capa)
    clock = system_user("setup")
    set_escalation_rule(kind="action", step=1, after=0, whom="asked", actor=clock)
    set_escalation_rule(
        kind="action", record_type=kind, severity="high", step=1, after=-24 * 60, whom="asked", actor=clock
    )
    set_escalation_rule(kind="action", record_type=kind, severity="high", step=2, after=0, whom="asked", actor=clock)
    work = Assignment.objects.get(to_user=story.owner, kind="action", status="open")
    late(work)
    assert [one.step for one in run()] == [1, 2], "the ladder of CAPAs of this priority, not the general one"
    extension = services.request_extension(
        capa=capa, due_at=in_days(90), reason="The coating is late.", actor=story.owner
    )
    perform(extension, "approve", **story.sign(story.quality, "approved"))
    work.refresh_from_db()
    assert (work.status, work.due_at, work.due_version) == ("open", extension.due_at, 2)
    assert run() == []
    late(work)
    assert [(one.step, one.due_version) for one in run()] == [(1, 2), (2, 2)]
    assert run() == []


@pytest.mark.requirement("WRK-02", "CAPA-06")
def test_who_stands_in_does_the_action_under_their_own_name_and_does_not_accept_it(story: Story) -> None:
    capa = story.approved()
    first, second = actions_of(capa)[:2]
    assert refused(perform, first, "start", actor=story.engineer) == {"not_its_owner"}
    delegate(
        from_user=story.worker, to_user=story.engineer, starts=now(), ends=in_days(3), reason="Shift change",
        actor=story.worker,
    )  # fmt: skip
    assert {one.subject for one in work_of(story.engineer)} >= {first, second}
    perform(first, "start", actor=story.engineer)
    perform(first, "finish", reason="Done for them.", **story.sign(story.engineer, "performed"))
    assert [one.signer for one in signatures_of(first)] == [story.engineer]
    assert refused(perform, first, "accept", **story.sign(story.engineer, "verified")) == {"second_person"}
    assert "permission" in refused(perform, first, "accept", **story.sign(story.worker, "verified"))
    perform(second, "start", actor=story.worker)
    assert perform(first, "accept", **story.sign(story.quality, "verified")).status == "accepted"
