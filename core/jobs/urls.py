"""Addresses of background work."""

from django.urls import path

from core.jobs import views

app_name = "core_jobs"

urlpatterns = [
    path("jobs/", views.BackgroundJobList.as_view(), name="backgroundjob_list"),
    path("jobs/<int:pk>/", views.BackgroundJobDetail.as_view(), name="backgroundjob_detail"),
    path("jobs/<int:pk>/cancel/", views.BackgroundJobCancel.as_view(), name="backgroundjob_cancel"),
    path("jobs/<int:pk>/result/", views.BackgroundJobResult.as_view(), name="backgroundjob_result"),
]
