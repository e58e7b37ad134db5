"""Which questions somebody is asked, in which order, and how questions are answered."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from qms.training.models import Quiz, QuizQuestion, TrainingAssignment


def quiz_in_use(document_id: int) -> Quiz | None:
    """The version of the quiz on a document that people are asked now."""
    return Quiz.objects.filter(document=document_id, status="in_use").first()


@dataclass(frozen=True)
class Asked:
    """A question with the positions of its answers in the order in which they are shown."""

    question: QuizQuestion
    order: tuple[int, ...]

    @property
    def shown(self) -> list[tuple[int, str]]:
        """Positions with their words, as shown."""
        return [(position, self.question.answers[position]) for position in self.order]


@dataclass(frozen=True)
class Sheet:
    """One attempt's questions."""

    quiz: Quiz
    number: int
    asked: Sequence[Asked]


def sheet_of(assignment: TrainingAssignment) -> Sheet:
    """The questions of the next attempt: shuffled, and the same until it was made. `LookupError` without a quiz."""
    revision = assignment.document_revision
    quiz = quiz_in_use(revision.document_id) if revision is not None else None
    if quiz is None:
        raise LookupError("no quiz is in use")
    number = assignment.attempts.count() + 1
    order = random.Random(f"{assignment.pk}-{quiz.pk}-{number}")
    questions = list(quiz.questions.order_by("sequence"))
    order.shuffle(questions)
    asked = []
    for question in questions:
        positions = list(range(len(question.answers)))
        order.shuffle(positions)
        asked.append(Asked(question, tuple(positions)))
    return Sheet(quiz, number, asked)


def has_passed(assignment: TrainingAssignment, digest: str) -> bool:
    """Whether the quiz was passed on this very content."""
    return assignment.attempts.filter(passed=True, digest=digest).exists()


def attempts_left(assignment: TrainingAssignment, quiz: Quiz) -> int:
    """How many attempts there are before a trainer helps; after help there is one."""
    if assignment.status == "remedial":
        return 1
    failed: int = assignment.attempts.filter(passed=False).count()
    return max(quiz.attempts_allowed - failed, 1)


@dataclass(frozen=True)
class Statistic:
    """How often a question was asked and answered rightly."""

    question: QuizQuestion
    asked: int
    right: int

    @property
    def percent(self) -> int | None:
        """Share of right answers; None where nobody was asked."""
        return round(100 * self.right / self.asked) if self.asked else None


def statistics_of(quiz: Quiz) -> list[Statistic]:
    """Every question of a version with how it was answered, in one statement."""
    counted = quiz.questions.annotate(
        asked=Count("given_answers"), right_ones=Count("given_answers", filter=Q(given_answers__is_right=True))
    ).order_by("sequence")
    return [Statistic(question, question.asked, question.right_ones) for question in counted]
