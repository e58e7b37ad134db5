"""The API of curricula, training, quizzes, qualifications, shifts and the rules around them."""

from __future__ import annotations

from typing import Any

from core.jobs.models import BackgroundJob
from core.web.api import Reading, deed, moves, reading, records
from qms.training import views
from qms.training.models import (
    Curriculum,
    CurriculumAudience,
    QuizQuestion,
    TrainingRecord,
    TrainingRequirement,
)
from qms.training.queries import records_of
from qms.training.serializers import (
    CurriculumAudienceShape,
    QuizQuestionShape,
    TrainingRecordShape,
    TrainingRequirementShape,
)


class Requirements(Reading):
    """What a curriculum takes."""

    page, shape = views.CurriculumDetail, TrainingRequirementShape

    def read(self, page: Any) -> list[TrainingRequirement]:
        return list(page.record.requirements.order_by("pk"))


class Audiences(Reading):
    """Who needs a curriculum."""

    page, shape = views.CurriculumDetail, CurriculumAudienceShape

    def read(self, page: Any) -> list[CurriculumAudience]:
        return list(page.record.audiences.order_by("pk"))


class RecordsOfPerson(Reading):
    """Everything a person has learned, newest first."""

    page, shape = views.PersonDetail, TrainingRecordShape

    def read(self, page: Any) -> list[TrainingRecord]:
        return list(records_of(page.record)[:1000])


class Questions(Reading):
    """The questions of a version of a quiz."""

    page, shape = views.QuizDetail, QuizQuestionShape

    def read(self, page: Any) -> list[QuizQuestion]:
        return list(page.record.questions.order_by("sequence"))


ONE, QUIZ = "assignments/<int:pk>/", "quizzes/<int:pk>/"
urlpatterns = [
    *records(
        "qualifications",
        name="qualification",
        list=views.QualificationList,
        create=views.QualificationCreate,
        detail=views.QualificationDetail,
    ),
    deed("qualifications/<int:pk>/renew/", views.QualificationRenew, name="qualification_renew"),
    *moves("qualifications/<int:pk>/", views.QualificationMove, name="qualification"),
    *records(
        "curricula",
        name="curriculum",
        list=views.CurriculumList,
        create=views.CurriculumCreate,
        detail=views.CurriculumDetail,
        change=views.CurriculumChange,
    ),
    reading("curricula/<int:pk>/requirements/", Requirements, name="trainingrequirement_list"),
    reading("curricula/<int:pk>/audiences/", Audiences, name="curriculumaudience_list"),
    deed(
        "curricula/<int:pk>/requirements/new/",
        views.TrainingRequirementCreate,
        name="trainingrequirement_create",
        returns=TrainingRequirement,
        status=201,
    ),
    deed("curricula/<int:pk>/audiences/new/", views.CurriculumAudienceCreate, name="curriculumaudience_create"),
    deed(
        "requirements/<int:pk>/retire/",
        views.TrainingRequirementRetire,
        name="trainingrequirement_retire",
        returns=Curriculum,
    ),
    deed(
        "audiences/<int:pk>/remove/",
        views.CurriculumAudienceRemove,
        name="curriculumaudience_remove",
        returns=Curriculum,
    ),
    *records(
        "assignments",
        name="trainingassignment",
        list=views.TrainingAssignmentList,
        create=views.TrainingAssignmentCreate,
        detail=views.TrainingAssignmentDetail,
    ),
    deed(f"{ONE}read/", views.TrainingRead, name="trainingassignment_read"),
    deed(f"{ONE}quiz/", views.TrainingQuiz, name="trainingassignment_quiz"),
    deed(f"{ONE}present/", views.TrainingAssignmentPresent, name="trainingassignment_present"),
    deed(f"{ONE}support/", views.TrainingAssignmentSupport, name="trainingassignment_support"),
    *moves(ONE, views.TrainingAssignmentMove, name="trainingassignment", without=("present",)),
    *records("my-assignments", name="trainingassignment_mine", list=views.MyTraining),
    reading("people/<int:pk>/records/", RecordsOfPerson, name="person_records"),
    *records("records", name="trainingrecord", list=views.TrainingRecordList),
    *records("quizzes", name="quiz", list=views.QuizList, create=views.QuizCreate, detail=views.QuizDetail),
    reading(f"{QUIZ}questions/", Questions, name="quizquestion_list"),
    deed(f"{QUIZ}question/", views.QuizQuestionAdd, name="quiz_question"),
    deed(f"{QUIZ}remove/", views.QuizQuestionRemove, name="quiz_remove"),
    *moves(QUIZ, views.QuizMove, name="quiz"),
    *records("shifts", name="shiftassignment", list=views.ShiftList, create=views.ShiftCreate),
    deed("shifts/<int:pk>/cancel/", views.ShiftCancel, name="shiftassignment_cancel"),
    *records("signing-policies", name="signingpolicy", list=views.SigningPolicyList, create=views.SigningPolicyCreate),
    deed("people/<int:pk>/print/", views.PersonPrint, name="person_print", returns=BackgroundJob, status=202),
    deed("revisions/<int:pk>/staffing/", views.DocumentRevisionStaffing, name="documentrevision_staffing"),
]
