"""The one list page: filters, search, sorting, keyset paging, columns, export. The address is the whole state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import resolve, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.wiring import ask
from core.web import slots
from core.web.access import held, scoped
from core.web.context import shell_of
from core.web.export import PDF_LIMIT, XLSX_LIMIT, csv_lines, streamed
from core.web.filters import RESERVED, Filters, search
from core.web.keyset import BadCursor, field_of, paginate
from core.web.links import is_open
from core.web.questions import Offer, OffersFor, SavedFilterLine, SavedFilters, SavedFiltersOf
from core.web.services import report_export
from core.web.tables import Table
from core.web.views.bulk import Bulk, offered
from core.web.views.record import Page, Text
from core.web.words import words_of

CHUNK = 1000
PASSING = ("after", "before", "export", "view", "row")
"""Parameters that say where one is in a list, not what it shows."""


def kept_query(query: str) -> str:
    """The part of an address that says what a list shows: what a saved filter keeps."""
    kept = QueryDict(query, mutable=True)
    for name in PASSING:
        kept.pop(name, None)
    return kept.urlencode()


class ListPage(Page):
    """A list of records that the visitor may see.

    Give `model`, `table_class`, and where wanted `filterset_class`, `search_fields`, `order` and `create_url_name`.
    Foreign keys that columns show belong into `get_queryset().select_related(…)`: a test counts the statements.
    """

    template_name = "generic/list.html"
    model: ClassVar[type[Model]]
    table_class: ClassVar[type[Table]]
    filterset_class: ClassVar[type[Filters] | None] = None
    search_fields: ClassVar[Sequence[str]] = ()
    order: ClassVar[Sequence[str]] = ("-pk",)
    page_size: ClassVar[int] = 50
    create_url_name: ClassVar[str] = ""
    create_permission: ClassVar[str] = ""
    create_label: ClassVar[Text] = ""
    lead: ClassVar[Text] = ""
    empty_title: ClassVar[Text] = ""
    empty_text: ClassVar[Text] = ""
    empty_icon: ClassVar[str] = "list"
    empty_offers: ClassVar[Sequence[tuple[Text, str]]] = ()
    """Where an empty list is filled from, as (label, url name); imports offer themselves."""
    bulk: ClassVar[Sequence[Bulk]] = ()
    """What can be done with several chosen rows at once."""

    def page_title(self) -> Text:
        return self.title or capfirst(str(self.model._meta.verbose_name_plural))

    def get_queryset(self) -> QuerySet[Any]:
        """All rows before access and filters; add `select_related` here."""
        return self.model._default_manager.all()

    @cached_property
    def visible(self) -> QuerySet[Any]:
        """The rows that the visitor may see."""
        return scoped(self.get_queryset(), self.request.user, self.permission)

    @cached_property
    def filters(self) -> Filters | None:
        """The filter set of this request."""
        if self.filterset_class is None:
            return None
        filters = self.filterset_class(self.request.GET, queryset=self.visible, request=self.request)
        filters.permission = self.permission
        return filters

    @cached_property
    def words(self) -> str:
        """What is searched for."""
        return words_of(self.request)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """The visible rows after filters and search; none while a filter's value is wrong, as the page says then."""
        rows = self.visible
        if self.filters is not None:
            if not self.filters.form.is_valid():
                return rows.none()
            rows = self.filters.qs
        return search(rows, self.words, self.search_fields) if self.words and self.search_fields else rows

    def sorting(self) -> tuple[str, bool]:
        """The sorted column and whether it descends; empty when the list stands in its own order."""
        wanted = self.request.GET.get("sort", "")
        name = wanted.lstrip("-")
        return (name, wanted.startswith("-")) if name and self.sort_path(name) else ("", False)

    def sort_path(self, name: str) -> str:
        """The ORM path behind a column, or empty when it cannot be sorted by the database."""
        column = self.table_class.base_columns.get(name)
        if column is None or column.orderable is False:
            return ""
        path = str(column.order_by[0] if column.order_by else column.accessor or name).replace(".", "__").lstrip("-")
        try:
            field_of(self.model, path)
        except FieldDoesNotExist:
            return ""
        return path

    def ordering(self) -> Sequence[str]:
        """The ORM order of this request."""
        name, descending = self.sorting()
        return [("-" if descending else "") + self.sort_path(name)] if name else self.order

    def hidden_columns(self) -> list[str]:
        """Columns that the visitor switched off (`?columns=` names those that stay)."""
        wanted = [name for name in self.request.GET.get("columns", "").split(",") if name]
        known = list(self.table_class.base_columns)
        return [name for name in known if name not in wanted] if any(name in known for name in wanted) else []

    def column_choices(self) -> list[tuple[str, Text, bool]]:
        """Every column as (name, label, whether it is shown)."""
        hidden = self.hidden_columns()
        return [
            (name, column.verbose_name or name.replace("_", " "), name not in hidden)
            for name, column in self.table_class.base_columns.items()
        ]

    def get_table(self, rows: Sequence[Any], **kwargs: Any) -> Table:
        """The table of these rows."""
        table = self.table_class(rows, exclude=self.hidden_columns(), request=self.request, **kwargs)
        table.context = {"request": self.request, "shell": shell_of(self.request)}
        return table

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        exporting = request.GET.get("export", "")
        if exporting in ("csv", "xlsx", "pdf"):
            return self.export(exporting)
        if not request.GET and self.default is not None:
            return HttpResponseRedirect(f"?{self.default.query}{'&' * bool(self.default.query)}view={self.default.pk}")
        notices = self.notices()
        order = self.ordering()
        after, before = request.GET.get("after", ""), request.GET.get("before", "")
        try:
            page = paginate(self.rows, order, self.page_size, after=after, before=before)
        except BadCursor:
            notices.append(_("That page of the list no longer exists; this is the first one."))
            page = paginate(self.rows, order, self.page_size)
        name, descending = self.sorting()
        return self.render(
            page_of_rows=page,
            table=self.get_table(page.rows),
            headers=self.headers(name, descending),
            notices=notices,
            filters=self.filters,
            active_filters=self.filters.active if self.filters is not None else [],
            words=self.words,
            column_choices=self.column_choices(),
            kept_parameters=[(name, request.GET[name]) for name in ("sort", "columns") if request.GET.get(name)],
            saved=self.saved,
            shown_filter=request.GET.get("view", ""),
            save_query=kept_query(request.GET.urlencode()),
            clear_url="?view=0" if self.default is not None else request.path,
            bulk=offered(self.bulk, request),
            **self.creation(),
            offers=() if page.rows else self.offers(),
        )

    @cached_property
    def page_name(self) -> str:
        """The url name of this list, by which saved filters know it."""
        match = self.request.resolver_match
        return match.view_name if match is not None else ""

    @cached_property
    def saved(self) -> SavedFilters | None:
        """The saved filters that the visitor may choose from; None where no app keeps any."""
        return next(iter(ask(SavedFiltersOf(self.page_name, self.request.user))), None)

    @property
    def default(self) -> SavedFilterLine | None:
        """The saved filter that the list opens with."""
        first = self.saved.lines[0] if self.saved is not None and self.saved.lines else None
        return first if first is not None and first.is_default else None

    def notices(self) -> list[str]:
        """What the visitor must know about this address: filters and sorting that the list does not have."""
        found = []
        unknown = self.filters.unknown if self.filters is not None else sorted(set(self.request.GET) - RESERVED)
        if unknown:
            found.append(_("Not a filter of this list, so ignored: %(names)s.") % {"names": ", ".join(unknown)})
        wanted = self.request.GET.get("sort", "")
        if wanted and not self.sorting()[0]:
            found.append(_("The list cannot be sorted by %(name)s.") % {"name": wanted.lstrip("-")})
        return found

    def headers(self, sorted_by: str, descending: bool) -> dict[str, dict[str, str]]:
        """Per column that can be sorted: the parameter of the next click and how it is sorted now."""
        found = {}
        for name in self.table_class.base_columns:
            if not self.sort_path(name):
                continue
            is_this = name == sorted_by
            found[name] = {
                "next": name if not is_this or descending else f"-{name}",
                "sorted": ("descending" if descending else "ascending") if is_this else "none",
            }
        return found

    def creation(self) -> dict[str, Any]:
        """The primary button, when the visitor may create."""
        if not self.create_url_name or (self.create_permission or self.permission) not in held(self.request):
            return {}
        label = self.create_label or _("New %(thing)s") % {"thing": self.model._meta.verbose_name}
        return {"create_url": reverse(self.create_url_name), "create_label": label}

    def offers(self) -> list[Offer]:
        """The buttons under an empty list that let this visitor in, beside the one that creates."""
        found = [Offer(label, reverse(url_name)) for label, url_name in self.empty_offers]
        return [offer for offer in (*found, *ask(OffersFor(self.model))) if is_open(self.request, offer.url)]

    def export(self, kind: str) -> HttpResponseBase:
        """Every filtered row as a file; that it leaves is published first."""
        queryset = self.rows.order_by(*self.ordering(), "pk")
        total = queryset.count()
        if kind == "xlsx" and total > XLSX_LIMIT:
            text = _("A sheet holds %(limit)s rows, the list has %(total)s: take CSV, or filter.")
            return HttpResponse(text % {"limit": XLSX_LIMIT, "total": total}, status=400, content_type="text/plain")
        if kind == "pdf" and total > PDF_LIMIT:
            text = _("A printed list holds %(limit)s rows, the list has %(total)s: take CSV, or filter.")
            return HttpResponse(text % {"limit": PDF_LIMIT, "total": total}, status=400, content_type="text/plain")
        report_export(
            page=self.request.path,
            query=kept_query(self.request.GET.urlencode()),
            format=kind,
            rows=total,
            actor=self.request.user,
        )
        title = str(self.page_title())
        if kind == "pdf":
            return slots.list_printer()(self, total)
        name = f"{slugify(title) or 'list'}-{now():%Y%m%d-%H%M}.{kind}"
        rows = self.exported(queryset)
        header = next(rows)
        if kind == "csv":
            lines = csv_lines(header, rows)
            return streamed(lines, self.request, content_type="text/csv; charset=utf-8", name=name)
        from core.web.workbook import xlsx_file  # noqa: PLC0415 - loads openpyxl, needed only here

        return FileResponse(xlsx_file(title, header, rows), as_attachment=True, filename=name)

    @classmethod
    def opened(cls, *, path: str, query: str, user: Any, session: Any) -> ListPage:
        """The list at an address as this person sees it, for work that outlives the request (a long export)."""
        match = resolve(path)
        request = HttpRequest()
        request.method, request.path, request.path_info = "GET", path, path
        request.GET, request.user, request.session = QueryDict(query), user, session
        request.resolver_match = match
        view: Any = match.func
        page = view.view_class(**view.view_initkwargs)
        page.setup(request, *match.args, **match.kwargs)
        if not isinstance(page, ListPage) or page.refusal(request) is not None:
            raise LookupError(f"{path} is no list for {user}")
        return page

    def exported(self, queryset: QuerySet[Any]) -> Iterator[Sequence[Any]]:
        """The header, then every row, read in chunks so that memory stays bounded."""
        rows = queryset.iterator(chunk_size=CHUNK)
        yield next(iter(self.get_table([]).as_values()))
        while chunk := list(islice(rows, CHUNK)):
            yield from islice(self.get_table(chunk).as_values(), 1, None)
