"""Pages of how long lots may be used: opened, and retested."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.markup import site_time
from core.web.views import Action, Fact, MovePage
from traceability import services
from traceability.forms.shelf_life import RetestForm
from traceability.models import Lot
from traceability.queries import day_at


def life_facts(lot: Lot) -> list[Fact]:
    """What else limits the use of a lot, where something does."""
    facts = []
    if lot.opened_at is not None:
        facts.append(Fact(_("Opened"), site_time(lot.opened_at, ZoneInfo(lot.site.time_zone))))
    if lot.retest_on is not None:
        facts.append(Fact(_("To be retested by"), lot.retest_on))
    return facts


def life_badges(lot: Lot) -> list[tuple[str, str, str]]:
    """Marks of a lot that is past one of its days."""
    today, badges = day_at(lot.site), []
    if lot.usable_until is not None and lot.usable_until < today:
        badges.append((_("Expired"), "bad", "alert"))
    if lot.retest_on is not None and lot.retest_on < today:
        badges.append((_("Retest due"), "bad", "alert"))
    return badges


def life_actions(lot: Lot) -> list[Action]:
    """Open it, and record a retest, where its material asks for either."""
    if lot.lifecycle.state(lot.status).final:
        return []
    found = []
    if lot.material.open_life_days is not None and lot.opened_at is None:
        address = reverse("traceability:lot_open", args=[lot.pk])
        found.append(Action(_("Open"), address, "package", "traceability.issue_stock"))
    if lot.material.retest_days is not None:
        address = reverse("traceability:lot_retest", args=[lot.pk])
        found.append(Action(_("Retest"), address, "flask", "traceability.release_lot"))
    return found


class LifePage(MovePage):
    """Base of deeds about how long a lot may be used."""

    model, permission = Lot, "traceability.view_lot"

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.select_related("material__uom", "site", "revision")

    def covered(self) -> list[Fact]:
        return [
            Fact(_("Material"), self.record.material),
            Fact(_("Usable until"), self.record.usable_until or "–"),
            *life_facts(self.record),
        ]


class LotOpen(LifePage):
    """A lot is opened: its days run."""

    deed_permission = "traceability.issue_stock"
    label = gettext_lazy("Open")
    title = gettext_lazy("Open a lot")
    explanation = gettext_lazy("Its material keeps for fewer days once opened. They are counted from now on.")

    def deed(self, form: Any) -> Lot:
        return services.open_lot(lot=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)


class LotRetest(LifePage):
    """Quality tested a lot again."""

    deed_permission, meaning = "traceability.release_lot", services.RETEST_MEANING
    form_class = RetestForm
    label = gettext_lazy("Record the retest")
    title = gettext_lazy("Retest a lot")
    explanation = gettext_lazy(
        "You sign that the lot was tested and may be used until its next retest. One that failed is rejected instead."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "lot": self.record}

    def deed(self, form: Any) -> Lot:
        services.retest_lot(lot=self.record, **form.cleaned_data, actor=self.request.user, signature=self.proof())
        lot: Lot = self.record
        return lot
