"""What quality found when a lot that had reached its retest day was tested again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel
from traceability.models.stock import Lot


class LotRetest(FactModel):
    """A lot was tested again and may be used until the next retest; signed (21 CFR 211.87)."""

    scope_path = "lot__site"
    view_permission = "traceability.view_lot"
    closure = Closure(covers=("lot", "before", "retest_on", "result"))

    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="retests")
    before = models.DateField(_("was to be retested"), null=True, blank=True)
    retest_on = models.DateField(_("next retest"))
    result = models.TextField(_("what was found"))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("retest of a lot")
        verbose_name_plural = _("retests of lots")

    def __str__(self) -> str:
        return f"{self.lot} · {self.retest_on.isoformat()}"

    def get_absolute_url(self) -> str:
        return self.lot.get_absolute_url()
