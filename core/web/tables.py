"""Columns and the base of list tables. `render` is for the page, `value` is what an export gets."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.web import markup
from core.web.links import reachable

RIGHT = {"th": {"class": "tl-right"}, "td": {"class": "tl-right"}}
EMPTY = "–"
"""What an empty cell shows, in every list; an export leaves it empty."""
STRONG = {"td": {"class": "tl-strong"}}


class Table(tables.Table):  # type: ignore[misc]
    """Base of every list table. Sorting and paging are the page's: rows arrive ready."""

    class Meta:
        template_name = "ui/table.html"
        attrs: ClassVar[dict[str, str]] = {"class": "tl-table"}
        order_by_field = "sort"

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("empty_text", "")
        kwargs.setdefault("default", EMPTY)  # a table without a Meta of its own has none of the one above
        super().__init__(*args, **kwargs)
        self.request = request  # given to the library, it would sort and cut the rows once more: to 25 of them


class LinkColumn(tables.Column):  # type: ignore[misc]
    """The number or name of the record, leading to its page; `url` is another method that gives the address."""

    def __init__(self, *args: Any, url: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("attrs", STRONG)

        def address(record: Any, table: Table) -> str:
            return reachable(getattr(table, "request", None), getattr(record, url)() if url else markup.url_of(record))

        super().__init__(*args, linkify=address, **kwargs)


class StateColumn(tables.Column):  # type: ignore[misc]
    """The state of a record with a lifecycle, as word + icon + tone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("accessor", "status")
        kwargs.setdefault("verbose_name", _("State"))
        super().__init__(*args, **kwargs)

    def render(self, value: Any, record: Any) -> SafeString:
        return markup.state_of(_owner(record, self.accessor))

    def value(self, value: Any, record: Any) -> str:
        owner = _owner(record, self.accessor)
        return str(owner.lifecycle.state(owner.status).label)


def _owner(record: Any, accessor: str) -> Any:
    """The record that carries the status: the row itself, or a related one (`lot__status`)."""
    for step in str(accessor).split("__")[:-1]:
        record = getattr(record, step)
    return record


class QuantityColumn(tables.Column):  # type: ignore[misc]
    """A number with its unit, to the right; `unit` is an attribute path on the record or a fixed text."""

    def __init__(self, *args: Any, unit: str = "", unit_path: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("attrs", RIGHT)
        super().__init__(*args, **kwargs)
        self.unit, self.unit_path = unit, unit_path

    def render(self, value: Any, record: Any) -> SafeString:
        unit: Any = record
        for step in self.unit_path.split("__") if self.unit_path else ():
            unit = getattr(unit, step, "")
        return markup.quantity(value, str(unit) if self.unit_path else self.unit)

    def value(self, value: Any) -> Any:
        return value


class TimeColumn(tables.Column):  # type: ignore[misc]
    """A moment, in the site's zone with offset."""

    def render(self, value: dt.datetime, table: Any) -> SafeString:
        return markup.site_time(value, table.context["shell"].zone if table.context else dt.UTC)

    def value(self, value: Any) -> Any:
        return value


class DueColumn(TimeColumn):
    """A moment by which something is due: how long still, or how long over."""

    def render(self, value: dt.datetime, table: Any) -> SafeString:
        return markup.due(value)


class YesNoColumn(tables.Column):  # type: ignore[misc]
    """Whether something is so, as a word."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, empty_values=(None,))

    def render(self, value: bool) -> SafeString:
        return format_html('<span class="{}">{}</span>', "" if value else "tl-soft", self.value(value))

    def value(self, value: bool) -> str:
        return gettext("Yes") if value else gettext("No")


class NumberColumn(tables.Column):  # type: ignore[misc]
    """A figure, to the right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", RIGHT)
        super().__init__(*args, **kwargs)
