"""Operations of the API: each is a page's second face, and a door: one service call, its result or refusal back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.web import slots
from core.web.api.base import ApiView, PageClass
from core.web.api.deeds import Deeds
from core.web.api.problems import Problem, of_exception, of_form
from core.web.api.shapes import shape_of
from core.web.keyset import BadCursor, paginate
from core.web.views import FormPage, ListPage, MovePage, RecordPage

ROWS, MOST_ROWS = 50, 200
OF_LISTS = ("q", "sort", "after", "before", "limit")


def limit_of(asked: Mapping[str, str]) -> int:
    """How many rows the address asks for."""
    limit = asked.get("limit", str(ROWS))
    if not limit.isascii() or not limit.isdecimal() or len(limit) > 4 or not 1 <= int(limit) <= MOST_ROWS:
        raise Problem(400, _("“limit” is a number from 1 to %(most)s.") % {"most": MOST_ROWS})
    return int(limit)


class Collection(Deeds):
    """A list of records, and the creation of one."""

    list_page: type[ListPage] | None = None
    create_page: type[FormPage] | type[MovePage] | None = None

    def pages(self) -> Mapping[str, PageClass]:
        found = {"GET": self.list_page, "POST": self.create_page}
        return {method: page for method, page in found.items() if page is not None}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """One page of the visible rows, filtered, searched and sorted as on the screen's list."""
        if self.list_page is None:
            return Problem(405, headers={"Allow": ", ".join(self.allowed_methods)}).response()
        page: Any = self.opened(self.list_page)
        filters = page.filters
        fields = filters.form.fields.items() if filters is not None else ()
        names = [
            f"{name}_{suffix}" if suffix else name
            for name, field in fields
            for suffix in getattr(field.widget, "suffixes", None) or [""]
        ]
        self.refuse_unknown((*OF_LISTS, *names))
        if filters is not None and not filters.form.is_valid():
            problem = of_form(filters.form)
            problem.status = 400
            raise problem
        if page.request.GET.get("sort") and not page.sorting()[0]:
            raise Problem(400, _("The list cannot be sorted by this."))
        return self.answer(self.paged(page, page.rows))

    def paged(self, page: Any, rows: Any) -> dict[str, Any]:
        """The rows with the cursors of the neighbouring pages."""
        asked = page.request.GET
        limit = limit_of(asked)
        try:
            found: Any = paginate(
                rows, page.ordering(), limit, after=asked.get("after", ""), before=asked.get("before", "")
            )
        except BadCursor as error:
            raise Problem(400, _("The cursor was not made by this list in this order.")) from error
        shape = shape_of(page.model)
        return {
            "results": shape(found.rows, many=True).data,
            "next": found.next or None,
            "previous": found.previous or None,
            "total": found.total,
            "is_total_exact": found.is_total_exact,
        }

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Create a record."""
        if self.create_page is None:
            return Problem(405, headers={"Allow": ", ".join(self.allowed_methods)}).response()
        return self.do(self.create_page, status=201, base=request._request.path)


class Item(Deeds):
    """One record: read, and change as its form does."""

    detail_page: type[RecordPage] | None = None
    change_page: type[FormPage] | None = None

    def pages(self) -> Mapping[str, PageClass]:
        found = {"GET": self.detail_page, "PUT": self.change_page}
        return {method: page for method, page in found.items() if page is not None}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """The record, with its version as ETag; 304 where `If-None-Match` names it."""
        if self.detail_page is None:
            return Problem(405, headers={"Allow": ", ".join(self.allowed_methods)}).response()
        self.refuse_unknown(())
        body, headers = self.shown(self.opened(self.detail_page).record)
        if headers and request.META.get("HTTP_IF_NONE_MATCH") == headers["ETag"]:
            return HttpResponse(status=304, headers=headers)
        return self.answer(body, headers=headers)

    def put(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Change the record; every field of the form is sent."""
        if self.change_page is None:
            return Problem(405, headers={"Allow": ", ".join(self.allowed_methods)}).response()
        return self.do(self.change_page)


