"""Quizzes on documents: versions, questions, attempts, and how each question was answered."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.constraints import AtMostOne
from core.kernel.records import FactModel, TrailedModel
from qms.training.lifecycle import QUIZ, VIEW_TRAINING
from qms.training.models.learning import TrainingAssignment


class Quiz(TrailedModel):
    """One version of the questions on a document. The questions of a version in use do not change."""

    view_permission = "qms_training.view_quiz"
    scope_path = "document__site"
    lifecycle = QUIZ

    document = models.ForeignKey(
        "qms_documents.Document", verbose_name=_("document"), on_delete=models.PROTECT, related_name="quizzes"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark, percent"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts"), default=2, help_text=_("After so many failures a trainer helps first.")
    )
    status = QUIZ.field()

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        ordering = ("document", "-version")
        constraints = (
            models.UniqueConstraint(fields=["document", "version"], name="uq_quiz_version"),
            AtMostOne(name="uq_quiz_in_use", field="document", condition=Q(status="in_use")),
            models.CheckConstraint(
                name="ck_quiz_marks", condition=Q(pass_percent__range=(1, 100), attempts_allowed__gte=1)
            ),
        )

    def __str__(self) -> str:
        return str(_("Quiz on %(document)s, version %(version)s")) % {
            "document": self.document,
            "version": self.version,
        }

    def get_absolute_url(self) -> str:
        return reverse("qms_training:quiz_detail", args=[self.pk])


class QuizQuestion(TrailedModel):
    """A question with its answers; `right` holds the positions of the right ones."""

    view_permission = "qms_training.view_quiz"
    scope_path = "quiz__document__site"

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="questions")
    sequence = models.PositiveSmallIntegerField(_("sequence"))
    text = models.TextField(_("question"))
    answers = models.JSONField(_("answers"), default=list)
    right = models.JSONField(_("right answers"), default=list)

    class Meta:
        verbose_name = _("quiz question")
        verbose_name_plural = _("quiz questions")
        ordering = ("quiz", "sequence")
        constraints = (models.UniqueConstraint(fields=["quiz", "sequence"], name="uq_quizquestion_sequence"),)

    def __str__(self) -> str:
        return f"{self.sequence}. {self.text}"[:120]

    def get_absolute_url(self) -> str:
        return reverse("qms_training:quiz_detail", args=[self.quiz_id])


class QuizAttempt(FactModel):
    """One try at a quiz: passed or not, with the score."""

    view_permission = VIEW_TRAINING
    scope_path = "assignment__user"

    assignment = models.ForeignKey(TrainingAssignment, on_delete=models.PROTECT, related_name="attempts")
    quiz = models.ForeignKey(Quiz, verbose_name=_("quiz"), on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    score = models.PositiveSmallIntegerField(_("score, percent"))
    passed = models.BooleanField(_("passed"))
    digest = models.CharField(_("digest of the content"), max_length=64)

    class Meta:
        verbose_name = _("quiz attempt")
        verbose_name_plural = _("quiz attempts")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["assignment", "number"], name="uq_quizattempt_number"),)

    def __str__(self) -> str:
        return f"{self.quiz_id} · {self.number}: {self.score} %"


class QuizAnswer(FactModel):
    """What was answered to one question of an attempt, in the order in which it was shown."""

    view_permission = VIEW_TRAINING
    scope_path = "attempt__assignment__user"

    attempt = models.ForeignKey(QuizAttempt, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(QuizQuestion, on_delete=models.PROTECT, related_name="given_answers")
    place = models.PositiveSmallIntegerField(_("place"))
    chosen = models.JSONField(_("chosen"), default=list)
    is_right = models.BooleanField(_("right"))

    class Meta:
        verbose_name = _("quiz answer")
        verbose_name_plural = _("quiz answers")
        ordering = ("attempt", "place")
        indexes = (models.Index(fields=["question", "is_right"], name="ix_quizanswer_question"),)

    def __str__(self) -> str:
        return f"{self.question_id}: {self.chosen}"
