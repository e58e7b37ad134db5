"""The API of background work: how far it is, its end, the file that it left."""

from __future__ import annotations

from core.jobs import views
from core.web.api import deed, download, records

urlpatterns = [
    *records("jobs", name="backgroundjob", list=views.BackgroundJobList, detail=views.BackgroundJobDetail),
    deed("jobs/<int:pk>/cancel/", views.BackgroundJobCancel, name="backgroundjob_cancel"),
    download("jobs/<int:pk>/result/", views.BackgroundJobResult, name="backgroundjob_result"),
]
