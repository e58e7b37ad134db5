"""What was imported, from which file, by which mapping, with which result; who signed it, and whether it was undone."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel, TrailedModel


class ImportMapping(TrailedModel):
    """How the columns of a foreign file become fields, remembered for the next file with these columns."""

    scope_path = "site"
    view_permission = "integrations.view_importbatch"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    columns = models.JSONField(_("columns of the file"), default=list)
    columns_key = models.CharField(_("digest of the columns"), max_length=64)
    mapping = models.JSONField(_("mapping"), default=dict)

    class Meta:
        ordering = ("kind", "name")
        verbose_name = _("remembered mapping")
        verbose_name_plural = _("remembered mappings")
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "site", "columns_key"], nulls_distinct=False, name="uq_importmapping_columns"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("integrations:importmapping_detail", args=[self.pk])


class ImportApproval(FactModel):
    """What a person signed before an import was applied: the file, the mapping, and what becomes of its rows."""

    scope_path = "site"
    view_permission = "integrations.view_importbatch"
    closure = Closure(
        covers=(
            "site", "kind", "file_name", "file_sha256", "mapping", "rows", "created", "changed", "unchanged", "skipped",
        ),
        ignores={"batch": "what was written afterwards, exactly by what was signed, or not at all"},
    )  # fmt: skip

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    mapping = models.JSONField(_("mapping"), default=dict)
    rows = models.PositiveIntegerField(_("rows"))
    created = models.PositiveIntegerField(_("created"))
    changed = models.PositiveIntegerField(_("changed"))
    unchanged = models.PositiveIntegerField(_("unchanged"))
    skipped = models.PositiveIntegerField(_("skipped"))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("approval of an import")
        verbose_name_plural = _("approvals of imports")

    def __str__(self) -> str:
        return f"{self.kind} · {self.file_name}"


class ImportBatch(FactModel):
    """One applied import: the file's digest, the mapping, and how many rows were created, changed or left.

    `writes` names what was written: per statement the model, the kind of its history ("+", "~", "" for facts) and the
    keys as runs. Without `approval` nobody signed it: it came from the command line.
    """

    scope_path = "site"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=40, db_index=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    mapping = models.JSONField(_("mapping"), default=dict)
    rows = models.PositiveIntegerField(_("rows"))
    created = models.PositiveIntegerField(_("created"))
    changed = models.PositiveIntegerField(_("changed"))
    unchanged = models.PositiveIntegerField(_("unchanged"))
    skipped = models.PositiveIntegerField(_("skipped"))
    writes = models.JSONField(_("what was written"), default=list)
    approval = models.OneToOneField(
        ImportApproval, verbose_name=_("approval"), on_delete=models.PROTECT, null=True, related_name="batch"
    )

    class Meta:
        ordering = ("-id",)
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.kind} · {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("integrations:importbatch_detail", args=[self.pk])

    @property
    def is_signed(self) -> bool:
        """Whether a person signed it; what came from the command line nobody signed."""
        return self.approval_id is not None

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back."""
        return hasattr(self, "undo")


class ImportUndo(FactModel):
    """An import taken back: its new rows removed, its changed rows set back, its bookings reversed."""

    scope_path = "batch__site"
    view_permission = "integrations.view_importbatch"
    closure = Closure(covers=("batch", "reason", "removed", "set_back", "reversed"))

    batch = models.OneToOneField(ImportBatch, verbose_name=_("import"), on_delete=models.PROTECT, related_name="undo")
    reason = models.TextField(_("reason"))
    removed = models.PositiveIntegerField(_("removed"))
    set_back = models.PositiveIntegerField(_("set back"))
    reversed = models.PositiveIntegerField(_("bookings reversed"))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("undone import")
        verbose_name_plural = _("undone imports")

    def __str__(self) -> str:
        return f"{self.batch}"
