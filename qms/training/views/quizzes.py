"""Pages of quizzes: versions, questions, and how they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.markup import Text
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage
from qms.documents.queries import documents_for
from qms.training import services
from qms.training.forms import QuestionForm, QuestionRemoveForm, QuizForm
from qms.training.lifecycle import WRITE_QUIZ
from qms.training.models import Quiz
from qms.training.queries import statistics_of
from qms.training.tables import QuizTable

VIEW_QUIZ = "qms_training.view_quiz"


class _QuizPage:
    """What the pages of a quiz share."""

    record: Quiz

    def get_queryset(self) -> QuerySet[Quiz]:
        return Quiz.objects.select_related("document__site")


class QuizList(_QuizPage, ListPage):
    """Every version of every quiz."""

    model, permission, table_class = Quiz, VIEW_QUIZ, QuizTable
    search_fields = ("document__number", "document__title")
    order = ("-pk",)
    create_url_name, create_permission = "qms_training:quiz_create", WRITE_QUIZ
    create_label = gettext_lazy("New version of a quiz")
    empty_title = gettext_lazy("No quizzes yet")
    empty_text = gettext_lazy("Write one on a document whose revisions take a quiz.")
    empty_icon = "list"


class QuizDetail(_QuizPage, DetailPage):
    """One version: its questions, and how often each is answered rightly."""

    model, permission = Quiz, VIEW_QUIZ
    template_name = "qms/training/quiz_detail.html"
    timeline_later = True

    def page_title(self) -> Text:
        return str(self.record)

    def facts(self) -> Sequence[Fact]:
        quiz = self.record
        return [
            Fact(_("Document"), quiz.document, quiz.document.get_absolute_url()),
            Fact(_("Version"), quiz.version),
            Fact(_("Pass mark, percent"), quiz.pass_percent),
            Fact(_("Attempts"), quiz.attempts_allowed),
        ]

    def actions(self) -> Sequence[Action]:
        if self.record.status != "draft":
            url = reverse("qms_training:quiz_create")
            return [Action(_("Next version"), f"{url}?document={self.record.document_id}", "plus", WRITE_QUIZ)]
        pk = self.record.pk
        return [
            Action(_("Add a question"), reverse("qms_training:quiz_question", args=[pk]), "plus", WRITE_QUIZ),
            Action(_("Remove a question"), reverse("qms_training:quiz_remove", args=[pk]), "x", WRITE_QUIZ),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(statistics=statistics_of(self.record), **more)


class QuizCreate(FormPage):
    """Begin the next version of a quiz; it starts with the questions of the one in use."""

    model, permission, form_class = Quiz, WRITE_QUIZ, QuizForm
    title = gettext_lazy("New version of a quiz")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "documents": documents_for(self.request.user)}

    def deed(self, form: QuizForm) -> Quiz:
        return services.create_quiz(**form.cleaned_data, actor=self.request.user)


class _QuizChange(_QuizPage, FormPage):
    """A change of a draft."""

    model, permission, changes_record, change_needs_reason = Quiz, WRITE_QUIZ, False, False


class QuizQuestionAdd(_QuizChange):
    """One question more."""

    form_class = QuestionForm
    title = gettext_lazy("Add a question")

    def deed(self, form: QuestionForm) -> Quiz:
        services.add_question(
            quiz=self.record, text=form.cleaned_data["text"], **form.answers(), actor=self.request.user
        )
        return self.record


class QuizQuestionRemove(_QuizChange):
    """One question less."""

    form_class = QuestionRemoveForm
    title = gettext_lazy("Remove a question")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "questions": self.record.questions.all()}

    def deed(self, form: QuestionRemoveForm) -> Quiz:
        return services.remove_question(question=form.cleaned_data["question"], actor=self.request.user)


class QuizMove(_QuizPage, MovePage):
    """Put in use, retire."""

    model, permission = Quiz, VIEW_QUIZ

    def covered(self) -> Sequence[Fact]:
        return [Fact(_("Document"), self.record.document), Fact(_("Version"), self.record.version)]
