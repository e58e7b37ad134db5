"""Pages of stock counts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.web.access import may
from core.web.markup import quantity
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage
from traceability import services
from traceability.filters import StockCountFilters
from traceability.forms.counting import CountBeginForm, CountLineForm
from traceability.models import SerializedUnit, StockCount, StockCountLine
from traceability.queries import lines_of, not_counted, units_not_counted
from traceability.tables import StockCountTable

SEE, COUNT = "traceability.view_stockcount", "traceability.count_stockcount"
LOTS_SHOWN = 200


def _counts() -> QuerySet[StockCount]:
    return StockCount.objects.select_related("location", "site", "lot")


def _facts(count: StockCount) -> list[Fact]:
    return [
        Fact(_("Storage location"), count.location, count.location.get_absolute_url()),
        *([Fact(_("Only lot"), count.lot, count.lot.get_absolute_url())] if count.lot is not None else []),
        Fact(_("Site"), count.site),
    ]


class StockCountList(ListPage):
    """Stock counts, the latest first."""

    model, permission = StockCount, SEE
    table_class, filterset_class = StockCountTable, StockCountFilters
    search_fields = ("number", "location__code", "location__name", "lines__lot__number")
    create_url_name, create_permission = "traceability:stockcount_create", COUNT
    create_label = gettext_lazy("Count a place")
    empty_title = gettext_lazy("No stock counts yet")
    empty_text = gettext_lazy("Choose a place and count what lies there. Somebody else approves the differences.")
    empty_icon = "scale"

    def get_queryset(self) -> QuerySet[StockCount]:
        return _counts()


class StockCountCreate(FormPage):
    """Begin to count a place."""

    model, permission, form_class = StockCount, COUNT, CountBeginForm
    title = gettext_lazy("Count a place")
    submit_label = gettext_lazy("Begin")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, self.permission)}

    def deed(self, form: Any) -> StockCount:
        return services.begin_count(**form.cleaned_data, actor=self.request.user)


class StockCountDetail(DetailPage):
    """One count. What the ledger says is shown once all is counted: whoever counts looks, and does not copy."""

    model, permission = StockCount, SEE
    template_name = "traceability/stockcount_detail.html"
    timeline_later = True
    gates_later = True
    stepper_path = ("counting", "submitted", "booked")

    def get_queryset(self) -> QuerySet[StockCount]:
        return _counts()

    def page_title(self) -> str:
        return str(self.record.location)

    def number(self) -> str:
        return str(self.record.number)

    def facts(self) -> list[Fact]:
        return _facts(self.record)

    def actions(self) -> list[Action]:
        if self.record.status != "counting":
            return []
        address = reverse("traceability:stockcountline_create", args=[self.record.pk])
        return [Action(_("Count a lot or unit"), address, "plus", COUNT)]

    def context(self, **more: Any) -> dict[str, Any]:
        count = self.record
        is_counting = count.status == "counting"
        return super().context(
            lines=lines_of(count),
            is_counting=is_counting,
            may_count=is_counting and may(self.request.user, COUNT, count),
            missing=not_counted(count)[:LOTS_SHOWN] if is_counting else (),
            missing_units=units_not_counted(count)[:LOTS_SHOWN] if is_counting else (),
            **more,
        )


class StockCountMove(MovePage):
    """All counted, approve and book, count again, cancel."""

    model, permission = StockCount, SEE

    def get_queryset(self) -> QuerySet[StockCount]:
        return _counts()

    def covered(self) -> list[Fact]:
        facts = _facts(self.record)
        if self.record.status == "counting":
            return [*facts, Fact(_("Lots counted"), self.record.lines.count())]
        lines = lines_of(self.record)
        differing = [line for line in lines if line.difference]
        facts.append(Fact(_("Lots counted"), len(lines)))
        if not differing:
            facts.append(Fact(_("Differences"), _("none")))
        for line in differing:
            uom = line.lot.material.uom.symbol
            facts.append(
                Fact(f"{line.lot.material.number} · {line.goods}", quantity(line.difference, uom), tone="warn")
            )
        return facts


class StockCountLineCreate(FormPage):
    """How much of a lot is there; the page comes back for the next one."""

    model, permission, form_class = StockCount, COUNT, CountLineForm
    title = gettext_lazy("Count a lot or unit")
    submit_label = gettext_lazy("Record")
    change_needs_reason = changes_record = False

    def get_queryset(self) -> QuerySet[StockCount]:
        return _counts()

    def get_initial(self) -> dict[str, Any]:
        return {name: self.request.GET.get(name, "")[:60] for name in ("lot", "counted")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": self.record.site_id}

    def deed(self, form: Any) -> StockCountLine:
        goods, counted, reason = (form.cleaned_data[name] for name in ("lot", "counted", "reason"))
        common = {"count": self.record, "reason": reason, "actor": self.request.user}
        if isinstance(goods, SerializedUnit):
            return services.record_unit(unit=goods, is_there=counted != 0, **common)
        return services.record_count(lot=goods, counted=counted, **common)
