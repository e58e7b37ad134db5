"""The API of documents and their revisions."""

from __future__ import annotations

from core.web.api import deed, moves, records
from qms.documents import views
from qms.documents.models import DocumentRevision

urlpatterns = [
    *records("documents", name="document", list=views.DocumentList, detail=views.DocumentDetail),
    deed("documents/new/", views.DocumentCreate, name="document_create", returns=DocumentRevision, status=201),
    deed(
        "documents/<int:pk>/revise/",
        views.DocumentRevisionCreate,
        name="documentrevision_create",
        returns=DocumentRevision,
        status=201,
    ),
    *records(
        "revisions",
        name="documentrevision",
        detail=views.DocumentRevisionDetail,
        change=views.DocumentRevisionChange,
    ),
    deed("revisions/<int:pk>/schedule/", views.DocumentRevisionSchedule, name="documentrevision_schedule"),
    *moves("revisions/<int:pk>/", views.DocumentRevisionMove, name="documentrevision"),
]
