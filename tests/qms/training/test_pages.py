"""Training over the pages and the API: learning, quiz, practice, proof, waiver, curricula, rules; and their cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import User
from core.organization.services import system_user
from integrations.services import import_records
from qms.training.models import (
    CurriculumAudience,
    Qualification,
    QuizAttempt,
    ShiftAssignment,
    SigningPolicy,
    TrainingAssignment,
    TrainingRecord,
    TrainingRequirement,
)
from qms.training.queries import sheet_of
from tests.api.conftest import MAKE, program_of
from tests.qms.training.plant import School
from tests.support.people import grant
from tests.support.visits import seen, visit_as

pytestmark = pytest.mark.django_db
SECRET = "correct horse battery"


def url(name: str, *args: object) -> str:
    return reverse(f"qms_training:{name}", args=args)


def with_password(user: User) -> User:
    user.set_password(SECRET)
    with transaction.atomic(), acting(system_user("test")):
        user.save()
    return user


def signs(user: User, **more: Any) -> dict[str, Any]:
    return {"user_id": user.username, "secret": SECRET, "reason": "", **more}


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


@pytest.mark.requirement("TRN-02", "TRN-06", "TRN-07")
def test_reading_and_signing_over_the_pages(school: School) -> None:
    school.requirement()
    school.effective()
    assignment = school.assigned()
    learner = visit_as(with_password(school.learner))
    assert "Mount the wheel" in text(learner, url("trainingassignment_mine"))
    read = url("trainingassignment_read", assignment.pk)
    assert "Prepare" in text(learner, read)
    assert learner.post(read, {"number": 1})["Location"] == read
    assert "Tighten" in text(learner, read)
    complete = url("trainingassignment_move", assignment.pk, "complete")
    assert learner.post(complete, signs(school.learner)).status_code == 409
    assert learner.post(read, {"number": 2})["Location"] == assignment.get_absolute_url()
    page = text(learner, complete)
    assert "read and understood" in page and "SHA-256" in page
    assert learner.post(complete, signs(school.learner)).status_code == 302
    record = TrainingRecord.objects.get()
    assert record.user == school.learner
    trainer = visit_as(school.trainer)
    assert "Mount the wheel" in text(trainer, url("trainingrecord_list"))
    assert "Mount the wheel" in text(trainer, url("trainingassignment_list"))
    school.approved(body="# Tighten\n\nTo 12 N·m.\n")
    assert "To 12 N·m." in text(learner, school.assigned().get_absolute_url())


@pytest.mark.requirement("TRN-03")
def test_a_quiz_over_the_pages(school: School) -> None:
    author = visit_as(school.author)
    answer = author.post(
        url("quiz_create"), {"document": school.document.pk, "pass_percent": 80, "attempts_allowed": 2}
    )
    quiz = school.document.quizzes.get()
    assert answer["Location"] == quiz.get_absolute_url()
    question = {"text": "How tight?", "lines": "5\n*10\n15"}
    assert author.post(url("quiz_question", quiz.pk), question).status_code == 302
    assert author.post(url("quiz_question", quiz.pk), {**question, "lines": "10"}).status_code == 409
    extra = author.post(url("quiz_question", quiz.pk), {"text": "Why?", "lines": "*a\nb"})
    assert extra.status_code == 302
    gone = quiz.questions.get(text="Why?")
    assert author.post(url("quiz_remove", quiz.pk), {"question": gone.pk}).status_code == 302
    moved = author.post(url("quiz_move", quiz.pk, "put_in_use"), {"reason": "", **seen(quiz)})
    assert moved.status_code == 302
    school.requirement("quiz")
    school.effective("quiz")
    assignment = school.read(school.assigned())
    learner = visit_as(school.learner)
    asked = sheet_of(assignment).asked[0].question
    page = url("trainingassignment_quiz", assignment.pk)
    assert "How tight?" in text(learner, page)
    assert learner.post(page, {f"q{asked.pk}": [0]}).status_code == 302
    assert learner.post(page, {f"q{asked.pk}": [0]}).status_code == 302
    assignment.refresh_from_db()
    assert assignment.status == "quiz_failed"
    assert learner.post(page, {f"q{asked.pk}": [1]}).status_code == 409
    trainer = visit_as(school.trainer)
    helped = {"reason": "Explained it", **seen(assignment)}
    assert trainer.post(url("trainingassignment_move", assignment.pk, "remediate"), helped).status_code == 302
    assert learner.post(page, {f"q{asked.pk}": [1]}).status_code == 302
    assert QuizAttempt.objects.filter(passed=True).count() == 1
    assert "33" in text(author, quiz.get_absolute_url())


@pytest.mark.requirement("TRN-01", "TRN-04", "TRN-05")
def test_practice_and_proof_over_the_pages(school: School, settings: Any, tmp_path: Any) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path
    author, learner = visit_as(with_password(school.author)), visit_as(with_password(school.learner))
    trainer = visit_as(with_password(school.trainer))
    grants = {"user": school.trainer.pk, "curriculum": school.curriculum.pk, "basis": "Years", "level": "trains"}
    assert author.post(url("qualification_create"), grants).status_code == 302
    for kind in ("ojt", "external"):
        entered = {"kind": kind, "title": f"By {kind}", "repetitions": 3}
        assert author.post(url("trainingrequirement_create", school.curriculum.pk), entered).status_code == 302
        requirement = TrainingRequirement.objects.get(kind=kind)
        day = (now() + dt.timedelta(days=9)).date().isoformat()
        asked = {"user": school.learner.pk, "requirement": requirement.pk, "due_at": day}
        assert author.post(url("trainingassignment_create"), asked).status_code == 302
        assignment = TrainingAssignment.objects.get(requirement=requirement)
        begin = url("trainingassignment_move", assignment.pk, "take_up")
        assert learner.post(begin, {"reason": "", **seen(assignment)}).status_code == 302
        assignment.refresh_from_db()
        present = url("trainingassignment_present", assignment.pk)
        done = signs(school.learner, evidence="Three times", **seen(assignment))
        if kind == "external":
            assert learner.post(present, done).status_code == 409
            done["file"] = SimpleUploadedFile("licence.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
        assert learner.post(present, done).status_code == 302
        assignment.refresh_from_db()
        assert assignment.status == "awaiting_trainer"
        move = "attest" if kind == "ojt" else "verify"
        signed = signs(school.trainer, **seen(assignment))
        assert trainer.post(url("trainingassignment_move", assignment.pk, move), signed).status_code == 302
    assert {one.how for one in TrainingRecord.objects.all()} == {"ojt", "external"}
    granted = {"user": school.learner.pk, "curriculum": school.curriculum.pk, "basis": "All of it", "level": "works"}
    assert author.post(url("qualification_create"), granted).status_code == 302
    assert "Works independently" in text(author, Qualification.objects.latest("pk").get_absolute_url())
    person = text(author, url("person_detail", school.learner.pk))
    assert "By ojt" in person and "Trainer" in person


@pytest.mark.requirement("TRN-01")
def test_a_waiver_and_audiences_over_the_pages(school: School) -> None:
    school.requirement()
    school.effective()
    assignment = school.assigned()
    manager, quality = visit_as(with_password(school.trainer)), visit_as(with_password(school.approver))
    waive = url("trainingassignment_move", assignment.pk, "waive")
    why = signs(school.approver, reason="Office", **seen(assignment))
    assert quality.post(waive, why).status_code == 409
    support = signs(school.trainer, reason="Works in the office")
    assert manager.post(url("trainingassignment_support", assignment.pk), support).status_code == 302
    assert quality.post(waive, why).status_code == 302
    author = visit_as(school.author)
    add = url("curriculumaudience_create", school.curriculum.pk)
    assert author.post(add, {"by_operation": "on"}).status_code == 302
    assert author.post(add, {"by_operation": "on"}).status_code == 409
    assert author.post(add, {}).status_code == 409
    audience = CurriculumAudience.objects.get(by_operation=True)
    assert author.post(url("curriculumaudience_remove", audience.pk), {"reason": "By role"}).status_code == 302
    requirement = TrainingRequirement.objects.get()
    assert author.post(url("trainingrequirement_retire", requirement.pk), {"reason": "Gone"}).status_code == 302
    assert "Learn by read" not in text(author, school.curriculum.get_absolute_url())


@pytest.mark.requirement("TRN-09", "TRN-11", "TRN-12", "TRN-13")
def test_rules_and_figures_over_the_pages(school: School) -> None:
    author = visit_as(school.author)
    work_center = school.site.areas.get().work_centers.get()
    shift = {
        "user": school.learner.pk,
        "work_center": work_center.pk,
        "shift": "Early",
        "starts_at": "2027-01-04T06:00",
        "ends_at": "2027-01-04T14:00",
    }
    assert author.post(url("shiftassignment_create"), shift).status_code == 302
    assert "Early" in text(author, url("shiftassignment_list"))
    planned = ShiftAssignment.objects.get()
    assert author.post(url("shiftassignment_cancel", planned.pk), {"reason": "Ill"}).status_code == 302
    policy = {"site": school.site.pk, "document": school.document.pk}
    assert author.post(url("signingpolicy_create"), {**policy, "is_on": "on"}).status_code == 409
    assert author.post(url("signingpolicy_create"), policy).status_code == 302
    assert SigningPolicy.objects.filter(is_on=False).exists()
    assert "Mount the wheel" in text(author, url("signingpolicy_list"))
    school.requirement()
    revision = school.approved()
    compliance = text(author, url("compliance"))
    assert "WHEEL" in compliance
    assert "0 %" in compliance
    matrix = text(author, url("qualification_matrix") + f"?place={work_center.pk}&topic=wheel")
    assert "Learner" in matrix and "WHEEL" in matrix
    assert author.post(url("person_print", school.learner.pk), {"reason": ""}).status_code == 302
    assert "Somebody can do all" in text(author, url("documentrevision_staffing", revision.pk))


@pytest.mark.requirement("TRN-01", "TRN-02", "TRN-07")
def test_training_over_the_api(school: School) -> None:
    for person in (school.learner, school.author):
        grant(with_password(person), school.site, MAKE)
    school.requirement()
    school.effective()
    assignment = school.assigned()
    at = f"qms/training/assignments/{assignment.pk}/"
    learner, author = program_of(school.learner), program_of(school.author)
    assert learner.get(at).json()["status"] == "assigned"
    assert author.post(f"{at}read/", {"number": 1}).status_code == 409
    for number in (1, 2):
        answer = learner.post(f"{at}read/", {"number": number})
        assert answer.status_code in (200, 201), answer.content
    signature = {"user_name": school.learner.username, "secret": SECRET, "meaning": "trained"}
    answer = learner.post(f"{at}complete/", {"signature": signature}, If_Match=str(school.assigned().row_version))
    assert answer.status_code == 200, answer.content
    assert author.get("qms/training/records/").json()["results"][0]["user"] == school.learner.pk
    assert author.get(f"qms/training/curricula/{school.curriculum.pk}/requirements/").status_code == 200
    assert author.get("qms/training/shifts/").status_code == 200


@pytest.mark.requirement("TRN-14")
def test_training_of_before_is_imported(school: School) -> None:
    school.effective()
    author = school.author
    grant(author, school.site, "integrations.apply_importbatch", "integrations.view_importbatch")
    mapping = "columns:\n  person: Who\n  document: Doc\n  revision: Rev\n  completed_on: Day\n"
    good = f"Who,Doc,Rev,Day\nlearner,{school.document.number},1,2026-02-01\n".encode()
    bad = f"Who,Doc,Rev,Day\nnobody,{school.document.number},1,2026-02-01\nauthor,X,1,2026-02-01\n".encode()

    def run(kind: str, data: bytes, columns: str) -> Any:
        return import_records(kind=kind, data=data, file_name="t.csv", mapping=columns, actor=author)

    report = run("training_records", bad, mapping)
    assert [(issue.line, issue.field) for issue in report.issues][0] == (2, "person")
    assert not TrainingRecord.objects.exists()
    run("training_records", good, mapping)
    record = TrainingRecord.objects.get()
    assert (record.how, record.user, record.actor) == ("imported", school.learner, author)
    run("training_records", good, mapping)
    assert TrainingRecord.objects.count() == 1
    columns = "columns:\n  person: Who\n  curriculum: What\n  valid_from: From\n  basis: Basis\n"
    run("qualifications", b"Who,What,From,Basis\nlearner,WHEEL,2026-02-01,Certificate 12\n", columns)
    held = Qualification.objects.get()
    assert (held.user, held.status, held.granted_by, held.level) == (school.learner, "active", author, "works")
    own = run("qualifications", b"Who,What,From,Basis\nauthor,WHEEL,2026-02-01,Mine\n", columns)
    assert own.issues and Qualification.objects.count() == 1


@pytest.mark.requirement("TRN-10")
def test_lists_and_the_matrix_stay_cheap(school: School) -> None:
    school.requirement()
    school.effective()
    client = visit_as(school.author)
    pages = (
        "trainingassignment_list", "trainingrecord_list", "qualification_matrix", "compliance", "quiz_list",
        "shiftassignment_list", "trainingassignment_mine",
    )  # fmt: skip
    for name in pages:
        client.get(url(name))
        with CaptureQueriesContext(connection) as spent:
            assert client.get(url(name)).status_code == 200
        assert len(spent) <= 15, (name, len(spent))
    client.get(school.assigned().get_absolute_url())
    with CaptureQueriesContext(connection) as spent:
        client.get(school.assigned().get_absolute_url())
    assert len(spent) <= 15
