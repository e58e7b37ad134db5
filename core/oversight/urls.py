"""Addresses of those who watch over the system."""

from django.urls import path

from core.oversight import views

app_name = "core_oversight"

urlpatterns = [
    path("trail/", views.Trail.as_view(), name="trail"),
    path("trail/export/", views.TrailExport.as_view(), name="trail_export"),
    path("trail/exports/", views.TrailExportList.as_view(), name="trail_exports"),
    path("test-mail/", views.MailTest.as_view(), name="mail_test"),
    path("access-reviews/", views.AccessReviewList.as_view(), name="accessreview_list"),
    path("access-reviews/new/", views.AccessReviewOpen.as_view(), name="accessreview_create"),
    path("access-reviews/<int:pk>/", views.AccessReviewDetail.as_view(), name="accessreview_detail"),
    path("access-reviews/<int:pk>/decide/", views.AccessReviewDecide.as_view(), name="accessreview_decide"),
    path("access-reviews/<int:pk>/take-in/", views.AccessReviewTakeIn.as_view(), name="accessreview_take_in"),
    path("access-reviews/<int:pk>/<slug:move>/", views.AccessReviewMove.as_view(), name="accessreview_move"),
]
