"""Addresses of documents."""

from django.urls import path

from qms.documents import views

app_name = "qms_documents"

urlpatterns = [
    path("documents/", views.DocumentList.as_view(), name="document_list"),
    path("documents/new/", views.DocumentCreate.as_view(), name="document_create"),
    path("documents/<int:pk>/", views.DocumentDetail.as_view(), name="document_detail"),
    path("documents/<int:pk>/revise/", views.DocumentRevisionCreate.as_view(), name="documentrevision_create"),
    path("revisions/<int:pk>/", views.DocumentRevisionDetail.as_view(), name="documentrevision_detail"),
    path("revisions/<int:pk>/change/", views.DocumentRevisionChange.as_view(), name="documentrevision_change"),
    path("revisions/<int:pk>/schedule/", views.DocumentRevisionSchedule.as_view(), name="documentrevision_schedule"),
    path("revisions/<int:pk>/<slug:move>/", views.DocumentRevisionMove.as_view(), name="documentrevision_move"),
]
