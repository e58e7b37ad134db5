"""A trace as a file: CSV, XLSX and JSON with every row that the page counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.web.api.encoding import encoded
from core.web.export import XLSX_LIMIT, csv_lines, streamed
from core.web.services import report_export
from traceability.queries import TraceRow
from traceability.queries.ends import End
from traceability.serializers import TraceRowShape

ROWS_AT_ONCE = 500


def header() -> list[str]:
    """The names of the columns."""
    return [
        _("Direction"), _("Level"), _("Relation"), _("Lot"), _("Unit"), _("Material number"), _("Material"),
        _("Quantity"), _("Unit of measure"), _("State"), _("Open holds"), _("Usable until"), _("Site"),
        _("Recorded at"), _("When"), _("Containers"), _("With customers"), _("Something between is not shown"),
        _("Shown further at another row"),
    ]  # fmt: skip


def values(rows: Sequence[TraceRow], sites: Mapping[int, str], ends: Mapping[Any, End]) -> Iterator[list[Any]]:
    """The rows of the file."""
    directions = {"backward": _("What went into it"), "forward": _("Where it went")}
    relations = {"used": _("used"), "unit": _("unit of this lot"), "container": _("is in this lot")}
    said = {True: _("yes"), False: ""}
    for row in rows:
        yield [
            directions[row.direction], row.level, relations[row.relation],
            row.number if row.lot_id is not None else "", row.number if row.lot_id is None else "",
            row.material_number, row.material.removeprefix(f"{row.material_number} "), row.quantity, row.uom,
            row.state_label, row.holds, row.expires_on, sites.get(row.site_id, ""), row.source_label, row.at,
            *_end(ends.get(row.node)), said[row.skips], said[row.repeated],
        ]  # fmt: skip


def _end(end: End | None) -> tuple[str, str]:
    return ("", "") if end is None else (", ".join(end.containers), ", ".join(end.customers))


def json_lines(head: Mapping[str, Any], rows: Sequence[TraceRow]) -> Iterator[str]:
    """One JSON document: what was asked, then the rows as the API shows them, some at a time."""
    yield f'{{"trace": {encoded(head)}, "results": ['
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = TraceRowShape(rows[start : start + ROWS_AT_ONCE], many=True).data
        yield (", " if start else "") + encoded(part)[1:-1]
    yield "]}"


def trace_file(
    kind: str,
    request: HttpRequest,
    rows: Sequence[TraceRow],
    *,
    title: str,
    query: str,
    sites: Mapping[int, str],
    ends: Mapping[Any, End],
    head: Mapping[str, Any],
) -> HttpResponseBase:
    """The rows as a file of this kind; that they leave is published first, as for every list."""
    if kind == "xlsx" and len(rows) > XLSX_LIMIT:
        text = _("A sheet holds %(limit)s rows, the list has %(total)s: take CSV, or filter.")
        return HttpResponse(text % {"limit": XLSX_LIMIT, "total": len(rows)}, status=400, content_type="text/plain")
    report_export(page=request.path, query=query, format=kind, rows=len(rows), actor=request.user)
    name = f"{slugify(title) or 'trace'}-{now():%Y%m%d-%H%M}.{kind}"
    if kind == "json":
        return streamed(json_lines(head, rows), request, content_type="application/json", name=name)
    if kind == "csv":
        lines = csv_lines(header(), values(rows, sites, ends))
        return streamed(lines, request, content_type="text/csv; charset=utf-8", name=name)
    from core.web.workbook import xlsx_file  # noqa: PLC0415 - loads openpyxl, needed only here

    return FileResponse(xlsx_file(title, header(), values(rows, sites, ends)), as_attachment=True, filename=name)
