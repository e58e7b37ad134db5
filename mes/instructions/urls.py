"""Addresses of work instructions."""

from django.urls import path

from mes.instructions import views

app_name = "mes_instructions"

urlpatterns = [
    path("revisions/<int:pk>/begin/", views.WorkInstructionCreate.as_view(), name="workinstruction_create"),
    path("instructions/<int:pk>/", views.WorkInstructionDetail.as_view(), name="workinstruction_detail"),
    path("instructions/<int:pk>/build/", views.WorkInstructionBuild.as_view(), name="workinstruction_build"),
    path("instructions/<int:pk>/steps/new/", views.StepCreate.as_view(), name="instructionstep_create"),
    path("steps/<int:pk>/change/", views.StepChange.as_view(), name="instructionstep_change"),
    path("steps/<int:pk>/picture/", views.PictureCreate.as_view(), name="instructionpicture_create"),
    path("steps/<int:pk>/data-point/", views.DataPointCreate.as_view(), name="datapoint_create"),
    path("data-points/<int:pk>/change/", views.DataPointChange.as_view(), name="datapoint_change"),
]
