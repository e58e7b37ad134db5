"""The API of curricula and qualifications."""

from __future__ import annotations

from core.web.api import deed, moves, records
from qms.training import views

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
]