class DeedView(Deeds):
    """A deed on a record, or a move of it."""

    page: PageClass | None = None
    move = ""
    status = 200

    def pages(self) -> Mapping[str, PageClass]:
        return {"POST": self.page} if self.page is not None else {}

    def page_settings(self, method: str) -> dict[str, Any]:
        return {"move": self.move} if self.move else {}

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Do it."""
        return self.do(self.pages()["POST"], status=self.status)


class Reading(ApiView):
    """Something that is read beside the record itself. Give `page` (whose record and right it is), `shape`, `read`."""

    page: PageClass | None = None
    shape: ClassVar[type[Any]]
    query: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Parameters of the address with their permitted values; the first is meant where none is given."""
    texts: ClassVar[tuple[str, ...]] = ()
    """Parameters whose values the page's own form judges."""
    is_paged: ClassVar[bool] = False
    """Whether the rows come in pages, as a list's do: by `limit` and `after`."""
    beside: ClassVar[Mapping[str, str]] = {}
    """What stands beside the rows (`said`), each with its JSON type."""

    def pages(self) -> Mapping[str, PageClass]:
        return {"GET": self.page} if self.page is not None else {}

    def read(self, page: Any) -> Iterator[Any] | list[Any]:
        """The rows."""
        raise NotImplementedError

    def asked(self, name: str) -> str:
        """The value of a parameter."""
        permitted = self.query[name]
        value = self.request._request.GET.get(name, permitted[0])
        if value not in permitted:
            raise Problem(400, _("“%(name)s” is one of: %(values)s.") % {"name": name, "values": ", ".join(permitted)})
        return str(value)

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Read it."""
        self.refuse_unknown((*self.query, *self.texts, *(("limit", "after") if self.is_paged else ())))
        page: Any = self.opened(self.pages()["GET"])
        rows = list(self.read(page))
        around = self.around(rows) if self.is_paged else {}
        return self.answer({"results": self.shape(rows, many=True).data, **around, **self.said(page)})

    def said(self, page: Any) -> dict[str, Any]:
        """What stands beside the rows, as `beside` names it."""
        return {}

    def around(self, rows: list[Any]) -> dict[str, Any]:
        """Cut the rows to the page that is asked for, and name its neighbours: a cursor counts the rows before it."""
        asked, total = self.request._request.GET, len(rows)
        limit, after = limit_of(asked), asked.get("after", "0")
        if not after.isascii() or not after.isdecimal() or len(after) > 9:
            raise Problem(400, _("The cursor was not made by this list in this order."))
        start = int(after)
        rows[:] = rows[start : start + limit]
        return {
            "next": str(start + limit) if start + limit < total else None,
            "previous": str(max(start - limit, 0)) if start else None,
            "total": total,
            "is_total_exact": True,
        }


class Download(ApiView):
    """A file, as the page hands it out."""

    page: PageClass | None = None
    media_type = "*/*"

    def pages(self) -> Mapping[str, PageClass]:
        return {"GET": self.page} if self.page is not None else {}

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """The bytes."""
        self.refuse_unknown(())
        page: Any = self.opened(self.pages()["GET"])
        found: HttpResponseBase = page.get(page.request, **kwargs)
        if found.status_code != HTTPStatus.OK:  # the page says it on a page of its own
            raise Problem(500, _("The stored file is missing or differs from its hash; it is not handed out."))
        return found


class Moves(ApiView):
    """The moves from the record's present state, and for each what stands against it for this person."""

    is_moves = True
    page: PageClass | None = None

    def pages(self) -> Mapping[str, PageClass]:
        return {"GET": self.page} if self.page is not None else {}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Why, and why not."""
        self.refuse_unknown(())
        record = self.opened(self.pages()["GET"]).record
        states = slots.mover().available_moves(record, request.user)
        found = [
            {
                "move": state.move.name,
                "label": str(state.move.label),
                "to": state.move.target,
                "meaning": state.move.signature,
                "reason_required": state.move.reason_required,
                "allowed": state.allowed,
                "blockers": [blocker.as_dict() for blocker in state.blockers],
            }
            for state in states
        ]
        return self.answer({"results": found})


def nothing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """An address below /api/ where nothing is."""
    problem = of_exception(Http404())
    assert problem is not None
    return problem.response()
