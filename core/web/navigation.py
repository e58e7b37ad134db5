"""The navigation as a user sees it: `settings.NAVIGATION` filtered by permission, with counts."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count as Aggregate
from django.db.models import Value
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from core.kernel.wiring import ask
from core.web.questions import Count, NavigationCount

Text = str | Promise


class Entry(Protocol):
    """What `settings.NAVIGATION` gives per link; an empty permission means: everybody who is signed in."""

    @property
    def label(self) -> Text: ...
    @property
    def url_name(self) -> str: ...
    @property
    def permission(self) -> str: ...
    @property
    def icon(self) -> str: ...


class Section(Protocol):
    """What `settings.NAVIGATION` gives per group of links."""

    @property
    def label(self) -> Text: ...
    @property
    def entries(self) -> Sequence[Entry]: ...


@dataclass(frozen=True)
class Link:
    """One link as it is shown."""

    label: Text
    url: str
    icon: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True)
class Group:
    """One titled group of links as it is shown."""

    label: Text
    links: tuple[Link, ...]


_compiled: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}
MOST_COMPILED = 1_000
"""Statements that are kept, one for each set of rights that somebody holds."""


def navigation(user: Any, path: str, held: frozenset[str]) -> list[Group]:
    """The groups with at least one link for this user; the longest matching address is the current one."""
    sections: Sequence[Section] = import_string(settings.NAVIGATION)
    visible = [
        (section, entry, url)
        for section in sections
        for entry in section.entries
        if (not entry.permission or entry.permission in held) and (url := _address(entry.url_name))
    ]
    counts = _counted(ask(NavigationCount(user)))
    current = max((url for _, _, url in visible if path.startswith(url)), key=len, default="")
    groups = []
    for section in sections:
        links = tuple(
            Link(entry.label, url, entry.icon, url == current, counts.get(entry.url_name, 0))
            for owner, entry, url in visible
            if owner is section
        )
        if links:
            groups.append(Group(section.label, links))
    return groups


def _counted(asked: Sequence[Count]) -> dict[str, int]:
    """How many rows wait behind each entry; one query for all of them, compiled once for each set of rights."""
    if not asked:
        return {}
    is_kept = all(one.depends_on is not None for one in asked)
    key = tuple((one.url_name, one.depends_on) for one in asked)
    statement = _compiled.get(key) if is_kept else None
    if statement is None:
        statement = _statement(asked)
        if is_kept:
            if len(_compiled) >= MOST_COMPILED:
                _compiled.clear()
            _compiled[key] = statement
    if not statement[0]:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return dict(cursor.fetchall())


def _statement(asked: Sequence[Count]) -> tuple[str, tuple[Any, ...]]:
    """The SQL that counts all of them, with its values; empty where nothing can be waiting for anybody."""
    numbers = [
        one.waiting()
        .order_by()
        .annotate(entry=Value(one.url_name))
        .values("entry")
        .annotate(number=Aggregate("pk"))
        .values_list("entry", "number")
        for one in asked
    ]
    try:
        sql, values = numbers[0].union(*numbers[1:], all=True).query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return "", ()
    return sql, tuple(values)


@functools.cache
def _address(url_name: str) -> str:
    """The address of an entry; empty where its app is no part of this installation."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
