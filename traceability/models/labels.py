"""Templates of labels, the labels that were printed, and what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel, SubjectRefMixin, TrailedModel
from core.printing.labels import DOTS_PER_MM, STANDARD_DPMM
from traceability.lifecycle import LABEL_TEMPLATE


class LabelTemplate(TrailedModel):
    """One version of a label: for which records, how large, and what stands where (21 CFR 820.45, 211.122).

    `elements` is the layout as data (`core.printing.labels`). Without a site it holds at all of them.
    """

    scope_path = "site"
    lifecycle = LABEL_TEMPLATE
    closure = Closure(
        covers=(
            "site", "code", "version", "name", "kind", "width_mm", "height_mm", "dpmm", "elements", "author",
            "changed_by",
        ),
        ignores={
            "status": "moves have their own signatures",
            "labels": "what is printed by it follows the approval; permanent facts",
        },
    )  # fmt: skip

    class Kind(models.TextChoices):
        """What the label is put on."""

        LOT = "lot", _("Lot")
        UNIT = "unit", _("Serialized unit")
        MATERIAL = "material", _("Material")
        LOCATION = "location", _("Storage location")
        CONTAINER = "container", _("Container")

    site = models.ForeignKey(
        "core_organization.Site",
        verbose_name=_("site"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    code = models.CharField(_("code"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("for"), max_length=12, choices=Kind)
    width_mm = models.DecimalField(_("width, mm"), max_digits=6, decimal_places=2)
    height_mm = models.DecimalField(_("height, mm"), max_digits=6, decimal_places=2)
    dpmm = models.PositiveSmallIntegerField(
        _("dots in a millimetre"), choices=[(one, str(one)) for one in DOTS_PER_MM], default=STANDARD_DPMM
    )
    elements = models.JSONField(_("layout"), default=list)
    author = models.ForeignKey(
        "core_organization.User", verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    changed_by = models.ForeignKey(
        "core_organization.User", verbose_name=_("last changed by"), on_delete=models.PROTECT, related_name="+"
    )
    status = LABEL_TEMPLATE.field()

    class Meta:
        ordering = ("code", "-version")
        verbose_name = _("label template")
        verbose_name_plural = _("label templates")
        constraints = (
            models.UniqueConstraint(
                fields=["site", "code", "version"], name="uq_labeltemplate_version", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["site", "code"],
                condition=Q(status="effective"),
                name="uq_labeltemplate_effective",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["site", "code"],
                condition=Q(status="draft"),
                name="uq_labeltemplate_draft",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} · {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("traceability:labeltemplate_detail", args=[self.pk])

    @property
    def number(self) -> str:
        """Code and version, as people say it."""
        return str(self)


class Label(SubjectRefMixin, FactModel):
    """A label of a record was printed, so many times over, with exactly this content (21 CFR 211.125, 820.45).

    Every print after the first one of the same label names the one before it (`reprint_of`), and says why, unless that
    one was taken back before anything of it was sent. Without a template it is the sheet that the product brings.
    """

    scope_path = "site"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    template = models.ForeignKey(
        LabelTemplate,
        verbose_name=_("label template"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="labels",
    )
    code = models.CharField(_("label"), max_length=40, blank=True)
    """The template's code, whatever its version: by it two prints are of the same label."""
    content = models.TextField(_("content of the symbols"))
    texts = models.JSONField(_("texts"), default=dict)
    copies = models.PositiveIntegerField(_("copies"))
    print_job = models.ForeignKey(
        "core_printing.PrintJob", verbose_name=_("print job"), on_delete=models.PROTECT, related_name="+"
    )
    reprint_of = models.OneToOneField(
        "self",
        verbose_name=_("reprint of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reprinted_as",
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = (
            models.CheckConstraint(condition=Q(copies__gte=1), name="ck_label_copies"),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "code"],
                condition=Q(reprint_of__isnull=True),
                name="uq_label_first",
            ),
        )
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_label_subject"),)

    def __str__(self) -> str:
        return f"{self.subject_label} · {self.code or _('sheet')}"

    def get_absolute_url(self) -> str:
        return reverse("traceability:label_detail", args=[self.pk])


class LabelReconciliation(SubjectRefMixin, FactModel):
    """What became of all labels printed of a record: used, spoiled, returned; signed (21 CFR 211.125(c), (d)).

    `printed` is the sum over its labels at that time. A difference is explained in the remark.
    """

    scope_path = "site"
    view_permission = "traceability.view_label"
    closure = Closure(
        covers=(
            "site",
            "subject_type",
            "subject_id",
            "subject_label",
            "printed",
            "used",
            "spoiled",
            "returned",
            "remark",
        )
    )

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    printed = models.PositiveIntegerField(_("printed"))
    used = models.PositiveIntegerField(_("used"))
    spoiled = models.PositiveIntegerField(_("spoiled"))
    returned = models.PositiveIntegerField(_("returned"))
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("reconciliation of labels")
        verbose_name_plural = _("reconciliations of labels")
        constraints = (
            models.CheckConstraint(
                condition=Q(printed=F("used") + F("spoiled") + F("returned")) | ~Q(remark=""),
                name="ck_labelreconciliation_sum",
            ),
        )
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_labelreconciliation_subject"),)

    def __str__(self) -> str:
        return f"{self.subject_label} · {self.used}/{self.printed}"

    def get_absolute_url(self) -> str:
        subject = self.subject
        return subject.get_absolute_url() if subject is not None else ""  # type: ignore[attr-defined]

    @property
    def difference(self) -> int:
        """Printed and not accounted for; negative where more was counted than printed."""
        return self.printed - self.used - self.spoiled - self.returned
