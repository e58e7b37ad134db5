"""Addresses of training."""

from django.urls import path

from qms.training import views

app_name = "qms_training"

urlpatterns = [
    path("qualifications/", views.QualificationList.as_view(), name="qualification_list"),
    path("qualifications/matrix/", views.QualificationMatrix.as_view(), name="qualification_matrix"),
    path("qualifications/new/", views.QualificationCreate.as_view(), name="qualification_create"),
    path("qualifications/<int:pk>/", views.QualificationDetail.as_view(), name="qualification_detail"),
    path("qualifications/<int:pk>/renew/", views.QualificationRenew.as_view(), name="qualification_renew"),
    path("qualifications/<int:pk>/<slug:move>/", views.QualificationMove.as_view(), name="qualification_move"),
    path("curricula/", views.CurriculumList.as_view(), name="curriculum_list"),
    path("curricula/new/", views.CurriculumCreate.as_view(), name="curriculum_create"),
    path("curricula/<int:pk>/", views.CurriculumDetail.as_view(), name="curriculum_detail"),
    path("curricula/<int:pk>/change/", views.CurriculumChange.as_view(), name="curriculum_change"),
    path(
        "curricula/<int:pk>/requirements/new/",
        views.TrainingRequirementCreate.as_view(),
        name="trainingrequirement_create",
    ),
    path(
        "curricula/<int:pk>/audiences/new/", views.CurriculumAudienceCreate.as_view(), name="curriculumaudience_create"
    ),
    path("requirements/<int:pk>/retire/", views.TrainingRequirementRetire.as_view(), name="trainingrequirement_retire"),
    path("audiences/<int:pk>/remove/", views.CurriculumAudienceRemove.as_view(), name="curriculumaudience_remove"),
    path("assignments/", views.TrainingAssignmentList.as_view(), name="trainingassignment_list"),
    path("assignments/mine/", views.MyTraining.as_view(), name="trainingassignment_mine"),
    path("assignments/new/", views.TrainingAssignmentCreate.as_view(), name="trainingassignment_create"),
    path("assignments/<int:pk>/", views.TrainingAssignmentDetail.as_view(), name="trainingassignment_detail"),
    path("assignments/<int:pk>/read/", views.TrainingRead.as_view(), name="trainingassignment_read"),
    path("assignments/<int:pk>/quiz/", views.TrainingQuiz.as_view(), name="trainingassignment_quiz"),
    path("assignments/<int:pk>/present/", views.TrainingAssignmentPresent.as_view(), name="trainingassignment_present"),
    path("assignments/<int:pk>/support/", views.TrainingAssignmentSupport.as_view(), name="trainingassignment_support"),
    path("assignments/<int:pk>/<slug:move>/", views.TrainingAssignmentMove.as_view(), name="trainingassignment_move"),
    path("records/", views.TrainingRecordList.as_view(), name="trainingrecord_list"),
    path("quizzes/", views.QuizList.as_view(), name="quiz_list"),
    path("quizzes/new/", views.QuizCreate.as_view(), name="quiz_create"),
    path("quizzes/<int:pk>/", views.QuizDetail.as_view(), name="quiz_detail"),
    path("quizzes/<int:pk>/question/", views.QuizQuestionAdd.as_view(), name="quiz_question"),
    path("quizzes/<int:pk>/remove/", views.QuizQuestionRemove.as_view(), name="quiz_remove"),
    path("quizzes/<int:pk>/<slug:move>/", views.QuizMove.as_view(), name="quiz_move"),
    path("shifts/", views.ShiftList.as_view(), name="shiftassignment_list"),
    path("shifts/new/", views.ShiftCreate.as_view(), name="shiftassignment_create"),
    path("shifts/<int:pk>/cancel/", views.ShiftCancel.as_view(), name="shiftassignment_cancel"),
    path("signing-policies/", views.SigningPolicyList.as_view(), name="signingpolicy_list"),
    path("signing-policies/set/", views.SigningPolicyCreate.as_view(), name="signingpolicy_create"),
    path("compliance/", views.TrainingCompliance.as_view(), name="compliance"),
    path("people/<int:pk>/", views.PersonDetail.as_view(), name="person_detail"),
    path("people/<int:pk>/print/", views.PersonPrint.as_view(), name="person_print"),
    path("revisions/<int:pk>/staffing/", views.DocumentRevisionStaffing.as_view(), name="documentrevision_staffing"),
]
