"""Other lots that may have the same defect: each is answered on its own (21 CFR 211.192)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from qms.nonconformance.models.records import NonConformance
from traceability.models import Lot


class OtherLot(TrailedModel):
    """A lot that the genealogy ties to an affected one, and whether it is affected too."""

    view_permission = "qms_nonconformance.view_nonconformance"
    scope_path = "nonconformance"
    closure = Closure(covers=("nonconformance", "lot", "relation", "answer", "rationale", "answered_by", "answered_at"))

    class Relation(models.TextChoices):
        WENT_INTO_IT = "component", _("went into an affected one")
        MADE_OF_IT = "made_of_it", _("made of an affected one")
        SHARES_COMPONENT = "sibling", _("made of the same component")

    class Answer(models.TextChoices):
        UNANSWERED = "", _("Not answered")
        AFFECTED = "affected", _("Affected")
        NOT_AFFECTED = "not_affected", _("Not affected")

    nonconformance = models.ForeignKey(NonConformance, on_delete=models.PROTECT, related_name="other_lots")
    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="possibly_affected")
    relation = models.CharField(_("why it is asked"), max_length=12, choices=Relation.choices)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices, blank=True, default="")
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
        verbose_name = _("other lot possibly affected")
        verbose_name_plural = _("other lots possibly affected")
        constraints = (
            models.UniqueConstraint(fields=["nonconformance", "lot"], name="uq_otherlot_lot"),
            models.CheckConstraint(
                name="ck_otherlot_answered",
                condition=Q(answer="") | Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.lot)

    def get_absolute_url(self) -> str:
        return self.nonconformance.get_absolute_url()
