"""People are found by what is typed, and a quiz is offered only while it may be answered."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.kernel.clock import now
from core.organization.models import User
from qms.training.services import answer_quiz, assign_training, take_up
from tests.api.conftest import MAKE, Program, program_of
from tests.integrations.test_screen import SECRET, able_to_sign
from tests.qms.training.plant import School
from tests.support.people import grant, make_user
from tests.support.visits import visit_as

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("TRN-10")
def test_a_person_is_typed_and_no_list_of_people_is_sent(school: School) -> None:
    school.requirement()
    school.approved()
    others = [make_user(f"other-{number}", site=school.site) for number in range(3)]
    client, url = visit_as(school.author), reverse("qms_training:trainingassignment_list")
    page = client.get(url).content.decode()
    assert not [one for one in others if str(one) in page] and 'name="user"' in page
    learner = school.learner
    for typed in (learner.full_name[1:6], learner.username.upper(), str(learner.pk)):
        assert f">{learner}<" in client.get(url, {"user": typed}).content.decode(), typed
    assert f">{learner}<" not in client.get(url, {"user": others[0].username}).content.decode()
    record = school.learned(school.assigned()).records.get()
    assert f">{learner}<" in client.get(record.get_absolute_url()).content.decode()


@pytest.mark.requirement("TRN-03")
def test_a_quiz_is_offered_only_while_it_may_be_answered(school: School) -> None:
    quiz = school.quiz()
    school.requirement("quiz")
    school.approved("quiz")
    asked = school.assigned()
    client = visit_as(school.learner)
    url = reverse("qms_training:trainingassignment_quiz", args=[asked.pk])
    assert client.get(url)["Location"] == asked.get_absolute_url(), "nothing was read yet"
    school.read(asked)
    assert "attempt 1: 2 left before a trainer helps" in client.get(url).content.decode()
    for _attempt in range(quiz.attempts_allowed):
        answer_quiz(assignment=asked, chosen={}, actor=school.learner)
    assert client.get(url)["Location"] == asked.get_absolute_url()
    page = client.get(asked.get_absolute_url()).content.decode()
    assert "A trainer helps first." in page and "Helped: may try again" not in page
    helper = visit_as(school.trainer).get(asked.get_absolute_url()).content.decode()
    assert "Helped: may try again" in helper


@pytest.mark.requirement("TRN-03", "TRN-04")
def test_a_program_answers_a_quiz_and_presents_practice(school: School) -> None:
    quiz = school.quiz()
    school.requirement("quiz")
    practice = school.requirement("ojt")
    school.approved("quiz")
    asked = school.read(school.assigned())
    program = _program(school.learner, school)
    at = f"qms/training/assignments/{asked.pk}/"
    wrong: dict[str, list[int]] = {f"q{question.pk}": [] for question in quiz.questions.all()}
    right = {f"q{question.pk}": question.right for question in quiz.questions.all()}
    assert program.post(f"{at}quiz/", wrong).status_code == 200
    answered = program.post(f"{at}quiz/", right)
    assert answered.status_code == 200, answered.content
    assert [one.passed for one in asked.attempts.order_by("pk")] == [False, True]

    done = assign_training(user=school.learner, requirement=practice, due_at=now(), actor=school.author)
    take_up(assignment=done, actor=school.learner)
    at = f"qms/training/assignments/{done.pk}/"
    signed = {"user_name": school.learner.username, "secret": SECRET, "meaning": "performed"}
    done.refresh_from_db()
    presented = program.post(
        f"{at}present/", {"evidence": "Ten parts", "signature": signed}, If_Match=f'"{done.row_version}"'
    )
    assert presented.status_code == 200, presented.content
    done.refresh_from_db()
    attested = {"user_name": school.trainer.username, "secret": SECRET, "meaning": "attested"}
    refused = _program(school.trainer, school).post(
        f"{at}attest/", {"signature": attested}, If_Match=f'"{done.row_version}"'
    )
    assert refused.status_code == 409 and "trainer_not_qualified" in refused.content.decode()
    done.refresh_from_db()
    assert done.status == "awaiting_trainer"


def _program(person: User, school: School) -> Program:
    able_to_sign(person)
    grant(person, school.site, MAKE)
    return program_of(person)
