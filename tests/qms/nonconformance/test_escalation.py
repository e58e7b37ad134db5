"""An overdue nonconformance goes to the next person, once, also with two beats at once (and two approvals race)."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection

from core.kernel.errors import Blocked
from core.organization.models import User
from core.organization.services import system_user
from core.trail.queries import events_of
from core.worklist.models import Assignment, Escalation
from core.worklist.queries import work_of
from core.worklist.services import escalate_due, set_escalation_rule
from qms.nonconformance import services
from qms.nonconformance.models import Disposition
from tests.core.worklist.conftest import People
from tests.qms.nonconformance.conftest import Case, make_case
from tests.support.people import proof
from tests.support.stock import held_quantity

SEE = "qms_nonconformance.view_nonconformance"


def _head(case: Case) -> User:
    people = People(case.world.site, case.world.site)
    return people.person("head", "quality_head", case.world.site, SEE, "core_worklist.change_escalationrule")


def _overdue(case: Case, head: User) -> None:
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    with time_machine.travel(dt.datetime.now(tz=dt.UTC) - dt.timedelta(hours=25), tick=True):
        case.raised((case.world.lot(), 1), actor=case.world.system)


@pytest.mark.requirement("ORD-08")
def test_an_untriaged_record_goes_to_the_next_person_once(case: Case) -> None:
    head = _head(case)
    _overdue(case, head)
    clock = system_user("escalation")
    assert len(escalate_due(actor=clock)) == 1
    assert escalate_due(actor=clock) == []
    (work,) = work_of(head)
    assert work.kind == "escalation"
    assert work.subject is not None
    assert "escalated" in [event.kind for event in events_of(work.subject)]


@pytest.mark.requirement("ORD-08")
def test_the_triage_ends_the_escalation_too(case: Case) -> None:
    head = _head(case)
    _overdue(case, head)
    escalate_due(actor=system_user("escalation"))
    record = Assignment.objects.get(kind="triage").subject
    services.triage_nonconformance(
        nonconformance=record,  # type: ignore[arg-type]
        severity="minor",
        defect_code=case.code,
        owner=case.engineer,
        actor=case.engineer,
    )
    assert list(work_of(head)) == []


@pytest.mark.requirement("ORD-08")
def test_two_beats_at_once_escalate_it_once(plant: str) -> None:
    case = make_case()
    _overdue(case, _head(case))
    clock = system_user("escalation")
    _together(lambda: escalate_due(actor=clock), 2)
    escalate_due(actor=clock)
    assert Escalation.objects.count() == 1
    assert Assignment.objects.filter(kind="escalation").count() == 1


@pytest.mark.requirement("ORD-07")
def test_two_people_signing_two_lines_at_once_leave_the_right_hold(plant: str) -> None:
    case = make_case()
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    item = found.items.get()
    lines = [case.propose(item, "rework", 10) for _ in range(2)]
    turns = iter(lines)

    def sign() -> None:
        line = next(turns)
        case.approve(line)

    _together(sign, 2)
    assert held_quantity(lot) == 10
    assert set(Disposition.objects.values_list("status", flat=True)) == {"approved"}


@pytest.mark.requirement("ORD-07")
def test_one_line_signed_twice_at_once_is_approved_once(plant: str) -> None:
    case = make_case()
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    line = case.propose(found.items.get(), "scrap", 10)
    refused: list[tuple[str, ...]] = []

    def sign() -> None:
        try:
            services.approve_disposition(
                disposition=Disposition.objects.get(pk=line.pk),
                actor=case.second,
                signature=proof(case.second, "dispositioned"),
            )
        except Blocked as blocked:
            refused.append(blocked.codes)

    _together(sign, 2)
    assert len(refused) == 1
    assert "state" in refused[0]
    assert held_quantity(lot) == 20


def _together(deed: object, count: int) -> None:
    """Run a deed in several connections at the same moment; errors of any fail the test."""
    barrier = threading.Barrier(count)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            barrier.wait(timeout=10)
            deed()  # type: ignore[operator]
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
