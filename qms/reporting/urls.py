"""Addresses of trends, key figures and reports, below /qms/reporting/."""

from django.urls import path

from qms.reporting.views import analysis, figures, reports, rules

app_name = "qms_reporting"
urlpatterns = [
    path("nonconformances/", analysis.Analysis.as_view(), name="analysis"),
    path("figures/", figures.KeyFigures.as_view(), name="figures"),
    path("rules/", rules.RuleList.as_view(), name="trendrule_list"),
    path("rules/new/", rules.RuleForms.as_view(), name="trendrule_create"),
    path("rules/<int:pk>/", rules.RuleDetail.as_view(), name="trendrule_detail"),
    path("rules/<int:pk>/change/", rules.RuleForms.as_view(), name="trendrule_change"),
    path("alarms/", rules.AlarmList.as_view(), name="trendalarm_list"),
    path("alarms/<int:pk>/", rules.AlarmDetail.as_view(), name="trendalarm_detail"),
    path("reports/", reports.RunList.as_view(), name="reportrun_list"),
    path("reports/<int:pk>/", reports.RunDetail.as_view(), name="reportrun_detail"),
    path("reports/<int:pk>/read/", reports.RunRead.as_view(), name="reportrun_read"),
    path("schedules/", reports.ScheduleList.as_view(), name="reportschedule_list"),
    path("schedules/new/", reports.ScheduleForms.as_view(), name="reportschedule_create"),
    path("schedules/<int:pk>/", reports.ScheduleDetail.as_view(), name="reportschedule_detail"),
    path("schedules/<int:pk>/change/", reports.ScheduleForms.as_view(), name="reportschedule_change"),
    path("schedules/<int:pk>/follow/", reports.ScheduleFollow.as_view(), name="reportschedule_follow"),
    path("schedules/<int:pk>/subscribe/", reports.ScheduleSubscribe.as_view(), name="reportschedule_subscribe"),
    path("subscriptions/<int:pk>/end/", reports.Unsubscribe.as_view(), name="reportsubscription_end"),
]
