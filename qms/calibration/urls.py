from django.urls import path

from qms.calibration import views

app_name = "qms_calibration"

GAUGE = "gauges/<int:pk>/"
ONE = "calibrations/<int:pk>/"
urlpatterns = [
    path("", views.Overview.as_view(), name="overview"),
    path("gauges/", views.CalibrationPlanList.as_view(), name="calibrationplan_list"),
    path("gauges/new/", views.CalibrationPlanCreate.as_view(), name="calibrationplan_create"),
    path(GAUGE, views.CalibrationPlanDetail.as_view(), name="calibrationplan_detail"),
    path(f"{GAUGE}change/", views.CalibrationPlanChange.as_view(), name="calibrationplan_change"),
    path(f"{GAUGE}calibrate/", views.CalibrationRequest.as_view(), name="calibrationrecord_create"),
    path(f"{GAUGE}values/", views.GaugeValues.as_view(), name="calibrationplan_values"),
    path(f"{GAUGE}points/new/", views.PointCreate.as_view(), name="calibrationpoint_create"),
    path(f"{GAUGE}standards/new/", views.PlannedStandardCreate.as_view(), name="plannedstandard_create"),
    path(f"{GAUGE}<slug:move>/", views.CalibrationPlanMove.as_view(), name="calibrationplan_move"),
    path("points/<int:pk>/change/", views.PointChange.as_view(), name="calibrationpoint_change"),
    path("points/<int:pk>/remove/", views.PointRemove.as_view(), name="calibrationpoint_remove"),
    path("standards/<int:pk>/remove/", views.PlannedStandardRemove.as_view(), name="plannedstandard_remove"),
    path("calibrations/", views.CalibrationRecordList.as_view(), name="calibrationrecord_list"),
    path(ONE, views.CalibrationRecordDetail.as_view(), name="calibrationrecord_detail"),
    path(f"{ONE}readings/", views.Readings.as_view(), name="calibrationrecord_readings"),
    path(f"{ONE}standard/", views.UseStandard.as_view(), name="calibrationrecord_standard"),
    path(f"{ONE}describe/", views.Describe.as_view(), name="calibrationrecord_describe"),
    path(f"{ONE}attach/", views.CertificateAttach.as_view(), name="calibrationrecord_attach"),
    path(f"{ONE}finish/", views.Finish.as_view(), name="calibrationrecord_finish"),
    path(f"{ONE}look-back/", views.LookBack.as_view(), name="calibrationrecord_look_back"),
    path(f"{ONE}answer-values/", views.ValuesAnswer.as_view(), name="calibrationrecord_answer"),
    path(f"{ONE}certificate/", views.CertificateSeal.as_view(), name="calibrationrecord_certificate"),
    path(f"{ONE}close/", views.CalibrationRecordClose.as_view(), name="calibrationrecord_close"),
    path(f"{ONE}<slug:move>/", views.CalibrationRecordMove.as_view(), name="calibrationrecord_move"),
]
