from django.urls import path

from core.worklist import views

app_name = "core_worklist"

urlpatterns = [
    path("inbox/", views.Inbox.as_view(), name="assignment_inbox"),
    path("assignments/<int:pk>/reassign/", views.AssignmentReassign.as_view(), name="assignment_reassign"),
    path("assignments/<int:pk>/reschedule/", views.AssignmentReschedule.as_view(), name="assignment_reschedule"),
    path("assignments/delegate/", views.AssignmentDelegate.as_view(), name="assignment_delegate"),
    path("notifications/read/", views.NotificationsRead.as_view(), name="notification_read"),
    path("comments/<int:kind>/<int:pk>/", views.CommentCreate.as_view(), name="comment_create"),
    path("filters/new/", views.SavedFilterCreate.as_view(), name="savedfilter_create"),
    path("filters/<int:pk>/remove/", views.SavedFilterRemove.as_view(), name="savedfilter_remove"),
    path("rules/", views.EscalationRuleList.as_view(), name="escalationrule_list"),
    path("rules/new/", views.EscalationRuleForms.as_view(), name="escalationrule_create"),
    path("rules/<int:pk>/change/", views.EscalationRuleForms.as_view(), name="escalationrule_change"),
]
