from django.urls import path

from qms.nonconformance import views

app_name = "qms_nonconformance"

urlpatterns = [
    path("nonconformances/", views.NonConformanceList.as_view(), name="nonconformance_list"),
    path("nonconformances/new/", views.NonConformanceRaise.as_view(), name="nonconformance_create"),
    path("nonconformances/<int:pk>/", views.NonConformanceDetail.as_view(), name="nonconformance_detail"),
    path("nonconformances/<int:pk>/open/", views.Triage.as_view(), name="nonconformance_open"),
    path("nonconformances/<int:pk>/recurrence/", views.RecurrenceAnswer.as_view(), name="nonconformance_recurrence"),
    path("nonconformances/<int:pk>/cause/", views.CauseState.as_view(), name="nonconformance_cause"),
    path("nonconformances/<int:pk>/photo/", views.PhotoAdd.as_view(), name="nonconformance_photo"),
    path("nonconformances/<int:pk>/items/new/", views.AffectedItemAdd.as_view(), name="affecteditem_create"),
    path("nonconformances/<int:pk>/propose/", views.DispositionPropose.as_view(), name="nonconformance_propose"),
    path("nonconformances/<int:pk>/sign/", views.DispositionsSign.as_view(), name="nonconformance_sign"),
    path("nonconformances/<int:pk>/<slug:move>/", views.NonConformanceMove.as_view(), name="nonconformance_move"),
    path("items/<int:pk>/count/", views.AffectedItemCount.as_view(), name="affecteditem_count"),
    path("dispositions/<int:pk>/<slug:move>/", views.DispositionMove.as_view(), name="disposition_move"),
    path("codes/", views.DefectCodeList.as_view(), name="defectcode_list"),
    path("codes/new/", views.DefectCodeForms.as_view(), name="defectcode_create"),
    path("codes/<int:pk>/change/", views.DefectCodeForms.as_view(), name="defectcode_change"),
]
