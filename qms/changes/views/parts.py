"""Assessments, approvals and tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.web.markup import Text
from core.web.views import Action, DetailPage, Fact, FormPage, MovePage, Related
from qms.changes import services
from qms.changes.forms import AssessForm, AssessorForm, DependencyForm, TaskForm
from qms.changes.lifecycle import ASSESS, MANAGE, PERFORM, VIEW, WORKING
from qms.changes.models import ChangeApproval, ChangeOrder, ChangeTask, ImpactAssessment, TaskDependency
from qms.changes.queries import people_for, tasks_of
from qms.changes.views.deeds import ChangeDeed


class PartPage:
    """What the pages of a part share: the change that it belongs to."""

    record: Any
    list_url_name = "qms_changes:changeorder_list"

    def number(self) -> str:
        return str(self.record.change.number)

    def site(self) -> Any:
        return self.record.change.site


class AssessmentPage(PartPage, MovePage):
    """A deed on an assessment."""

    model, permission = ImpactAssessment, VIEW

    def get_queryset(self) -> QuerySet[Any]:
        return ImpactAssessment.objects.select_related("change__site", "change__change_type", "owner")

    def covered(self) -> Sequence[Fact]:
        change = self.record.change
        return [
            Fact(_("Function"), self.record.get_function_display()),
            Fact(_("What changes"), change.description),
            Fact(_("Why"), change.justification),
            *(
                Fact(item.get_action_display(), item)
                for item in change.items.order_by("pk")
            ),
        ]  # fmt: skip


class AssessmentReview(AssessmentPage):
    """Say what the change means for a function, and sign."""

    move = "review"
    form_class = AssessForm

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.record.answer or None, "rationale": self.record.rationale}

    def blockers(self) -> Sequence[Any]:
        """What is answered on this page does not stand against it."""
        return [blocker for blocker in super().blockers() if blocker.code != "no_answer"]


class AssessmentMove(AssessmentPage):
    """Ask a function again."""


class AssessmentOwner(AssessmentPage):
    """Name who is asked for a function."""

    title = label = _("Name who is asked")
    deed_permission = MANAGE
    form_class = AssessorForm

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.record.owner_id}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_for(ASSESS, self.record.change.site)}

    def deed(self, form: Any) -> ImpactAssessment:
        return services.name_assessor(assessment=self.record, owner=form.cleaned_data["owner"], actor=self.request.user)


class ApprovalMove(PartPage, MovePage):
    """Sign the plan for one function."""

    model, permission = ChangeApproval, VIEW

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeApproval.objects.select_related("change__site")

    def covered(self) -> Sequence[Fact]:
        change = self.record.change
        return [
            Fact(_("Function"), self.record.get_function_display()),
            Fact(_("What changes"), change.description),
            *(Fact(item.get_action_display(), item) for item in change.items.order_by("pk")),
            *(
                Fact(one.get_function_display(), f"{one.get_answer_display()}: {one.rationale}")
                for one in change.assessments.exclude(status="dropped").order_by("pk")
            ),
            *(Fact(_("Task"), f"{one.title} · {one.owner}") for one in tasks_of(change)),
        ]


class TaskAdd(ChangeDeed):
    """Add something to be done for a change."""

    title = _("Add a task")
    label = _("Add")
    deed_permission = MANAGE
    form_class = TaskForm
    tab = "tasks"

    def get_form_kwargs(self) -> dict[str, Any]:
        change: ChangeOrder = self.record
        tasks = change.tasks.exclude(status="cancelled").order_by("pk")
        return {**super().get_form_kwargs(), "people": people_for(PERFORM, change.site), "tasks": tasks}

    def deed(self, form: Any) -> ChangeTask:
        return services.add_task(change=self.record, actor=self.request.user, **form.cleaned_data)


class TaskDetail(PartPage, DetailPage):
    """One task: what is to be done, by whom, after what."""

    model, permission = ChangeTask, VIEW
    template_name = "qms/changes/changetask_detail.html"
    timeline_later = True
    stepper_path = ("open", "in_progress", "done", "accepted")

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeTask.objects.select_related("change__site", "owner")

    def due_at(self) -> Any:
        return self.record.due_at if self.record.status in ("open", "in_progress") else None

    def facts(self) -> Sequence[Fact]:
        facts = [
            Fact(_("Change"), self.record.change, self.record.change.get_absolute_url()),
            Fact(_("Owner"), self.record.owner),
        ]
        if self.record.description:
            facts.append(Fact(_("Description"), self.record.description, wide=True))
        return facts

    def actions(self) -> Sequence[Action]:
        if self.record.status != "open" or self.record.change.status not in WORKING:
            return ()
        pk = self.record.pk
        return [
            Action(_("Change"), reverse("qms_changes:changetask_change", args=[pk]), "pencil", MANAGE),
            Action(_("Set its order"), reverse("qms_changes:taskdependency_create", args=[pk]), "git-branch", MANAGE),
        ]

    def related(self) -> Sequence[Related]:
        needed = self.record.needs.select_related("needed").order_by("pk")
        following = self.record.needed_by.select_related("task").order_by("pk")
        return [
            *(Related(one.needed, one.needed.get_absolute_url(), _("comes before")) for one in needed),
            *(Related(one.task, one.task.get_absolute_url(), _("follows")) for one in following),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        can = bool(self.actions())
        needs = list(self.record.needs.select_related("needed").order_by("pk")) if can else []
        return super().context(needs=needs, **more)


class TaskMove(PartPage, MovePage):
    """A move of a task."""

    model, permission = ChangeTask, VIEW

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeTask.objects.select_related("change__site", "owner")

    def covered(self) -> Sequence[Fact]:
        return [Fact(_("Description"), self.record.description), Fact(_("Owner"), self.record.owner)]


class TaskChange(PartPage, FormPage):
    """Change a task that nobody has begun."""

    model, permission, form_class = ChangeTask, MANAGE, TaskForm
    change_needs_reason = False

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeTask.objects.select_related("change__site", "owner")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in ("title", "description", "owner", "due_at")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_for(PERFORM, self.record.change.site)}

    def crumbs(self) -> list[tuple[Text, str]]:
        change, task = self.record.change, self.record
        return [
            (change.number, change.get_absolute_url()), (str(task), task.get_absolute_url()), (self.page_title(), ""),
        ]  # fmt: skip

    def deed(self, form: Any) -> ChangeTask:
        return services.change_task(task=self.record, actor=self.request.user, **form.cleaned_data)


class DependencyAdd(PartPage, MovePage):
    """Say which task comes before this one."""

    model, permission = ChangeTask, VIEW
    title = _("Set its order")
    label = _("It begins after this task")
    deed_permission = MANAGE
    form_class = DependencyForm

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeTask.objects.select_related("change__site")

    def get_form_kwargs(self) -> dict[str, Any]:
        others = self.record.change.tasks.exclude(pk=self.record.pk).exclude(status="cancelled").order_by("pk")
        return {**super().get_form_kwargs(), "tasks": others}

    def deed(self, form: Any) -> ChangeTask:
        return services.add_dependency(task=self.record, needed=form.cleaned_data["needed"], actor=self.request.user)


class DependencyRemove(MovePage):
    """Let a task begin without waiting for another one."""

    model, permission = TaskDependency, VIEW
    title = label = _("Let it begin without waiting")
    deed_permission = MANAGE
    list_url_name = "qms_changes:changeorder_list"

    def get_queryset(self) -> QuerySet[Any]:
        return TaskDependency.objects.select_related("task__change__site", "needed")

    def record_url(self) -> str:
        return str(self.record.task.get_absolute_url())

    def deed(self, form: Any) -> ChangeTask:
        return services.remove_dependency(
            dependency=self.record, actor=self.request.user, reason=form.cleaned_data["reason"]
        )
