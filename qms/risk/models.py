"""How a plant judges risks, and the risks of a product or a process with what is done about them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.constraints import AtMostOne
from core.kernel.records import GLOBAL, SubjectRefMixin, TrailedModel
from qms.risk.lifecycle import ASSESSMENT, MATRIX


class Acceptability(models.TextChoices):
    """What a band of the matrix, or an action priority, asks for."""

    ACCEPTABLE = "acceptable", _("Acceptable")
    REDUCE = "reduce", _("Reduce as far as possible")
    UNACCEPTABLE = "unacceptable", _("Not acceptable")


class RiskMatrix(TrailedModel):
    """One revision of a matrix: severities, probabilities, and the band of each combination. n by m, as a plant wants.

    `bands` are `{"label", "acceptability"}`; `cells` holds for each severity, lowest first, one band number (from 1)
    for each probability, lowest first.
    """

    scope_path = GLOBAL
    lifecycle = MATRIX
    closure = Closure(
        covers=(
            "code",
            "revision",
            "name",
            "severities",
            "probabilities",
            "bands",
            "cells",
            "author",
            "change_summary",
        ),
        ignores={"status": "moves have their own signatures", "assessments": "assessments pin it; it knows none"},
    )

    code = models.CharField(_("code"), max_length=24)
    revision = models.PositiveSmallIntegerField(_("revision"))
    name = models.CharField(_("name"), max_length=120)
    severities = models.JSONField(_("severities"), default=list)
    probabilities = models.JSONField(_("probabilities"), default=list)
    bands = models.JSONField(_("bands"), default=list)
    cells = models.JSONField(_("cells"), default=list)
    change_summary = models.TextField(_("what changed and why"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    status = MATRIX.field()

    class Meta:
        ordering = ("code", "-revision")
        verbose_name = _("risk matrix")
        verbose_name_plural = _("risk matrices")
        constraints = (
            models.UniqueConstraint(fields=["code", "revision"], name="uq_riskmatrix_revision"),
            AtMostOne(name="uq_riskmatrix_effective", field="code", condition=Q(status="effective")),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.revision}"

    def get_absolute_url(self) -> str:
        return reverse("qms_risk:riskmatrix_detail", args=[self.pk])


class RiskAssessment(TrailedModel):
    """The risk file of a product or a process: its items, the controls, the conclusion; approved with a signature.

    The risks of a product are judged by the pinned matrix, those of a process (PFMEA) by the action priority.
    """

    scope_path = "site"
    lifecycle = ASSESSMENT
    closure = Closure(
        covers=(
            "number",
            "site",
            "kind",
            "title",
            "scope",
            "material",
            "matrix",
            "author",
            "conclusion",
            "review_months",
        ),
        children=("items",),
        ignores={
            "status": "moves have their own signatures",
            "owner": "who looks after it",
            "review_on": "follows the signed approvals and reviews",
            "origin": "where it was imported from",
            "external_id": "its key there",
        },
    )

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Product (hazards, ISO 14971)")
        PROCESS = "process", _("Process (PFMEA)")

    number = models.CharField(_("number"), max_length=24)
    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="risk_assessments"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    scope = models.TextField(_("scope"), blank=True, help_text=_("Intended use, limits of the process."))
    material = models.ForeignKey(
        "traceability.Material",
        verbose_name=_("material"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="risk_assessments",
    )
    matrix = models.ForeignKey(
        RiskMatrix,
        verbose_name=_("matrix"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
    )
    status = ASSESSMENT.field()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+"
    )
    conclusion = models.TextField(_("overall residual risk"), blank=True)
    review_months = models.PositiveSmallIntegerField(
        _("review every months"), default=12, validators=[MinValueValidator(1)]
    )
    review_on = models.DateField(_("review on"), null=True, blank=True, editable=False)
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("risk assessment")
        verbose_name_plural = _("risk assessments")
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_riskassessment_number"),
            models.CheckConstraint(
                name="ck_riskassessment_matrix", condition=Q(kind="process") | Q(matrix__isnull=False)
            ),
        )
        indexes = (models.Index(fields=["review_on"], condition=Q(status="approved"), name="ix_riskassessment_review"),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("qms_risk:riskassessment_detail", args=[self.pk])


class RiskItem(TrailedModel):
    """One risk: what may go wrong, why, with which effect; estimated before the controls and after them.

    `severity` and `probability` are places in the matrix, counted from 1; of a process they are severity and occurrence
    from 1 to 10, with `detection` (AIAG-VDA).
    """

    scope_path = "assessment"
    view_permission = "qms_risk.view_riskassessment"
    closure = Closure(
        covers=(
            "position",
            "hazard",
            "cause",
            "situation",
            "effect",
            "severity",
            "probability",
            "detection",
            "residual_severity",
            "residual_probability",
            "residual_detection",
            "rationale",
            "new_risks",
        ),
        children=("controls", "links"),
        ignores={"origin": "where it was imported from", "external_id": "its key there"},
    )

    assessment = models.ForeignKey(RiskAssessment, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    hazard = models.CharField(_("hazard or failure mode"), max_length=240)
    cause = models.TextField(_("cause, sequence of events"))
    situation = models.TextField(_("hazardous situation"), blank=True)
    effect = models.TextField(_("effect, harm"))
    severity = models.PositiveSmallIntegerField(_("severity"))
    probability = models.PositiveSmallIntegerField(_("probability"))
    detection = models.PositiveSmallIntegerField(_("detection"), null=True, blank=True)
    residual_severity = models.PositiveSmallIntegerField(_("severity afterwards"), null=True, blank=True)
    residual_probability = models.PositiveSmallIntegerField(_("probability afterwards"), null=True, blank=True)
    residual_detection = models.PositiveSmallIntegerField(_("detection afterwards"), null=True, blank=True)
    rationale = models.TextField(_("benefit against risk"), blank=True)
    new_risks = models.TextField(_("new risks by the controls"), blank=True)
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        ordering = ("assessment", "position", "id")
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        constraints = (
            models.UniqueConstraint(fields=["assessment", "position"], name="uq_riskitem_position"),
            models.CheckConstraint(name="ck_riskitem_estimate", condition=Q(severity__gte=1, probability__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.position} {self.hazard}"

    def get_absolute_url(self) -> str:
        return f"{self.assessment.get_absolute_url()}#risk-{self.pk}"


class RiskControl(TrailedModel):
    """What is done about a risk, of which kind, and what shows that it is done and that it works."""

    scope_path = "item"
    view_permission = "qms_risk.view_riskassessment"
    closure = Closure(covers=("kind", "description", "verification"))

    class Kind(models.TextChoices):
        INHERENT = "inherent", _("Inherently safe design")
        PROTECTIVE = "protective", _("Protective measure")
        INFORMATION = "information", _("Information for safety")

    item = models.ForeignKey(RiskItem, on_delete=models.CASCADE, related_name="controls")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    description = models.TextField(_("control"))
    verification = models.TextField(_("verification"), blank=True, help_text=_("What shows that it is done and works."))

    class Meta:
        ordering = ("id",)
        verbose_name = _("risk control")
        verbose_name_plural = _("risk controls")

    def __str__(self) -> str:
        return self.description[:80]

    def get_absolute_url(self) -> str:
        return self.item.get_absolute_url()


class RiskLink(SubjectRefMixin, TrailedModel):
    """The risk is about this operation, material, document or change; the name is kept as it was."""

    scope_path = "item"
    view_permission = "qms_risk.view_riskassessment"
    closure = Closure(
        covers=("subject_type", "subject_id"), ignores={"subject_label": "its name then; type and id are covered"}
    )

    item = models.ForeignKey(RiskItem, on_delete=models.CASCADE, related_name="links")

    class Meta:
        ordering = ("id",)
        verbose_name = _("link of a risk")
        verbose_name_plural = _("links of risks")
        constraints = (models.UniqueConstraint(fields=["item", "subject_type", "subject_id"], name="uq_risklink"),)
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_risklink_subject"),)

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return self.item.get_absolute_url()
