"""Reading and signing, quizzes, practice with a trainer, proofs, waivers: every move, and every refusal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.services import begin, perform
from core.signing.models import Signature
from core.signing.queries import digest_of, is_intact
from core.worklist.models import Assignment
from qms.documents.models import DocumentRevision
from qms.training import services
from qms.training.models import Qualification, QuizAttempt, TrainingAssignment, TrainingRecord
from qms.training.queries import changes_between, known_revision, sheet_of, statistics_of
from qms.training.services.assigning import TIME_TO_LEARN
from tests.qms.training.plant import BODY, School
from tests.support.people import proof

pytestmark = pytest.mark.django_db


def refused(code: str, assignment: TrainingAssignment, deed: Any) -> None:
    """The deed is refused for this reason, and nothing has changed."""
    assignment.refresh_from_db()

    def everything() -> Any:
        assignment.refresh_from_db()
        return assignment.status, Signature.objects.count(), TrainingRecord.objects.count(), QuizAttempt.objects.count()

    before = everything()
    with pytest.raises(Blocked) as caught:
        deed()
    assert code in caught.value.codes, caught.value.codes
    assert everything() == before


def complete(school: School, assignment: TrainingAssignment) -> TrainingAssignment:
    return services.complete_reading(
        assignment=assignment, actor=school.learner, signature=proof(school.learner, "trained")
    )


@pytest.mark.requirement("TRN-02")
def test_read_and_understood_is_pinned_to_what_was_shown(school: School) -> None:
    school.requirement()
    revision = school.effective()
    assignment = school.assigned()
    other = school.trainer
    refused("not_the_learner", assignment, lambda: services.show_section(assignment=assignment, number=1, actor=other))
    assert services.show_section(assignment=assignment, number=1, actor=school.learner) == 1
    refused("not_shown", assignment, lambda: complete(school, assignment))
    assert services.show_section(assignment=assignment, number=2, actor=school.learner) == 0
    refused(
        "signature_required", assignment, lambda: services.complete_reading(assignment=assignment, actor=school.learner)
    )
    complete(school, assignment)
    assert (assignment.status, assignment.revision_digest) == ("completed", digest_of(revision))
    record = TrainingRecord.objects.get()
    assert record.signature is not None and record.signature.meaning == "trained"
    assert record.revision_digest == digest_of(revision) and is_intact(record.signature)
    assert not Assignment.objects.filter(to_user=school.learner, status="open").exists()


@pytest.mark.requirement("TRN-02")
def test_what_is_new_since_the_known_revision(school: School) -> None:
    school.requirement()
    first = school.effective()
    school.learned(school.assigned())
    second = school.approved(body=BODY.replace("10", "12"))
    assert known_revision(school.learner, second) == first
    (change,) = changes_between(first, second)
    assert change.title == "Tighten"
    assert [(line.mark, line.text) for line in change.lines] == [("-", "To 10 N·m."), ("+", "To 12 N·m.")]


@pytest.mark.requirement("TRN-03")
def test_a_quiz_failed_twice_needs_help_and_is_then_passed(school: School) -> None:
    quiz = school.quiz()
    school.requirement("quiz")
    school.effective("quiz")
    assignment = school.assigned()
    services.show_section(assignment=assignment, number=1, actor=school.learner)

    def answer(chosen: dict[int, list[int]]) -> Any:
        return services.answer_quiz(assignment=assignment, chosen=chosen, actor=school.learner)

    refused("not_shown", assignment, lambda: answer({}))
    school.read(assignment)
    refused("quiz_open", assignment, lambda: complete(school, assignment))
    first, second = quiz.questions.order_by("sequence")
    right = {first.pk: [1], second.pk: [0]}
    assert not answer({first.pk: [1], second.pk: [1]}).passed
    assignment.refresh_from_db()
    assert assignment.status == "in_progress"
    assert not answer({}).passed
    assignment.refresh_from_db()
    assert assignment.status == "quiz_failed"
    refused("help_first", assignment, lambda: answer(right))
    refused(
        "second_person",
        assignment,
        lambda: perform(assignment, "remediate", actor=school.learner, reason="Myself"),
    )
    perform(assignment, "remediate", actor=school.trainer, reason="Explained the torque")
    assert assignment.status == "remedial"
    assert not answer({first.pk: [0, 1], second.pk: [0]}).passed
    assignment.refresh_from_db()
    assert assignment.status == "quiz_failed"
    perform(assignment, "remediate", actor=school.trainer, reason="Shown at the bench")
    assert answer(right).score == 100
    assignment.refresh_from_db()
    assert assignment.status == "in_progress"
    complete(school, assignment)
    assert TrainingRecord.objects.get().score == 100
    figures = {one.question.pk: (one.asked, one.right) for one in statistics_of(quiz)}
    assert figures == {first.pk: (4, 2), second.pk: (4, 2)}


@pytest.mark.requirement("TRN-03")
def test_questions_are_shuffled_and_stay_so_until_answered(school: School) -> None:
    school.quiz()
    school.requirement("quiz")
    school.effective("quiz")
    assignment = school.assigned()
    once, again = sheet_of(assignment), sheet_of(assignment)
    assert [(one.question.pk, one.order) for one in once.asked] == [(one.question.pk, one.order) for one in again.asked]
    assert all(sorted(one.order) == list(range(len(one.question.answers))) for one in once.asked)


@pytest.mark.requirement("TRN-03")
def test_a_quiz_in_use_stays_as_it_is_and_a_new_version_retires_it(school: School) -> None:
    quiz = school.quiz()
    with pytest.raises(Blocked) as caught:
        services.add_question(quiz=quiz, text="More?", answers=["a", "b"], right=[0], actor=school.author)
    assert caught.value.codes == ("not_a_draft",)
    empty = services.create_quiz(document=school.document, actor=school.author)
    assert empty.questions.count() == 2
    perform(empty, "put_in_use", actor=school.author)
    quiz.refresh_from_db()
    assert quiz.status == "retired"
    third = services.create_quiz(document=school.document, actor=school.author)
    for question in third.questions.all():
        services.remove_question(question=question, actor=school.author)
    with pytest.raises(Blocked) as caught:
        perform(third, "put_in_use", actor=school.author)
    assert caught.value.codes == ("no_questions",)
    with pytest.raises(Blocked) as caught:
        services.add_question(quiz=third, text="?", answers=["a", "b"], right=[0, 1], actor=school.author)
    assert caught.value.codes == ("answers",)
    perform(third, "retire", actor=school.author, reason="Not needed")


def practised(school: School, kind: str = "ojt") -> TrainingAssignment:
    requirement = school.requirement(kind)
    assignment = services.assign_training(
        user=school.learner, requirement=requirement, due_at=now() + TIME_TO_LEARN, actor=school.author
    )
    return perform(assignment, "take_up", actor=school.learner)


def present(school: School, assignment: TrainingAssignment, **values: Any) -> TrainingAssignment:
    return services.present_for_attestation(
        assignment=assignment, actor=school.learner, signature=proof(school.learner, "performed"), **values
    )


@pytest.mark.requirement("TRN-04")
def test_practice_is_signed_by_the_learner_and_by_a_qualified_trainer(school: School) -> None:
    assignment = practised(school)
    refused("no_evidence", assignment, lambda: present(school, assignment))
    refused("second_person_needed", assignment, lambda: complete(school, assignment))
    present(school, assignment, evidence="Ten wheels")
    assert assignment.status == "awaiting_trainer"
    assert Assignment.objects.filter(kind="review", subject_id=assignment.pk, status="open").exists()

    def attest() -> Any:
        return perform(assignment, "attest", actor=school.trainer, signature=proof(school.trainer, "attested"))

    refused("trainer_not_qualified", assignment, attest)
    with transaction.atomic(), acting(school.author):
        held = begin(
            Qualification(
                user=school.trainer, curriculum=school.curriculum, valid_from=now(), granted_by=school.author, basis="x"
            ),
            actor=school.author,
        )
    refused("trainer_not_qualified", assignment, attest)
    services.renew_qualification(
        qualification=held, basis="Trained many", level="trains", reason="Trainer", actor=school.author
    )
    refused(
        "not_a_proof",
        assignment,
        lambda: perform(assignment, "verify", actor=school.trainer, signature=proof(school.trainer, "verified")),
    )
    perform(assignment, "send_back", actor=school.trainer, reason="Once more")
    assert assignment.status == "in_progress"
    present(school, assignment, evidence="Eleven wheels")
    attest()
    record = TrainingRecord.objects.get()
    assert record.how == "ojt" and record.note == "Eleven wheels"
    assert record.signature is not None and record.attestation is not None
    assert {record.signature.signer, record.attestation.signer} == {school.learner, school.trainer}
    assert record.signature.subject_id == record.attestation.subject_id == assignment.pk
    assert is_intact(record.signature) and is_intact(record.attestation)


@pytest.mark.requirement("TRN-04")
def test_nobody_attests_their_own_practice(school: School) -> None:
    assignment = practised(school)
    present(school, assignment, evidence="Ten wheels")
    refused(
        "second_person",
        assignment,
        lambda: perform(assignment, "attest", actor=school.learner, signature=proof(school.learner, "attested")),
    )


@pytest.mark.requirement("TRN-01")
def test_a_proof_from_outside_is_verified_by_somebody_else(school: School, settings: Any, tmp_path: Any) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path
    assignment = practised(school, "external")
    refused("no_proof", assignment, lambda: present(school, assignment, evidence="Forklift licence"))
    paper = io.BytesIO(b"%PDF-1.4\n%%EOF\n")
    paper.name = "licence.pdf"
    present(school, assignment, evidence="Forklift licence", file=paper)
    refused(
        "not_practice",
        assignment,
        lambda: perform(assignment, "attest", actor=school.trainer, signature=proof(school.trainer, "attested")),
    )
    perform(assignment, "verify", actor=school.trainer, signature=proof(school.trainer, "verified"))
    assert TrainingRecord.objects.get().how == "external"


@pytest.mark.requirement("TRN-01")
def test_a_waiver_takes_the_manager_and_quality(school: School) -> None:
    school.requirement()
    school.effective()
    assignment = school.assigned()

    def waive() -> Any:
        return perform(
            assignment,
            "waive",
            actor=school.approver,
            reason="Never works there",
            signature=proof(school.approver, "approved"),
        )

    refused("waiver_not_supported", assignment, waive)
    services.support_waiver(
        assignment=assignment,
        actor=school.trainer,
        reason="Works in the office",
        signature=proof(school.trainer, "reviewed"),
    )
    waive()
    assert assignment.status == "waived"
    assert not Assignment.objects.filter(to_user=school.learner, status="open").exists()
    refused(
        "state",
        assignment,
        lambda: services.support_waiver(
            assignment=assignment, actor=school.trainer, reason="x", signature=proof(school.trainer, "reviewed")
        ),
    )


@pytest.mark.requirement("TRN-05")
def test_a_qualification_needs_what_the_curriculum_takes(school: School) -> None:
    school.requirement()
    school.effective()
    with pytest.raises(Blocked) as caught:
        school.qualified(school.learner)
    assert caught.value.codes == ("not_learned",)
    school.learned(school.assigned())
    assert school.qualified(school.learner).level == "works"


def test_a_revision_that_was_given_up_is_not_signed(school: School) -> None:
    school.requirement()
    revision = school.approved()
    assignment = school.read(school.assigned())
    perform(revision, "discard", actor=school.author, reason="A mistake")
    assert DocumentRevision.objects.get(pk=revision.pk).status == "obsolete"
    refused("state", assignment, lambda: complete(school, assignment))
