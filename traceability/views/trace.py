"""The page of a trace: where a lot or unit came from and where it went, as table, tree, picture or file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.kernel.wiring import ask
from core.organization.queries import sites_of
from core.web.context import shell_of
from core.web.views import RecordPage, Tab
from traceability.forms import TraceForm
from traceability.models import Lot, SerializedUnit
from traceability.queries import Trace, TraceRow, added_up, chosen, node_of, trace_for
from traceability.queries.ends import End, ends_of
from traceability.questions import TraceFiles
from traceability.tables import TraceTable, address_of, line_of
from traceability.views.trace_files import trace_file
from traceability.views.trace_graph import Addresses, Picture, picture
from traceability.views.trace_tree import tree

ROWS_A_PAGE = 200
"""Rows of one page of the table, and of one answer of the API where it asks for no other number."""
ROWS_IN_TREE = 2000


class TracePage(RecordPage):
    """Backward (what went into it), forward (what it went into) or both, as far as the visitor may see it."""

    permission = "traceability.view_genealogylink"
    template_name = "traceability/trace.html"

    @cached_property
    def form(self) -> TraceForm:
        """What the address asks for."""
        return TraceForm(self.request.GET, sites=self.sites_seen)

    @cached_property
    def sites_seen(self) -> QuerySet[Any]:
        """The sites whose lots and units this visitor may see in a trace."""
        return sites_of(self.request.user, self.permission)

    @cached_property
    def site_codes(self) -> dict[int, str]:
        """The same by their ids, with their signs."""
        return dict(self.sites_seen.values_list("pk", "code"))

    @cached_property
    def direction(self) -> Any:
        """Which way is asked for; backward where the address says nothing that can be understood."""
        return self.form.value("direction") if self.form.is_valid() else "backward"

    @cached_property
    def found(self) -> Trace:
        """The whole trace that this visitor may see, before filters."""
        depth = self.form.cleaned_data.get("depth")
        return trace_for(self.record, self.direction, depth=depth, sites=self.site_codes)

    @cached_property
    def rows(self) -> list[TraceRow]:
        """The rows that are asked for."""
        return chosen(self.found.rows, self.form.wanted())

    def crumbs(self) -> list[tuple[Any, str]]:
        listed = str(self.model._meta.verbose_name_plural).capitalize()
        return [(listed, self.list_url()), (str(self.record), self.record_url()), (self.page_title(), "")]

    def page_title(self) -> str:
        words = {
            "backward": _("What went into %(record)s"),
            "forward": _("Where %(record)s went"),
            "both": _("What went into %(record)s, and where it went"),
        }
        return words[self.direction] % {"record": self.record}

    def changed(self, **values: str) -> str:
        """The address with some parameters changed; the page of a table begins anew."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query.pop("export", None)
        for name, value in values.items():
            query[name] = value
        return f"?{query.urlencode()}"

    def choices(self, name: str, current: str) -> list[Tab]:
        """The choices of a way to show the trace, as tabs."""
        offered: Any = self.form.fields[name].choices  # type: ignore[attr-defined]
        return [
            Tab(key, label, "", url=self.changed(**{name: key}), is_current=key == current) for key, label in offered
        ]

    def notices(self) -> list[str]:
        """What is wrong with the address, in words."""
        found = [_("Not a filter of a trace: %(name)s.") % {"name": name[:80]} for name in self.form.unknown]
        for name, errors in self.form.errors.items():
            label = self.form.fields[name].label
            found += [f"{label}: {error}" for error in errors]
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.record  # noqa: B018 - nothing is said about a record that the visitor may not see
        notices = self.notices()
        if notices:
            return self.render(status=400, record=self.record, notices=notices, **self.tools("table"))
        if kind := self.form.cleaned_data["export"]:
            return self.as_file(kind)
        show = self.form.value("show")
        rows = self.rows
        self.form.offer(sorted({row.material_number for row in self.found.rows}))
        return self.render(
            record=self.record,
            rows=rows,
            is_partial=self.found.is_partial,
            levels=max((row.level for row in rows), default=0),
            on_hold=len({row.node for row in rows if row.holds}),
            counted=len({row.node for row in rows}),
            **self.tools(show),
            **{"table": self.as_table, "tree": self.as_tree, "graph": self.as_graph}[show](rows),
        )

    def tools(self, show: str) -> dict[str, Any]:
        """The ways to ask and to show."""
        return {
            "form": self.form,
            "show": show,
            "direction": self.direction,
            "directions": self.choices("direction", self.direction),
            "shows": self.choices("show", show),
            "clear_url": f"?direction={self.direction}&show={show}",
            "other_files": ask(TraceFiles(self.record, self.request.user, self.changed().removeprefix("?"))),
        }

    def as_table(self, rows: list[TraceRow]) -> dict[str, Any]:
        """One page of the rows, and what they add up to."""
        pages = max(1, -(-len(rows) // ROWS_A_PAGE))
        page = min(self.form.cleaned_data["page"] or 1, pages)
        start = (page - 1) * ROWS_A_PAGE
        is_both = self.direction == "both"
        shown = rows[start : start + ROWS_A_PAGE]
        ends = {} if self.direction == "backward" else self.ends(shown)
        unused = [] if is_both else ["direction"]
        unused += [] if any(end.containers for end in ends.values()) else ["containers"]
        unused += [] if any(end.customers for end in ends.values()) else ["customers"]
        table = TraceTable(shown, request=self.request, exclude=unused)
        table.ends = ends
        table.sites = self.site_codes
        table.context = {"request": self.request, "shell": shell_of(self.request)}
        return {
            "table": table,
            "headers": {},
            "own_end": ends.get(node_of(self.record)),
            "page_number": page,
            "pages": pages,
            "totals": added_up(rows) if not is_both and page == 1 and len(rows) <= ROWS_IN_TREE else (),
        }

    def ends(self, rows: list[TraceRow]) -> Mapping[Any, End]:
        """In which containers and with which customers the record itself and these rows are."""
        return ends_of([node_of(self.record), *(row.node for row in rows)], self.request.user)

    def as_tree(self, rows: list[TraceRow]) -> dict[str, Any]:
        """The first rows, one within the other."""
        sides = [[row for row in rows[:ROWS_IN_TREE] if row.direction == side] for side in ("backward", "forward")]
        names = (_("What went into it"), _("Where it went"))
        return {
            "trees": [(name, tree(side, self.told)) for name, side in zip(names, sides, strict=True) if side],
            "left_out": max(len(rows) - ROWS_IN_TREE, 0),
        }

    def told(self, row: TraceRow) -> SafeString:
        """A row as a line of the tree."""
        return line_of(row, self.request)

    def as_graph(self, rows: list[TraceRow]) -> dict[str, Any]:
        """The picture."""
        return {"picture": self.picture(rows)}

    def picture(self, rows: list[TraceRow]) -> Picture:
        """The rows as boxes and lines."""
        addresses = Addresses(
            record=lambda row: address_of(row, self.request), rows=lambda **asked: self.changed(show="table", **asked)
        )
        return picture(str(self.record), str(self.record.material), rows, addresses)

    def as_file(self, kind: str) -> HttpResponseBase:
        """All rows as a file."""
        query = self.request.GET.copy()
        for name in ("export", "page", "show"):
            query.pop(name, None)
        head = {
            "record": str(self.record),
            "material": str(self.record.material),
            "direction": self.direction,
            "filters": {name: value for name, value in query.items() if name != "direction" and value},
            "is_partial": self.found.is_partial,
        }
        return trace_file(
            kind,
            self.request,
            self.rows,
            title=str(self.page_title()),
            ends={} if self.direction == "backward" else self.ends(self.rows),
            query=query.urlencode(),
            sites=self.site_codes,
            head=head,
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
