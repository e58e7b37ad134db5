"""What is done against the causes, and when it takes longer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from qms.capa.lifecycle import CAPA_ACTION, EXTENSION, VIEW
from qms.capa.models.causes import RootCause
from qms.capa.models.records import Capa


class CapaAction(TrailedModel):
    """Something that is done against causes. Bound to an object, it completes only when that reaches its state."""

    view_permission = VIEW
    scope_path = "capa"
    lifecycle = CAPA_ACTION
    closure = Closure(
        covers=("capa", "cycle", "purpose", "kind", "title", "description", "owner", "bound_type", "bound_id"),
        children=("removes",),
        ignores={
            "status": "moves have their own signatures",
            "due_at": "a date of the work",
            "bound_label": "what the object was called; its kind and id are covered",
        },
        attachments=True,
    )

    class Purpose(models.TextChoices):
        CORRECTION = "correction", _("Correction: repairs what happened")
        CORRECTIVE = "corrective", _("Corrective: removes the cause")
        PREVENTIVE = "preventive", _("Preventive: removes the cause elsewhere")

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="actions")
    cycle = models.PositiveIntegerField(_("cycle"), editable=False)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.CORRECTIVE)
    kind = models.CharField(_("kind"), max_length=24, blank=True, default="")
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    status = CAPA_ACTION.field()
    bound_type = models.ForeignKey(
        ContentType, verbose_name=_("kind of object"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    bound_id = models.BigIntegerField(_("bound to"), null=True, blank=True)
    bound_label = models.CharField(_("bound to"), max_length=300, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("action of a CAPA")
        verbose_name_plural = _("actions of CAPAs")
        constraints = (
            models.CheckConstraint(
                name="ck_capaaction_bound",
                condition=Q(kind="", bound_type__isnull=True, bound_id__isnull=True)
                | (~Q(kind="") & Q(bound_type__isnull=False, bound_id__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("qms_capa:capaaction_detail", args=[self.pk])

    @property
    def bound(self) -> Any:
        """The object that it is bound to, or None."""
        model = self.bound_type.model_class() if self.bound_type is not None else None
        return None if model is None else model._base_manager.filter(pk=self.bound_id).first()


class ActionCause(TrailedModel):
    """An action removes a cause."""

    view_permission = VIEW
    scope_path = "action"
    closure = Closure(covers=("cause",), ignores={"action": "the parent that takes this row along"})

    action = models.ForeignKey(CapaAction, on_delete=models.PROTECT, related_name="removes")
    cause = models.ForeignKey(RootCause, on_delete=models.PROTECT, related_name="removed_by")

    class Meta:
        ordering = ("id",)
        verbose_name = _("cause that an action removes")
        verbose_name_plural = _("causes that actions remove")
        constraints = (models.UniqueConstraint(fields=["action", "cause"], name="uq_actioncause"),)

    def __str__(self) -> str:
        return f"{self.action} → {self.cause}"


class Extension(TrailedModel):
    """Somebody asks that a CAPA may take longer, with a reason; another person approves or rejects it."""

    view_permission = VIEW
    scope_path = "capa"
    lifecycle = EXTENSION
    closure = Closure(
        covers=("capa", "was_due_at", "due_at", "reason", "requested_by"),
        ignores={"status": "moves have their own signatures"},
    )

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="extensions")
    status = EXTENSION.field()
    was_due_at = models.DateTimeField(_("was due"))
    due_at = models.DateTimeField(_("due instead"))
    reason = models.TextField(_("reason"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked for by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("extension of a CAPA")
        verbose_name_plural = _("extensions of CAPAs")
        constraints = (
            models.CheckConstraint(name="ck_extension_later", condition=Q(due_at__gt=F("was_due_at"))),
            models.UniqueConstraint(fields=["capa"], condition=Q(status="requested"), name="uq_extension_open"),
        )

    def __str__(self) -> str:
        return f"{self.capa.number} → {self.due_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return f"{self.capa.get_absolute_url()}?tab=story"
