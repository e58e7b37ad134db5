"""The executable content of one document revision: steps, pictures, and what to record."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Deferrable, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel


class WorkInstruction(TrailedModel):
    """The steps of one document revision: one approval, one effective date, one training rule for text and steps."""

    scope_path = "document_revision"
    closure = Closure(covers=("document_revision",), children=("steps",))

    document_revision = models.OneToOneField(
        "qms_documents.DocumentRevision",
        verbose_name=_("document revision"),
        on_delete=models.PROTECT,
        related_name="work_instruction",
    )

    class Meta:
        verbose_name = _("work instruction")
        verbose_name_plural = _("work instructions")
        ordering = ("document_revision",)

    def __str__(self) -> str:
        return str(self.document_revision)

    def get_absolute_url(self) -> str:
        return reverse("mes_instructions:workinstruction_detail", args=[self.pk])


class InstructionStep(TrailedModel):
    """One card at the terminal: what to do, what to beware of, what to record."""

    scope_path = "work_instruction"
    view_permission = "mes_instructions.view_workinstruction"
    closure = Closure(
        covers=("work_instruction", "sequence", "title", "text", "caution", "must_be_confirmed"),
        children=("pictures", "data_points"),
    )

    work_instruction = models.ForeignKey(
        WorkInstruction, verbose_name=_("work instruction"), on_delete=models.CASCADE, related_name="steps"
    )
    sequence = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), blank=True, help_text=_("Markdown: lists, tables, bold."))
    caution = models.TextField(_("caution"), blank=True, help_text=_("Danger to people or product, shown first."))
    must_be_confirmed = models.BooleanField(
        _("must be confirmed"),
        default=False,
        help_text=_("Completing the operation then needs somebody to say that this step was done."),
    )

    class Meta:
        verbose_name = _("instruction step")
        verbose_name_plural = _("instruction steps")
        ordering = ("work_instruction", "sequence")
        constraints = (
            models.UniqueConstraint(
                fields=["work_instruction", "sequence"],
                name="uq_instructionstep_sequence",
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="ck_instructionstep_sequence", condition=Q(sequence__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.sequence} {self.title}"


class InstructionPicture(TrailedModel):
    """An attached picture that a step shows, with its words for people who do not see it."""

    scope_path = "step"
    closure = Closure(covers=("step", "attachment", "description", "sequence"))

    step = models.ForeignKey(InstructionStep, on_delete=models.CASCADE, related_name="pictures")
    attachment = models.ForeignKey("core_files.Attachment", on_delete=models.PROTECT, related_name="+")
    description = models.CharField(_("what the picture shows"), max_length=300)
    sequence = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("instruction picture")
        verbose_name_plural = _("instruction pictures")
        ordering = ("step", "sequence", "id")

    def __str__(self) -> str:
        return self.description


class DataPoint(TrailedModel):
    """Something to record at a step: a number with limits and unit, a text, a confirmation, or a choice.

    A value outside the limits is out; inside them but outside the warning limits it is a warning. The limits
    themselves are in. For a choice, `choices_rejected` are the answers that count as out.
    """

    unit_path = "unit"
    scope_path = "step"
    closure = Closure(
        covers=(
            "step",
            "sequence",
            "code",
            "label",
            "kind",
            "unit",
            "lower_limit",
            "lower_warning",
            "upper_warning",
            "upper_limit",
            "decimals",
            "choices",
            "choices_rejected",
            "required",
        ),
        added=("gauge_class",),
    )

    class Kind(models.TextChoices):
        NUMBER = "number", _("Number")
        TEXT = "text", _("Text")
        CHECK = "check", _("Confirmation")
        CHOICE = "choice", _("Choice")

    step = models.ForeignKey(
        InstructionStep, verbose_name=_("step"), on_delete=models.CASCADE, related_name="data_points"
    )
    sequence = models.PositiveSmallIntegerField(_("position"))
    code = models.CharField(_("code"), max_length=32, help_text=_("Unique in the instruction, such as TORQUE-1."))
    label = models.CharField(_("label"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.NUMBER)
    unit = models.ForeignKey(
        "traceability.UnitOfMeasure",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    lower_limit = models.DecimalField(_("lower limit"), max_digits=18, decimal_places=6, null=True, blank=True)
    lower_warning = models.DecimalField(_("lower warning"), max_digits=18, decimal_places=6, null=True, blank=True)
    upper_warning = models.DecimalField(_("upper warning"), max_digits=18, decimal_places=6, null=True, blank=True)
    upper_limit = models.DecimalField(_("upper limit"), max_digits=18, decimal_places=6, null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=2, validators=[MaxValueValidator(6)])
    choices = models.JSONField(_("choices"), default=list, blank=True)
    choices_rejected = models.JSONField(_("choices that are out of limits"), default=list, blank=True)
    required = models.BooleanField(_("required"), default=True)
    gauge_class = models.ForeignKey(
        "core_organization.EquipmentClass",
        verbose_name=_("measured with"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("A gauge of this class, scanned and in calibration."),
    )

    class Meta:
        verbose_name = _("data point")
        verbose_name_plural = _("data points")
        ordering = ("step", "sequence", "id")
        constraints = (
            models.UniqueConstraint(fields=["step", "code"], name="uq_datapoint_code"),
            models.CheckConstraint(name="ck_datapoint_decimals", condition=Q(decimals__lte=6)),
            models.CheckConstraint(
                name="ck_datapoint_limits",
                condition=Q(lower_limit__isnull=True)
                | Q(upper_limit__isnull=True)
                | Q(lower_limit__lte=F("upper_limit")),
            ),
            models.CheckConstraint(
                name="ck_datapoint_kind",
                condition=Q(kind="number")
                | Q(
                    unit__isnull=True,
                    lower_limit__isnull=True,
                    lower_warning__isnull=True,
                    upper_warning__isnull=True,
                    upper_limit__isnull=True,
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
