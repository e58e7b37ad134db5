"""What stock became by other means than production: lots split and merged, components replaced."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel, SourceRefMixin


class Transformation(SourceRefMixin, FactModel):
    """One deed by which lots became other lots, or a unit got another component: who, when, why.

    Its movements and genealogy links name it as their source. A split or merge that was a mistake is taken back by one
    that names it in `reverses`, once. `source` is what it was done for, such as the run of an operation.
    """

    scope_path = "site"
    view_permission = "traceability.view_genealogylink"

    class Kind(models.TextChoices):
        SPLIT = "split", _("Split")
        MERGE = "merge", _("Merge")
        REPLACE = "replace", _("Replacement")

    site = models.ForeignKey("core_organization.Site", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    reason = models.TextField(_("reason"), blank=True)
    client_id = models.UUIDField(null=True, blank=True, unique=True, default=None)
    reverses = models.OneToOneField(
        "self", verbose_name=_("reverses"), on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        ordering = ("-id",)
        verbose_name = _("transformation")
        verbose_name_plural = _("transformations")
        constraints = (
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | (Q(kind__in=["split", "merge"]) & ~Q(reason="")),
                name="ck_transformation_reversal",
            ),
        )

    def __str__(self) -> str:
        words = str(self.get_kind_display())
        return f"{words}: {self.reason[:80]}" if self.reason else words
