"""What kinds of changes there are, who is asked for each, and what is only changed through a change."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import GLOBAL, TrailedModel


class Function(models.TextChoices):
    """A function of the plant that a change may concern."""

    QUALITY = "quality", _("Quality")
    ENGINEERING = "engineering", _("Engineering")
    PRODUCTION = "production", _("Production")
    REGULATORY = "regulatory", _("Regulatory affairs")
    VALIDATION = "validation", _("Validation")
    SAFETY = "safety", _("Safety")
    SUPPLY = "supply", _("Supply")
    TRAINING = "training", _("Training")
    IT = "it", _("IT")


class ChangeType(TrailedModel):
    """A kind of change: which functions assess it, which approve it, how long an emergency may wait for that."""

    scope_path = GLOBAL

    class Category(models.TextChoices):
        PRODUCT = "product", _("Product")
        PROCESS = "process", _("Process")
        DOCUMENT = "document", _("Document")
        SUPPLIER = "supplier", _("Supplier")
        SYSTEM = "system", _("Software and configuration")
        FACILITY = "facility", _("Facility")

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    category = models.CharField(_("category"), max_length=16, choices=Category.choices)
    retrospective_days = models.PositiveSmallIntegerField(
        _("working days for the retrospective approval"),
        default=5,
        help_text=_("How long after its release an emergency change may wait for its assessment and approval."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("type of change")
        verbose_name_plural = _("types of changes")
        constraints = (models.CheckConstraint(name="ck_changetype_days", condition=Q(retrospective_days__gte=1)),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("qms_changes:changetype_change", args=[self.pk])


class RequiredFunction(TrailedModel):
    """A function that a type of change asks for an assessment, and perhaps for the approval of the plan."""

    view_permission = "qms_changes.view_changetype"
    scope_path = GLOBAL

    change_type = models.ForeignKey(ChangeType, on_delete=models.PROTECT, related_name="functions")
    function = models.CharField(_("function"), max_length=16, choices=Function.choices)
    approves = models.BooleanField(_("approves the plan"), default=False)

    class Meta:
        ordering = ("change_type", "function")
        verbose_name = _("required function")
        verbose_name_plural = _("required functions")
        constraints = (
            models.UniqueConstraint(fields=["change_type", "function"], name="uq_requiredfunction_function"),
        )

    def __str__(self) -> str:
        return str(self.get_function_display())


class ChangePolicy(TrailedModel):
    """A kind of revision that is submitted, approved and made effective through an approved change only."""

    view_permission = "qms_changes.view_changetype"
    scope_path = GLOBAL

    revision_type = models.ForeignKey(
        ContentType, verbose_name=_("kind of revision"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=40, blank=True, help_text=_("Empty: every kind."))
    is_active = models.BooleanField(_("needs a change"), default=True)

    class Meta:
        ordering = ("revision_type", "kind")
        verbose_name = _("change policy")
        verbose_name_plural = _("change policies")
        constraints = (models.UniqueConstraint(fields=["revision_type", "kind"], name="uq_changepolicy_kind"),)

    def __str__(self) -> str:
        name = str(self.revision_type.name)
        return f"{name}: {self.kind}" if self.kind else name

    def get_absolute_url(self) -> str:
        return reverse("qms_changes:changepolicy_change", args=[self.pk])


class ConfigurationControl(TrailedModel):
    """The one switch: while it is on, configuration changes only for a change that is being implemented."""

    view_permission = "qms_changes.view_changetype"
    scope_path = GLOBAL
    closure = Closure(covers=("code", "is_on"))

    code = models.CharField(
        _("what is controlled"), max_length=24, unique=True, default="configuration", editable=False
    )
    is_on = models.BooleanField(_("production mode"), default=False)

    class Meta:
        verbose_name = _("control of configuration")
        verbose_name_plural = _("control of configuration")

    def __str__(self) -> str:
        return str(_("Configuration is under change control") if self.is_on else _("Configuration is set up freely"))

    def get_absolute_url(self) -> str:
        return reverse("qms_changes:configuration")
