"""The API of work that is asked for."""

from __future__ import annotations

from core.web.api import deed
from core.worklist import views

urlpatterns = [
    deed("assignments/<int:pk>/reschedule/", views.AssignmentReschedule, name="assignment_reschedule"),
]
