"""What shares the process of a problem, and whether the same is done there (read-across)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.records import TrailedModel
from qms.capa.lifecycle import VIEW
from qms.capa.models.records import Capa


class ReadAcross(TrailedModel):
    """Something that may have the same cause: a record that was found, or what somebody named in words."""

    view_permission = VIEW
    scope_path = "capa"

    class Answer(models.TextChoices):
        UNANSWERED = "", _("Not answered")
        APPLICABLE = "applicable", _("Applies there too")
        NOT_APPLICABLE = "not_applicable", _("Does not apply there")

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="across")
    cycle = models.PositiveIntegerField(_("cycle"), editable=False)
    subject_type = models.ForeignKey(
        ContentType, verbose_name=_("kind of object"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject_id = models.BigIntegerField(_("object"), null=True, blank=True)
    subject_label = models.CharField(_("where else"), max_length=300)
    why = models.CharField(_("why it is asked"), max_length=300)
    answer = models.CharField(_("answer"), max_length=16, choices=Answer.choices, blank=True, default="")
    rationale = models.TextField(_("why so"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("read-across of a CAPA")
        verbose_name_plural = _("read-across of CAPAs")
        constraints = (
            models.UniqueConstraint(
                fields=["capa", "cycle", "subject_type", "subject_id"],
                condition=Q(subject_id__isnull=False),
                name="uq_readacross_subject",
            ),
            models.CheckConstraint(
                name="ck_readacross_answered",
                condition=Q(answer="") | (~Q(rationale="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="ck_readacross_subject",
                condition=Q(subject_type__isnull=True, subject_id__isnull=True)
                | Q(subject_type__isnull=False, subject_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        return f"{self.capa.get_absolute_url()}?tab=actions"
