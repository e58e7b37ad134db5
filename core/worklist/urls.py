from django.urls import path

from core.worklist import views
from core.worklist.views import ladders, standing_in, telling

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
    path("rules/", ladders.EscalationRuleList.as_view(), name="escalationrule_list"),
    path("rules/new/", ladders.EscalationRuleForms.as_view(), name="escalationrule_create"),
    path("rules/<int:pk>/change/", ladders.EscalationRuleForms.as_view(), name="escalationrule_change"),
    path("rules/<int:pk>/preview/", ladders.EscalationRulePreview.as_view(), name="escalationrule_preview"),
    path("mail/", telling.MailChange.as_view(), name="mailpreference_change"),
    path("watches/", telling.WatchList.as_view(), name="watch_list"),
    path("watches/<int:kind>/<int:pk>/", telling.WatchChange.as_view(), name="watch_change"),
    path("delegations/", standing_in.DelegationList.as_view(), name="delegation_list"),
    path("delegations/new/", standing_in.DelegationCreate.as_view(), name="delegation_create"),
    path("delegations/<int:pk>/end/", standing_in.DelegationEnd.as_view(), name="delegation_end"),
]
