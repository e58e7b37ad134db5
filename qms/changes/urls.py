"""Addresses of changes."""

from django.urls import path

from qms.changes import views

app_name = "qms_changes"

urlpatterns = [
    path("changes/", views.ChangeOrderList.as_view(), name="changeorder_list"),
    path("changes/new/", views.ChangeOrderRaise.as_view(), name="changeorder_create"),
    path("changes/board/", views.ChangeBoard.as_view(), name="board"),
    path("changes/calendar/", views.ChangeCalendar.as_view(), name="calendar"),
    path("changes/figures/", views.ChangeDashboard.as_view(), name="dashboard"),
    path("changes/<int:pk>/", views.ChangeOrderDetail.as_view(), name="changeorder_detail"),
    path("changes/<int:pk>/change/", views.ChangeOrderChange.as_view(), name="changeorder_change"),
    path("changes/<int:pk>/preview/", views.ChangePreview.as_view(), name="changeorder_preview"),
    path("changes/<int:pk>/schedule/", views.ReleasePlan.as_view(), name="changeorder_schedule"),
    path("changes/<int:pk>/extend/", views.ChangeExtend.as_view(), name="changeorder_extend"),
    path("changes/<int:pk>/print/", views.ChangePrint.as_view(), name="changeorder_print"),
    path("changes/<int:pk>/items/new/", views.ItemAdd.as_view(), name="changeitem_create"),
    path("changes/<int:pk>/risks/new/", views.RiskName.as_view(), name="changerisk_create"),
    path("changes/<int:pk>/configuration/", views.ScopesSet.as_view(), name="changeorder_scopes"),
    path("changes/<int:pk>/look-up/", views.LookUp.as_view(), name="changeorder_look_up"),
    path("changes/<int:pk>/answer/", views.SuggestionAnswer.as_view(), name="changeorder_answer"),
    path("changes/<int:pk>/orders/", views.OrderDecide.as_view(), name="changeorder_decide"),
    path("changes/<int:pk>/tasks/new/", views.TaskAdd.as_view(), name="changetask_create"),
    path("changes/<int:pk>/<slug:move>/", views.ChangeMove.as_view(), name="changeorder_move"),
    path("items/<int:pk>/name/", views.ItemName.as_view(), name="changeitem_name"),
    path("items/<int:pk>/remove/", views.ItemRemove.as_view(), name="changeitem_remove"),
    path("risks/<int:pk>/remove/", views.RiskUnname.as_view(), name="changerisk_remove"),
    path("assessments/<int:pk>/owner/", views.AssessmentOwner.as_view(), name="impactassessment_owner"),
    path("assessments/<int:pk>/review/", views.AssessmentReview.as_view(), name="impactassessment_review"),
    path("assessments/<int:pk>/<slug:move>/", views.AssessmentMove.as_view(), name="impactassessment_move"),
    path("approvals/<int:pk>/<slug:move>/", views.ApprovalMove.as_view(), name="changeapproval_move"),
    path("tasks/<int:pk>/", views.TaskDetail.as_view(), name="changetask_detail"),
    path("tasks/<int:pk>/change/", views.TaskChange.as_view(), name="changetask_change"),
    path("tasks/<int:pk>/order/", views.DependencyAdd.as_view(), name="taskdependency_create"),
    path("tasks/<int:pk>/<slug:move>/", views.TaskMove.as_view(), name="changetask_move"),
    path("dependencies/<int:pk>/remove/", views.DependencyRemove.as_view(), name="taskdependency_remove"),
    path("types/", views.ChangeTypeList.as_view(), name="changetype_list"),
    path("types/new/", views.ChangeTypeForms.as_view(), name="changetype_create"),
    path("types/<int:pk>/change/", views.ChangeTypeForms.as_view(), name="changetype_change"),
    path("policies/", views.ChangePolicyList.as_view(), name="changepolicy_list"),
    path("policies/new/", views.ChangePolicyForms.as_view(), name="changepolicy_create"),
    path("policies/<int:pk>/change/", views.ChangePolicyForms.as_view(), name="changepolicy_change"),
    path("configuration/", views.ConfigurationSwitch.as_view(), name="configuration"),
]
