"""The plant's vocabulary of defects: a tree of codes, where a defect is found, and kinds of causes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import GLOBAL, TrailedModel


class Severity(models.TextChoices):
    """How bad it is for the product and for whoever relies on it."""

    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical")


class DefectCode(TrailedModel):
    """One word of the plant's vocabulary of defects; codes may stand below a broader one."""

    scope_path = GLOBAL

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    severity = models.CharField(_("usual severity"), max_length=12, choices=Severity.choices, default=Severity.MINOR)
    parent = models.ForeignKey(
        "self", verbose_name=_("broader code"), on_delete=models.PROTECT, null=True, blank=True, related_name="narrower"
    )
    concession_months = models.PositiveSmallIntegerField(
        _("window of use-as-is, months"),
        default=12,
        help_text=_("Use-as-is of one material with this defect is counted within so many months."),
    )
    concession_triage_at = models.PositiveSmallIntegerField(
        _("CAPA decision at use-as-is number"),
        default=2,
        help_text=_("From this one on, somebody first decides whether a CAPA is needed."),
    )
    concession_stop_at = models.PositiveSmallIntegerField(
        _("no use-as-is from number"), default=3, help_text=_("This one and every further one is refused.")
    )
    containment_hours = models.PositiveSmallIntegerField(
        _("contained within, hours"),
        default=24,
        help_text=_("So many hours after the report every place of affected goods is looked at."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("defect code")
        verbose_name_plural = _("defect codes")
        constraints = (
            models.CheckConstraint(
                name="ck_defectcode_concession",
                condition=Q(concession_months__gte=1)
                & Q(concession_triage_at__gte=1)
                & Q(concession_stop_at__gte=F("concession_triage_at")),
            ),
            models.CheckConstraint(name="ck_defectcode_containment", condition=Q(containment_hours__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("qms_nonconformance:defectcode_change", args=[self.pk])


class FoundAt(models.TextChoices):
    """Where in the flow of product a defect shows, or could have shown."""

    INCOMING = "incoming", _("Incoming inspection")
    IN_PROCESS = "in_process", _("In process")
    FINAL = "final", _("Final inspection")
    STORAGE = "storage", _("Storage and shipping")
    CUSTOMER = "customer", _("At the customer")


class CauseCategory(models.TextChoices):
    """The six kinds of causes of the fishbone (6M)."""

    PEOPLE = "people", _("People")
    MACHINE = "machine", _("Machine")
    MATERIAL = "material", _("Material")
    METHOD = "method", _("Method")
    MEASUREMENT = "measurement", _("Measurement")
    ENVIRONMENT = "environment", _("Environment")
