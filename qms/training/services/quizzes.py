"""Quizzes: their versions and questions, and what learners answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect
from core.lifecycle.services import attempt, begin, perform
from core.organization.services import require
from core.signing.queries import digest_of
from qms.documents.models import Document
from qms.training.lifecycle import WRITE_QUIZ
from qms.training.models import Quiz, QuizAnswer, QuizAttempt, QuizQuestion, TrainingAssignment
from qms.training.queries.quizzes import attempts_left, quiz_in_use, sheet_of
from qms.training.services.learning import locked

QUIZ = "qms_training.Quiz"


@service
def create_quiz(
    *, document: Document, actor: Any, pass_percent: int = 80, attempts_allowed: int = 2, reason: str = ""
) -> Quiz:
    """Begin the next version of the quiz on a document, with the questions of the one in use."""
    require(actor, WRITE_QUIZ, document)
    Document.objects.select_for_update().get(pk=document.pk)
    newest = Quiz.objects.filter(document=document).aggregate(Max("version"))["version__max"] or 0
    quiz = Quiz(document=document, version=newest + 1, pass_percent=pass_percent, attempts_allowed=attempts_allowed)
    begin(quiz, actor=actor)
    present = quiz_in_use(document.pk)
    for question in present.questions.all() if present is not None else ():
        QuizQuestion(
            quiz=quiz,
            sequence=question.sequence,
            text=question.text,
            answers=question.answers,
            right=question.right,
        ).save()
    return quiz


def _draft(quiz: Quiz, actor: Any) -> Quiz:
    require(actor, WRITE_QUIZ, quiz)
    held = Quiz.objects.select_for_update(of=("self",)).select_related("document").get(pk=quiz.pk)
    attempt(held, "edit", actor=actor)
    return held


@service
def add_question(
    *, quiz: Quiz, text: str, answers: Sequence[str], right: Sequence[int], actor: Any, reason: str = ""
) -> QuizQuestion:
    """Add a question to a draft; `right` are the positions of the right answers, from 0."""
    held = _draft(quiz, actor)
    if len(answers) < 2 or not right or len(right) == len(answers) or not set(right) <= set(range(len(answers))):
        raise Blocked(
            Blocker(
                "answers",
                _("A question needs at least two answers, of which some are right and some are not."),
                record=held,
                remedy=_("Write one answer in a line, with * before each right one."),
            )
        )
    last = held.questions.aggregate(Max("sequence"))["sequence__max"] or 0
    question = QuizQuestion(quiz=held, sequence=last + 1, text=text.strip(), answers=list(answers), right=sorted(right))
    question.save()
    return question


@service
def remove_question(*, question: QuizQuestion, actor: Any, reason: str = "") -> Quiz:
    """Take a question out of a draft."""
    held = _draft(question.quiz, actor)
    question.delete()
    return held


@effect(QUIZ, "put_in_use", before_save=True)
def _retire_the_version_before(record: Quiz, deed: Deed) -> None:
    for old in Quiz.objects.filter(document=record.document_id, status="in_use").exclude(pk=record.pk):
        perform(old, "retire", actor=deed.actor, reason=_("Replaced by version %(v)s") % {"v": record.version})


@service
def answer_quiz(
    *, assignment: TrainingAssignment, chosen: Mapping[int, Sequence[int]], actor: Any, reason: str = ""
) -> QuizAttempt:
    """Judge one attempt: the positions chosen for each question's id, as the question lists its answers.

    A question counts when exactly the right answers were chosen. The last allowed failure stops the learner until a
    trainer helped. Raises `Blocked`, also until all of the content was shown.
    """
    held = locked(assignment)
    attempt(held, "answer", actor=actor)
    sheet = sheet_of(held)
    right = {
        asked.question.pk: sorted(set(chosen.get(asked.question.pk, ()))) == asked.question.right
        for asked in sheet.asked
    }
    score = round(100 * sum(right.values()) / len(right))
    passed = score >= sheet.quiz.pass_percent
    left = attempts_left(held, sheet.quiz)
    done = QuizAttempt.objects.create(
        assignment=held,
        quiz=sheet.quiz,
        number=sheet.number,
        score=score,
        passed=passed,
        digest=digest_of(held.document_revision) if held.document_revision is not None else "",
    )
    QuizAnswer.objects.bulk_create(
        [
            QuizAnswer(
                attempt=done,
                question=asked.question,
                place=place,
                chosen=sorted(set(chosen.get(asked.question.pk, ()))),
                is_right=right[asked.question.pk],
            )
            for place, asked in enumerate(sheet.asked, start=1)
        ]
    )
    if passed and held.status == "remedial":
        perform(held, "pass_quiz", actor=actor)
    elif not passed and left <= 1:
        perform(held, "fail", actor=actor)
    return done
