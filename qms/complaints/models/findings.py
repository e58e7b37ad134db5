"""What people signed about a complaint on its way. Each is permanent; a later one takes its place and says why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel
from qms.complaints.models.codes import ComplaintCode
from qms.complaints.models.complaints import Complaint, Harm, IsComplaint
from qms.complaints.models.trees import DecisionTreeVersion
from traceability.models import Lot, Material, SerializedUnit

SEE = "qms_complaints.view_complaint"


class _Finding(FactModel):
    """Something signed in one cycle of a complaint."""

    scope_path = "complaint__site"
    view_permission = SEE

    cycle = models.PositiveIntegerField(_("cycle"), editable=False)

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return str(getattr(self, "complaint").get_absolute_url())  # noqa: B009 - each kind has it with its own name


class ComplaintAssessment(_Finding):
    """The triage: whether it is a complaint and why, and which product and lot it is about (signed)."""

    closure = Closure(
        covers=("complaint", "cycle", "is_complaint", "reason", "harm", "code", "material", "lot", "unit",
                "not_identified"),
    )  # fmt: skip

    complaint = models.ForeignKey(
        Complaint, verbose_name=_("complaint"), on_delete=models.PROTECT, related_name="assessments"
    )
    is_complaint = models.CharField(_("is it a complaint?"), max_length=3, choices=IsComplaint.choices[1:])
    reason = models.TextField(_("why"))
    harm = models.CharField(_("harm"), max_length=8, choices=Harm.choices)
    code = models.ForeignKey(
        ComplaintCode, verbose_name=_("event code"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    material = models.ForeignKey(
        Material, verbose_name=_("product"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit = models.ForeignKey(
        SerializedUnit, verbose_name=_("unit"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    not_identified = models.TextField(_("why product or lot is not identified"), blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("triage of a complaint")
        verbose_name_plural = _("triages of complaints")

    def __str__(self) -> str:
        return f"{self.complaint.number} · {self.get_is_complaint_display()}"


class ReportabilityDecision(_Finding):
    """Whether one decision tree makes a complaint reportable, by which answers, and until when (signed).

    `result` is what the tree said at its end, as it read then. There is one decision for each tree and cycle at a time;
    a correction supersedes it with a reason.
    """

    closure = Closure(
        covers=("complaint", "cycle", "tree_version", "answers", "result", "is_reportable", "aware_on", "due_on",
                "rationale", "supersedes", "reason"),
        ignores={
            "superseded_by": "a later decision, with its own signature",
            "reports": "what follows from the decision, with its own signatures",
        },
    )  # fmt: skip

    complaint = models.ForeignKey(
        Complaint, verbose_name=_("complaint"), on_delete=models.PROTECT, related_name="decisions"
    )
    tree_version = models.ForeignKey(
        DecisionTreeVersion, verbose_name=_("decision tree"), on_delete=models.PROTECT, related_name="decisions"
    )
    answers = models.JSONField(_("answers"), default=list)
    result = models.JSONField(_("result"), default=dict)
    is_reportable = models.BooleanField(_("reportable"))
    aware_on = models.DateField(_("clock runs from"))
    due_on = models.DateField(_("to be reported by"), null=True, blank=True)
    rationale = models.TextField(_("rationale"))
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )
    reason = models.TextField(_("why it is decided anew"), blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("decision about reporting")
        verbose_name_plural = _("decisions about reporting")
        constraints = (
            models.CheckConstraint(
                condition=Q(is_reportable=False) | Q(due_on__isnull=False), name="ck_repdecision_due"
            ),
            models.CheckConstraint(condition=Q(supersedes__isnull=True) | ~Q(reason=""), name="ck_repdecision_reason"),
        )

    def __str__(self) -> str:
        return f"{self.complaint.number} · {self.tree_version} · {self.result.get('title', '')}"


class InvestigationWaiver(_Finding):
    """Why a complaint is not investigated: the earlier investigation of a similar one, or another reason (signed)."""

    closure = Closure(covers=("complaint", "cycle", "similar_to", "reason"))

    complaint = models.ForeignKey(
        Complaint, verbose_name=_("complaint"), on_delete=models.PROTECT, related_name="waivers"
    )
    similar_to = models.ForeignKey(
        Complaint,
        verbose_name=_("investigated already with"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.TextField(_("justification"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("justification of no investigation")
        verbose_name_plural = _("justifications of no investigation")

    def __str__(self) -> str:
        return f"{self.complaint.number} · {self.reason[:60]}"


class ComplaintReopening(_Finding):
    """New information about a closed complaint, and the day from which its clocks run (signed)."""

    closure = Closure(covers=("complaint", "cycle", "aware_on", "information"))

    complaint = models.ForeignKey(
        Complaint, verbose_name=_("complaint"), on_delete=models.PROTECT, related_name="reopenings"
    )
    aware_on = models.DateField(_("aware since"))
    information = models.TextField(_("new information"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("reopening of a complaint")
        verbose_name_plural = _("reopenings of complaints")

    def __str__(self) -> str:
        return f"{self.complaint.number} · {self.information[:60]}"
