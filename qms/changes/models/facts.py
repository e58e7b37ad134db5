"""What a change did, as permanent facts: releases, extensions, configuration that was altered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel, SubjectRefMixin
from qms.changes.lifecycle import VIEW
from qms.changes.models.orders import ChangeOrder


class ChangeRelease(FactModel):
    """Exactly what became effective or obsolete in one moment, with the digest of each revision; or what returned."""

    view_permission = VIEW
    scope_path = "change"

    class Kind(models.TextChoices):
        RELEASE = "release", _("Release")
        RETURN = "return", _("Return to the previous revisions")

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="releases")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    content = models.JSONField(_("content"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("release of a change")
        verbose_name_plural = _("releases of changes")
        constraints = (models.UniqueConstraint(fields=["change", "kind"], name="uq_changerelease_kind"),)

    def __str__(self) -> str:
        return f"{self.change} · {self.get_kind_display()}"


class ChangeExtension(FactModel):
    """A temporary change lasts longer than it was planned, with a reason, signed before it expired."""

    view_permission = VIEW
    scope_path = "change"
    closure = Closure(covers=("change", "expired_at", "expires_at", "reason"))

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="extensions")
    expired_at = models.DateTimeField(_("would have expired"))
    expires_at = models.DateTimeField(_("expires"))
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("extension of a change")
        verbose_name_plural = _("extensions of changes")
        constraints = (
            models.CheckConstraint(name="ck_changeextension_later", condition=Q(expires_at__gt=F("expired_at"))),
        )

    def __str__(self) -> str:
        return f"{self.change} · {self.expires_at:%Y-%m-%d}"


class ConfigurationEdit(SubjectRefMixin, FactModel):
    """A piece of configuration changed for a change: what it said before, and what it says since."""

    view_permission = VIEW
    scope_path = "change"

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="edits")
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    class Meta:
        ordering = ("id",)
        verbose_name = _("edit of configuration")
        verbose_name_plural = _("edits of configuration")

    def __str__(self) -> str:
        return self.subject_label
