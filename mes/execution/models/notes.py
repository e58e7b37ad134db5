"""What people write down at a station, gated by nothing: it never waits for the network or for a rule."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel
from mes.execution.models.orders import OrderOperation


class FloorNote(FactModel):
    """A remark, count, time, photo or hand-over from a station, with the time that the station's own clock said."""

    scope_path = "work_center"

    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        COUNT = "count", _("Count")
        TIMER = "timer", _("Time, in seconds")
        PHOTO = "photo", _("Photo")
        HANDOVER = "handover", _("Hand-over")

    work_center = models.ForeignKey(
        "core_organization.WorkCenter", on_delete=models.PROTECT, related_name="floor_notes"
    )
    order_operation = models.ForeignKey(
        OrderOperation, on_delete=models.PROTECT, null=True, blank=True, related_name="floor_notes"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("text"), blank=True)
    number = models.DecimalField(_("number"), max_digits=18, decimal_places=6, null=True, blank=True)
    noted_at = models.DateTimeField(_("noted at"), help_text=_("By the clock of the station."))
    client_id = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("floor note")
        verbose_name_plural = _("floor notes")
        ordering = ("id",)
        indexes = (models.Index(fields=["work_center", "stamped_at"], name="ix_floornote_work_center"),)

    def __str__(self) -> str:
        number = "" if self.number is None else f"{self.number.normalize():f}"
        return " · ".join(part for part in (str(self.get_kind_display()), number, self.text) if part)
