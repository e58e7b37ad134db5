"""The change order and what it changes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from qms.changes.lifecycle import CHANGE_ORDER
from qms.changes.models.configuration import ChangeType

SCALE = (MinValueValidator(1), MaxValueValidator(5))


def _scale(label: Any) -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(label, null=True, blank=True, validators=SCALE)


class ChangeOrder(TrailedModel):
    """A change: what, why, with what risk, from when; it becomes true in one moment (ISO 9001 8.5.6).

    The approvals of its plan, the assessments and the tasks are signed one by one. Its own signatures are given at the
    release and at the end, when its items and the decisions about open orders stand.
    """

    scope_path = "site"
    lifecycle = CHANGE_ORDER
    closure = Closure(
        covers=(
            "number",
            "site",
            "change_type",
            "urgency",
            "is_temporary",
            "title",
            "description",
            "justification",
            "requested_by",
            "effectivity",
            "effectivity_mark",
            "effectivity_material",
            "severity_before",
            "probability_before",
            "severity_after",
            "probability_after",
            "risk_note",
        ),
        children=("items", "scopes", "wip_decisions"),
        ignores={
            "status": "moves are facts of their own, each with its signature",
            "owner": "who works on it is no statement about the change",
            "due_at": "a date of the work",
            "release_at": "when the signed release takes effect; the move has its own time",
            "released_at": "the release's signature and move carry their time",
            "expires_at": "an extension is a fact with a signature of its own",
            "retrospective_due_at": "follows from the release and the type of change",
            "escalated_at": "when somebody was told that it is late",
            "return_refused_at": "when the return was tried in vain; the refusal is stored",
            "assessments": "signed one by one",
            "approvals": "signed one by one",
            "tasks": "their ends are signed one by one",
            "risks": "which assessments are looked at: the approvals of the plan cover it",
            "suggestions": "what was computed and answered; the items that came of it are covered",
            "releases": "what became effective, permanent facts that follow the signature",
            "extensions": "signed one by one",
            "edits": "changes of configuration, permanent facts",
        },
    )

    class Urgency(models.TextChoices):
        ROUTINE = "routine", _("Routine")
        EMERGENCY = "emergency", _("Emergency")

    class Effectivity(models.TextChoices):
        DATE = "date", _("From the release on")
        ORDER = "order", _("From a production order on")
        LOT = "lot", _("From a lot number on")
        SERIAL = "serial", _("From a serial number on")
        USED_UP = "used_up", _("When the stock of a material is used up")

    number = models.CharField(_("number"), max_length=24)
    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="change_orders"
    )
    change_type = models.ForeignKey(
        ChangeType, verbose_name=_("type of change"), on_delete=models.PROTECT, related_name="change_orders"
    )
    urgency = models.CharField(_("class"), max_length=12, choices=Urgency.choices, default=Urgency.ROUTINE)
    is_temporary = models.BooleanField(_("temporary"), default=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what changes"), blank=True)
    justification = models.TextField(_("why"), blank=True)
    status = CHANGE_ORDER.field()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked for by"), on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField(_("to be released by"), null=True, blank=True)
    effectivity = models.CharField(
        _("effectivity"), max_length=12, choices=Effectivity.choices, default=Effectivity.DATE
    )
    effectivity_mark = models.CharField(_("from this number on"), max_length=60, blank=True)
    effectivity_material = models.ForeignKey(
        "traceability.Material",
        verbose_name=_("material that the number or the stock is of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    severity_before = _scale(_("severity before"))
    probability_before = _scale(_("probability before"))
    severity_after = _scale(_("severity after"))
    probability_after = _scale(_("probability after"))
    risk_note = models.TextField(_("how the risk was judged"), blank=True)
    release_at = models.DateTimeField(_("planned release"), null=True, blank=True, editable=False)
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)
    retrospective_due_at = models.DateTimeField(_("retrospective approval due"), null=True, blank=True, editable=False)
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True, editable=False)
    return_refused_at = models.DateTimeField(_("return refused"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_changeorder_number"),
            models.CheckConstraint(
                name="ck_changeorder_temporary", condition=Q(is_temporary=True) | Q(expires_at__isnull=True)
            ),
        )
        indexes = (
            models.Index(
                fields=["site", "due_at"], condition=~Q(status__in=("closed", "cancelled")), name="ix_changeorder_open"
            ),
            models.Index(fields=["release_at"], condition=Q(status="ready"), name="ix_changeorder_planned"),
            models.Index(
                fields=["status"], condition=Q(status__in=("released", "monitoring")), name="ix_changeorder_in_force"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("qms_changes:changeorder_detail", args=[self.pk])

    @property
    def is_emergency(self) -> bool:
        """Whether it is released before it is assessed."""
        return self.urgency == self.Urgency.EMERGENCY

    @property
    def risk_before(self) -> int | None:
        """Severity times probability without the change."""
        return _product(self.severity_before, self.probability_before)

    @property
    def risk_after(self) -> int | None:
        """Severity times probability with the change."""
        return _product(self.severity_after, self.probability_after)


def _product(severity: int | None, probability: int | None) -> int | None:
    return None if severity is None or probability is None else severity * probability


class ChangeItem(TrailedModel):
    """A controlled revision that a change replaces, brings or ends: from this revision to that one."""

    view_permission = "qms_changes.view_changeorder"
    scope_path = "change"
    closure = Closure(
        covers=("action", "revision_type", "from_id", "to_id"),
        ignores={
            "change": "the parent that takes this row along",
            "from_label": "what the revision was called; its kind and id are covered",
            "to_label": "what the revision was called; its kind and id are covered",
            "note": "a remark on how it is done",
        },
    )

    class Action(models.TextChoices):
        NEW = "new", _("New")
        REVISE = "revise", _("Revise")
        OBSOLETE = "obsolete", _("Make obsolete")

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="items")
    action = models.CharField(_("action"), max_length=12, choices=Action.choices)
    revision_type = models.ForeignKey(
        ContentType, verbose_name=_("kind of revision"), on_delete=models.PROTECT, related_name="+"
    )
    from_id = models.BigIntegerField(_("from revision"), null=True, blank=True)
    from_label = models.CharField(_("from revision"), max_length=300, blank=True)
    to_id = models.BigIntegerField(_("to revision"), null=True, blank=True)
    to_label = models.CharField(_("to revision"), max_length=300, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("item of a change")
        verbose_name_plural = _("items of changes")
        constraints = (
            models.CheckConstraint(
                name="ck_changeitem_action",
                condition=Q(action="new", from_id__isnull=True, to_id__isnull=False)
                | Q(action="revise", from_id__isnull=False)
                | Q(action="obsolete", from_id__isnull=False, to_id__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["change", "revision_type", "from_id"],
                condition=Q(from_id__isnull=False),
                name="uq_changeitem_from",
            ),
            models.UniqueConstraint(
                fields=["change", "revision_type", "to_id"], condition=Q(to_id__isnull=False), name="uq_changeitem_to"
            ),
        )
        indexes = (
            models.Index(fields=["revision_type", "to_id"], name="ix_changeitem_to"),
            models.Index(fields=["revision_type", "from_id"], name="ix_changeitem_from"),
        )

    def __str__(self) -> str:
        return self.to_label or self.from_label

    def get_absolute_url(self) -> str:
        return f"{self.change.get_absolute_url()}?tab=items"

    def _revision(self, key: int | None) -> Any:
        known: dict[int, Any] | None = self.__dict__.get("revisions")
        if known is not None:
            return None if key is None else known.get(key)
        model = self.revision_type.model_class()
        return None if model is None or key is None else model._base_manager.filter(pk=key).first()

    @property
    def from_revision(self) -> Any:
        """The revision that counts before the change, if there is one."""
        return self._revision(self.from_id)

    @property
    def to_revision(self) -> Any:
        """The revision that counts after it, once it is named."""
        return self._revision(self.to_id)


class ConfigurationScope(TrailedModel):
    """A kind of configuration that may be altered while the change is being implemented."""

    view_permission = "qms_changes.view_changeorder"
    scope_path = "change"
    closure = Closure(covers=("configuration_type",), ignores={"change": "the parent that takes this row along"})

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="scopes")
    configuration_type = models.ForeignKey(
        ContentType, verbose_name=_("kind of configuration"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("configuration that a change may alter")
        verbose_name_plural = _("configuration that changes may alter")
        constraints = (
            models.UniqueConstraint(fields=["change", "configuration_type"], name="uq_configurationscope_type"),
        )

    def __str__(self) -> str:
        return str(self.configuration_type.name)
