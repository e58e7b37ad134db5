"""What a change affects, what each function says, who approved it, what is done, what becomes of open orders."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import SubjectRefMixin, TrailedModel
from qms.changes.lifecycle import CHANGE_APPROVAL, CHANGE_TASK, IMPACT_ASSESSMENT, VIEW
from qms.changes.models.configuration import Function
from qms.changes.models.orders import ChangeOrder


class ChangeSuggestion(SubjectRefMixin, TrailedModel):
    """Something that the records say a change may affect; somebody accepts or declines it, with a reason."""

    view_permission = VIEW
    scope_path = "change"

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        ROUTING = "routing", _("Routing")
        BOM = "bom", _("Bill of material")
        MATERIAL = "material", _("Material")
        ORDER = "order", _("Open order")
        STOCK = "stock", _("Stock")
        SUPPLIER = "supplier", _("Supplier")
        TRAINING = "training", _("Training")
        RISK = "risk", _("Risk")

    class Answer(models.TextChoices):
        OPEN = "", _("Not answered")
        ACCEPTED = "accepted", _("Affected")
        DECLINED = "declined", _("Not affected")

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="suggestions")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    why = models.CharField(_("why it may be affected"), max_length=300)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices, blank=True, default="")
    reason = models.TextField(_("reason"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ("kind", "id")
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = (
            models.UniqueConstraint(
                fields=["change", "subject_type", "subject_id"], name="uq_changesuggestion_subject"
            ),
            models.CheckConstraint(
                name="ck_changesuggestion_answer",
                condition=Q(answer="", answered_by__isnull=True) | (~Q(answer="") & Q(answered_by__isnull=False)),
            ),
            models.CheckConstraint(name="ck_changesuggestion_reason", condition=~Q(answer="declined") | ~Q(reason="")),
        )

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return f"{self.change.get_absolute_url()}?tab=items"


class ImpactAssessment(TrailedModel):
    """What a change means for one function of the plant, signed by whoever speaks for it.

    `scope_digest` is what the change was when it was assessed; another change since is assessed again.
    """

    view_permission = VIEW
    scope_path = "change"
    lifecycle = IMPACT_ASSESSMENT
    closure = Closure(
        covers=("change", "function", "answer", "rationale", "scope_digest"),
        ignores={"status": "moves have their own signatures", "owner": "who is asked is no answer"},
    )

    class Answer(models.TextChoices):
        OPEN = "", _("Not answered")
        AFFECTED = "affected", _("Affected")
        NOT_AFFECTED = "not_affected", _("Not affected")

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="assessments")
    function = models.CharField(_("function"), max_length=16, choices=Function.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    status = IMPACT_ASSESSMENT.field()
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices, blank=True, default="")
    rationale = models.TextField(_("what it means, or why it means nothing"), blank=True)
    scope_digest = models.CharField(_("digest of the assessed change"), max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("impact assessment")
        verbose_name_plural = _("impact assessments")
        constraints = (models.UniqueConstraint(fields=["change", "function"], name="uq_impactassessment_function"),)

    def __str__(self) -> str:
        return f"{self.change.number} · {self.get_function_display()}"

    def get_absolute_url(self) -> str:
        return f"{self.change.get_absolute_url()}?tab=assessments"


class ChangeApproval(TrailedModel):
    """The approval of a plan by one function; `plan_digest` is the plan that was signed."""

    view_permission = VIEW
    scope_path = "change"
    lifecycle = CHANGE_APPROVAL
    closure = Closure(
        covers=("change", "function", "round", "plan_digest"), ignores={"status": "moves have their own signatures"}
    )

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="approvals")
    function = models.CharField(_("function"), max_length=16, choices=Function.choices)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    status = CHANGE_APPROVAL.field()
    plan_digest = models.CharField(_("digest of the plan"), max_length=64, editable=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("approval of a change")
        verbose_name_plural = _("approvals of changes")
        constraints = (models.UniqueConstraint(fields=["change", "function", "round"], name="uq_changeapproval_round"),)

    def __str__(self) -> str:
        return f"{self.change.number} · {self.get_function_display()}"

    def get_absolute_url(self) -> str:
        return f"{self.change.get_absolute_url()}?tab=assessments"


class ChangeTask(TrailedModel):
    """Something that is done for a change before its release, by one person, accepted by another."""

    view_permission = VIEW
    scope_path = "change"
    lifecycle = CHANGE_TASK
    closure = Closure(
        covers=("change", "title", "description", "owner"),
        ignores={
            "status": "moves have their own signatures",
            "due_at": "a date of the work",
            "needs": "in which order things are done is no statement about what was done",
            "needed_by": "in which order things are done is no statement about what was done",
        },
    )

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    status = CHANGE_TASK.field()

    class Meta:
        ordering = ("id",)
        verbose_name = _("task of a change")
        verbose_name_plural = _("tasks of changes")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("qms_changes:changetask_detail", args=[self.pk])


class TaskDependency(TrailedModel):
    """A task begins only when another one is accepted."""

    view_permission = VIEW
    scope_path = "task"
    closure = Closure(covers=("task", "needed"))

    task = models.ForeignKey(ChangeTask, on_delete=models.PROTECT, related_name="needs")
    needed = models.ForeignKey(ChangeTask, verbose_name=_("after"), on_delete=models.PROTECT, related_name="needed_by")

    class Meta:
        ordering = ("id",)
        verbose_name = _("dependency of a task")
        verbose_name_plural = _("dependencies of tasks")
        constraints = (
            models.UniqueConstraint(fields=["task", "needed"], name="uq_taskdependency"),
            models.CheckConstraint(name="ck_taskdependency_other", condition=~Q(task=F("needed"))),
        )

    def __str__(self) -> str:
        return f"{self.task} ← {self.needed}"


class WipDecision(SubjectRefMixin, TrailedModel):
    """What becomes of one open order when the change is released. The subject is the order."""

    view_permission = VIEW
    scope_path = "change"
    closure = Closure(
        covers=("subject_type", "subject_id", "decision", "from_sequence", "reason"),
        ignores={
            "change": "the parent that takes this row along",
            "subject_label": "the number of the order; its kind and id are covered",
            "decided_by": "the trail says who wrote it",
            "applied_at": "set by the release",
        },
    )

    class Decision(models.TextChoices):
        FINISH = "finish", _("Finish on the old revision")
        MIGRATE = "migrate", _("Go over to the new one at an operation")
        HOLD = "hold", _("Hold")
        SCRAP = "scrap", _("Scrap")

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="wip_decisions")
    decision = models.CharField(_("decision"), max_length=12, choices=Decision.choices)
    from_sequence = models.PositiveIntegerField(_("from operation"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField(_("carried out"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("decision about an open order")
        verbose_name_plural = _("decisions about open orders")
        constraints = (
            models.UniqueConstraint(fields=["change", "subject_type", "subject_id"], name="uq_wipdecision_subject"),
            models.CheckConstraint(
                name="ck_wipdecision_sequence", condition=Q(decision="migrate") | Q(from_sequence__isnull=True)
            ),
        )
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_wipdecision_subject"),)

    def __str__(self) -> str:
        return f"{self.subject_label}: {self.get_decision_display()}"

    def get_absolute_url(self) -> str:
        return f"{self.change.get_absolute_url()}?tab=orders"
