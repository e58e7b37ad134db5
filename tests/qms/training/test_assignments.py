"""Who is asked to learn what, set-based; carried forward, superseded, followed, expired."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import Transition
from core.lifecycle.services import perform
from core.organization.models import Grant, User
from core.organization.services import system_user
from core.worklist.models import Assignment, Notification
from qms.documents.services import schedule_revision, submit_revision
from qms.training import services
from qms.training.models import TrainingAssignment, TrainingRecord
from qms.training.queries.gate import standing_of
from qms.training.tasks import keep_up
from tests.qms.training.plant import LEARNER, School
from tests.support.people import make_user, proof

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("TRN-07")
def test_training_is_asked_for_at_approval_and_before_the_date(school: School) -> None:
    school.requirement()
    revision = school.approved()
    assigned = school.assigned()
    assert (assigned.document_revision, assigned.status, assigned.kind) == (revision, "assigned", "read")
    assert assigned.curriculum == school.curriculum
    work = Assignment.objects.get(to_user=school.learner, kind="training")
    assert work.subject == assigned and "Mount the wheel" in work.title
    assert Notification.objects.filter(user=school.learner, assignment=work).exists()
    begun = Transition.objects.get(subject_id=assigned.pk, move="begin", to_status="assigned")
    assert begun.actor == system_user("training")
    date = now() + dt.timedelta(days=5)
    schedule_revision(revision=revision, effective_from=date, actor=school.approver)
    keep_up()
    assigned.refresh_from_db()
    work.refresh_from_db()
    assert assigned.due_at == work.due_at == date


@pytest.mark.requirement("TRN-07")
def test_hundreds_of_people_take_as_many_statements_as_one(school: School) -> None:
    school.requirement()
    revision = school.approved()
    spent = []
    for people in (1, 40):
        for _one in range(people):
            _give(make_user(site=school.site), school)
        with CaptureQueriesContext(connection) as queries:
            assert services.assign_for_revision(revision=revision, actor=system_user("training")) == people
        spent.append(len(queries))
    assert spent[0] == spent[1] <= 12


def _give(person: User, school: School) -> None:
    """The person holds the role that needs the curriculum."""
    with transaction.atomic(), acting(system_user("test")):
        Grant(user=person, role=school.role, site=school.site, starts=now()).save()


@pytest.mark.requirement("TRN-06")
def test_a_revision_without_training_asks_nobody_and_is_carried_forward(school: School) -> None:
    school.requirement()
    first = school.effective()
    school.learned(school.assigned())
    second = school.effective("none")
    assert not TrainingAssignment.objects.filter(document_revision=second).exists()
    carried = TrainingRecord.objects.get(document_revision=second, how="carried")
    assert carried.user == school.learner
    trained = standing_of(school.learner, revisions=[first, second]).trained
    assert all(until is not None for until in trained.values()) and len(trained) == 2
    stranger = make_user(site=school.site, permissions=LEARNER)
    assert standing_of(stranger, revisions=[second]).trained == {second.pk: None}


@pytest.mark.requirement("TRN-06")
def test_a_newer_revision_supersedes_what_was_asked_before(school: School) -> None:
    school.requirement()
    school.effective()
    old = school.learned(school.assigned())
    other = make_user("other", site=school.site)
    _give(other, school)
    services.assign_missing(actor=system_user("training"))
    waiting = school.assigned(other)
    assert waiting.cause == "curriculum"
    second = school.effective()
    old.refresh_from_db()
    waiting.refresh_from_db()
    assert (old.status, waiting.status) == ("superseded", "superseded")
    assert not Assignment.objects.filter(subject_id=waiting.pk, kind="training", status="open").exists()
    assert {one.document_revision_id for one in TrainingAssignment.objects.filter(status="assigned")} == {second.pk}
    assert TrainingRecord.objects.filter(user=school.learner).count() == 1


@pytest.mark.requirement("TRN-06")
def test_a_discarded_revision_is_not_learned_any_more(school: School) -> None:
    school.requirement()
    revision = school.approved()
    perform(revision, "discard", actor=school.author, reason="A mistake")
    assert school.assigned().status == "superseded"


@pytest.mark.requirement("TRN-01")
def test_curricula_ask_newcomers_and_again_when_it_expires(school: School) -> None:
    requirement = school.requirement(valid_months=1)
    school.effective()
    school.learned(school.assigned())
    assert services.assign_missing(actor=system_user("training")) == 0
    record = TrainingRecord.objects.get()
    assert record.requirement == requirement and record.valid_until is not None
    done = school.assigned()
    assert services.expire_training(actor=system_user("training")) == 0
    with time_machine.travel(record.valid_until + dt.timedelta(hours=1), tick=True):
        keep_up()
    done.refresh_from_db()
    assert done.status == "expired"
    again = school.assigned()
    assert (again.status, again.cause) == ("assigned", "repeat")


@pytest.mark.requirement("TRN-06")
def test_the_training_is_decided_at_submission(school: School) -> None:
    with pytest.raises(Blocked) as caught:
        submit_revision(revision=school.revision, actor=school.author, signature=proof(school.author, "authored"))
    assert caught.value.codes == ("training_undecided",)
    assert school.revision.status == "draft"


@pytest.mark.requirement("TRN-06")
def test_a_promised_quiz_exists_before_approval(school: School) -> None:
    with pytest.raises(Blocked) as caught:
        school.approved("quiz")
    assert "no_quiz" in caught.value.codes
