"""The API of disposals: proposed by one person, approved by the signature of another."""

from __future__ import annotations

from core.retention import views
from core.web.api import moves, records

urlpatterns = [
    *records(
        "disposals",
        name="disposal",
        list=views.DisposalList,
        create=views.DisposalCreate,
        detail=views.DisposalDetail,
    ),
    *moves("disposals/<int:pk>/", views.DisposalMove, name="disposal"),
]
