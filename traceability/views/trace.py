"""The genealogy page: where a lot or unit came from and where it went, at any depth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.organization.queries import sites_of
from core.web.views import RecordPage, Tab
from traceability.models import Lot, SerializedUnit
from traceability.queries import TraceRow, added_up, trace

ROWS_SHOWN = 2000


class TracePage(RecordPage):
    """Backward (what went into it) or forward (what it went into), as a table with levels and quantities."""

    permission = "traceability.view_genealogylink"
    template_name = "traceability/trace.html"

    @property
    def is_forward(self) -> bool:
        """Whether `?direction=forward` is asked."""
        return self.request.GET.get("direction") == "forward"

    @cached_property
    def rows(self) -> list[TraceRow]:
        """The whole trace."""
        return trace(self.record, "forward" if self.is_forward else "backward")

    @cached_property
    def visible_sites(self) -> set[int]:
        """The sites whose lots and units this visitor may see."""
        return set(sites_of(self.request.user, self.permission).values_list("pk", flat=True))

    def shown_rows(self) -> list[TraceRow]:
        """The trace for a reader that has no page: what is at another site keeps its level, and says no more."""
        hidden = {"lot_id": None, "unit_id": None, "number": "", "material": "", "source_label": ""}
        return [row if row.site_id in self.visible_sites else replace(row, **hidden) for row in self.rows]  # type: ignore[arg-type]

    def crumbs(self) -> list[tuple[Any, str]]:
        listed = str(self.model._meta.verbose_name_plural).capitalize()
        return [(listed, self.list_url()), (str(self.record), self.record_url()), (self.page_title(), "")]

    def page_title(self) -> str:
        if self.is_forward:
            return _("Where %(record)s went") % {"record": self.record}
        return _("What went into %(record)s") % {"record": self.record}

    def directions(self) -> list[Tab]:
        """The two directions as tabs."""
        return [
            Tab("backward", _("What went into it"), "", url="?direction=backward", is_current=not self.is_forward),
            Tab("forward", _("Where it went"), "", url="?direction=forward", is_current=self.is_forward),
        ]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        rows = self.rows
        return self.render(
            record=self.record,
            directions=self.directions(),
            is_forward=self.is_forward,
            rows=rows[:ROWS_SHOWN],
            left_out=max(len(rows) - ROWS_SHOWN, 0),
            visible_sites=self.visible_sites,
            totals=added_up(rows),
            levels=max((row.level for row in rows), default=0),
            on_hold=len({row.node for row in rows if row.holds}),
        )


class LotTrace(TracePage):
    """The genealogy of a lot."""

    model = Lot

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.select_related("material__uom", "site")


class UnitTrace(TracePage):
    """The genealogy of a serialized unit."""

    model = SerializedUnit

    def get_queryset(self) -> QuerySet[SerializedUnit]:
        return SerializedUnit.objects.select_related("material__uom", "site", "lot")
