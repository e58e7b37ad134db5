"""The API of changes."""

from __future__ import annotations

from typing import Any

from core.jobs.models import BackgroundJob
from core.web.api import Reading, deed, moves, reading, records
from qms.changes import views
from qms.changes.models import (
    ChangeApproval,
    ChangeItem,
    ChangeOrder,
    ChangeRelease,
    ChangeRisk,
    ChangeSuggestion,
    ChangeTask,
    ConfigurationControl,
    ConfigurationEdit,
    ImpactAssessment,
    WipDecision,
)
from qms.changes.serializers import (
    ChangeApprovalShape,
    ChangeItemShape,
    ChangeReleaseShape,
    ChangeRiskShape,
    ChangeSuggestionShape,
    ChangeTaskShape,
    ConfigurationEditShape,
    ImpactAssessmentShape,
    WipDecisionShape,
)


class Items(Reading):
    """What a change revises, brings and ends."""

    page, shape = views.ChangeOrderDetail, ChangeItemShape

    def read(self, page: Any) -> list[ChangeItem]:
        return list(page.record.items.order_by("pk"))


class Suggestions(Reading):
    """What a change may affect, and the answers."""

    page, shape = views.ChangeOrderDetail, ChangeSuggestionShape

    def read(self, page: Any) -> list[ChangeSuggestion]:
        return list(page.record.suggestions.order_by("pk"))


class Risks(Reading):
    """Which risk assessments are looked at because of a change."""

    page, shape = views.ChangeOrderDetail, ChangeRiskShape

    def read(self, page: Any) -> list[ChangeRisk]:
        return list(page.record.risks.order_by("pk"))


class Assessments(Reading):
    """What each function says."""

    page, shape = views.ChangeOrderDetail, ImpactAssessmentShape

    def read(self, page: Any) -> list[ImpactAssessment]:
        return list(page.record.assessments.order_by("pk"))


class Approvals(Reading):
    """Who approved which plan."""

    page, shape = views.ChangeOrderDetail, ChangeApprovalShape

    def read(self, page: Any) -> list[ChangeApproval]:
        return list(page.record.approvals.order_by("pk"))


class Tasks(Reading):
    """What is done for a change."""

    page, shape = views.ChangeOrderDetail, ChangeTaskShape

    def read(self, page: Any) -> list[ChangeTask]:
        return list(page.record.tasks.order_by("pk"))


class Orders(Reading):
    """What is decided about open orders."""

    page, shape = views.ChangeOrderDetail, WipDecisionShape

    def read(self, page: Any) -> list[WipDecision]:
        return list(page.record.wip_decisions.order_by("pk"))


class Releases(Reading):
    """What became effective, and what returned."""

    page, shape = views.ChangeOrderDetail, ChangeReleaseShape

    def read(self, page: Any) -> list[ChangeRelease]:
        return list(page.record.releases.order_by("pk"))


class Edits(Reading):
    """What a change altered in the configuration."""

    page, shape = views.ChangeOrderDetail, ConfigurationEditShape

    def read(self, page: Any) -> list[ConfigurationEdit]:
        return list(page.record.edits.order_by("pk"))


ONE = "changes/<int:pk>/"
urlpatterns = [
    *records(
        "changes",
        name="changeorder",
        list=views.ChangeOrderList,
        create=views.ChangeOrderRaise,
        detail=views.ChangeOrderDetail,
        change=views.ChangeOrderChange,
    ),
    reading(f"{ONE}items/", Items, name="changeitem_list"),
    reading(f"{ONE}suggestions/", Suggestions, name="changesuggestion_list"),
    reading(f"{ONE}risks/", Risks, name="changerisk_list"),
    reading(f"{ONE}assessments/", Assessments, name="impactassessment_list"),
    reading(f"{ONE}approvals/", Approvals, name="changeapproval_list"),
    reading(f"{ONE}tasks/", Tasks, name="changetask_list"),
    reading(f"{ONE}orders/", Orders, name="wipdecision_list"),
    reading(f"{ONE}releases/", Releases, name="changerelease_list"),
    reading(f"{ONE}edits/", Edits, name="configurationedit_list"),
    deed(f"{ONE}items/new/", views.ItemAdd, name="changeitem_create", returns=ChangeItem, status=201),
    deed(f"{ONE}risks/new/", views.RiskName, name="changerisk_create", returns=ChangeRisk, status=201),
    deed(f"{ONE}configuration/", views.ScopesSet, name="changeorder_scopes"),
    deed(f"{ONE}look-up/", views.LookUp, name="changeorder_look_up"),
    deed(f"{ONE}answer/", views.SuggestionAnswer, name="changeorder_answer"),
    deed(f"{ONE}orders/decide/", views.OrderDecide, name="changeorder_decide"),
    deed(f"{ONE}tasks/new/", views.TaskAdd, name="changetask_create", returns=ChangeTask, status=201),
    deed(f"{ONE}schedule/", views.ReleasePlan, name="changeorder_schedule"),
    deed(f"{ONE}extend/", views.ChangeExtend, name="changeorder_extend"),
    deed(f"{ONE}print/", views.ChangePrint, name="changeorder_print", returns=BackgroundJob),
    *moves(ONE, views.ChangeMove, name="changeorder"),
    deed("items/<int:pk>/name/", views.ItemName, name="changeitem_name"),
    deed("items/<int:pk>/remove/", views.ItemRemove, name="changeitem_remove", returns=ChangeOrder),
    deed("risks/<int:pk>/remove/", views.RiskUnname, name="changerisk_remove", returns=ChangeOrder),
    deed("assessments/<int:pk>/owner/", views.AssessmentOwner, name="impactassessment_owner"),
    deed("assessments/<int:pk>/review/", views.AssessmentReview, name="impactassessment_review"),
    *moves("assessments/<int:pk>/", views.AssessmentMove, name="impactassessment", without=("review",)),
    *moves("approvals/<int:pk>/", views.ApprovalMove, name="changeapproval"),
    *records("tasks", name="changetask", detail=views.TaskDetail, change=views.TaskChange),
    deed("tasks/<int:pk>/order/", views.DependencyAdd, name="taskdependency_create"),
    *moves("tasks/<int:pk>/", views.TaskMove, name="changetask"),
    deed("dependencies/<int:pk>/remove/", views.DependencyRemove, name="taskdependency_remove", returns=ChangeTask),
    *records(
        "types",
        name="changetype",
        list=views.ChangeTypeList,
        create=views.ChangeTypeForms,
        change=views.ChangeTypeForms,
    ),
    *records(
        "policies",
        name="changepolicy",
        list=views.ChangePolicyList,
        create=views.ChangePolicyForms,
        change=views.ChangePolicyForms,
    ),
    deed("configuration/", views.ConfigurationSwitch, name="configuration", returns=ConfigurationControl),
]
