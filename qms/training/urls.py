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
]
