"""Addresses of an app's operations, made from its pages."""

from __future__ import annotations

from collections.abc import Collection as Names
from typing import Any

from django.db import models
from django.urls import URLPattern, path

from core.web.api.base import ApiView
from core.web.api.shapes import ValueShape
from core.web.api.views import Collection, DeedView, Download, Item, Moves, Reading
from core.web.views import DetailPage, FormPage, ListPage, MovePage, RecordPage


def _view(base: type[ApiView], **attributes: Any) -> Any:
    """An operation of its own class: its methods are asked of the class, before any request."""
    view: Any = type(base.__name__, (base,), {**attributes, "__doc__": base.__doc__, "__module__": __name__})
    return view.as_view()


def records(
    route: str,
    *,
    name: str,
    list: type[ListPage] | None = None,
    create: type[FormPage] | type[MovePage] | None = None,
    detail: type[RecordPage] | None = None,
    change: type[FormPage] | None = None,
) -> tuple[URLPattern, ...]:
    """`route/` (GET, POST) and `route/<pk>/` (GET, PUT), as far as there are pages; and the moves."""
    found = []
    if list is not None or create is not None:
        found.append(path(f"{route}/", _view(Collection, list_page=list, create_page=create), name=f"{name}_list"))
    if detail is not None or change is not None:
        found.append(
            path(f"{route}/<int:pk>/", _view(Item, detail_page=detail, change_page=change), name=f"{name}_detail")
        )
    if detail is not None and issubclass(detail, DetailPage) and getattr(detail.model, "lifecycle", None) is not None:
        found.append(path(f"{route}/<int:pk>/moves/", _view(Moves, page=detail), name=f"{name}_moves"))
    return tuple(found)


def deed(
    route: str,
    page: type[Any],
    *,
    name: str,
    move: str = "",
    returns: type[models.Model] | None = None,
    shape: type[ValueShape] | None = None,
    status: int = 200,
) -> URLPattern:
    """A POST that does what the page's button does.

    `returns`: what it makes, where that is not the page's record; `shape`: how it looks, where it is no record at all.
    """
    view = _view(DeedView, page=page, move=move, returns=returns, shape=shape, status=status)
    found: URLPattern = path(route, view, name=name)
    return found


def download(route: str, page: type[Any], *, name: str, media_type: str = "*/*") -> URLPattern:
    """A GET that hands out the file that the page hands out."""
    found: URLPattern = path(route, _view(Download, page=page, media_type=media_type), name=name)
    return found


def moves(
    route: str, page: type[MovePage], *, name: str, without: Names[str] = (), only: Names[str] = ()
) -> tuple[URLPattern, ...]:
    """One POST for each move of the page's lifecycle at `route<move>/`."""
    lifecycle: Any = page.model.lifecycle  # type: ignore[attr-defined]
    offered = [move.name for move in lifecycle.moves if not move.automatic]
    wanted = [move for move in offered if move not in without and (not only or move in only)]
    return tuple(deed(f"{route}{move.replace('_', '-')}/", page, name=f"{name}_{move}", move=move) for move in wanted)


def reading(route: str, view: type[Reading], *, name: str) -> URLPattern:
    """Something to be read beside a record."""
    return path(route, view.as_view(), name=name)
