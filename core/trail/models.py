"""What happened that is no change of a row: sign-ins, refusals, views, prints, exports."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.records import GLOBAL, FactModel


class TrailEvent(FactModel):
    """One event of the trail; its subject, if any, is named by content type, id and the label of that time."""

    scope_path = GLOBAL

    kind = models.CharField(_("kind"), max_length=60, db_index=True)
    text = models.TextField(_("what happened"), blank=True)
    data = models.JSONField(default=dict, blank=True)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject_label = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_trailevent_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_label}".strip()
