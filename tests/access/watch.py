"""How the crawlers look: who visits, what an answer says, and what it wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client

from core.kernel.permissions import ALL_TEMPLATES
from core.kernel.records import RecordClass, models_of
from tests.access.conftest import Plants
from tests.access.expected import Visitor, refusal
from tests.support.pages import Page
from tests.support.statements import NOTED
from tests.support.whole import in_turn, is_whole

ROLES = [Visitor(template) for template in ALL_TEMPLATES]
GONE = Visitor(None, "deactivated")
"""Somebody who was deactivated, with the session of before: nobody is signed in."""
WITHOUT_RIGHTS = Visitor("nothing any more")
"""Somebody whose grants have ended: signed in, and no more."""
VISITORS = [Visitor(None), *ROLES, GONE, WITHOUT_RIGHTS]
_groups: dict[tuple[str, type[Any], str, bool], set[Visitor]] = {}
FRAGMENT = {"HX-Request": "true"}
"""A refusal as a fragment is the same refusal without the shell around it, which costs most of the time."""


def stands_for_others(visitor: Visitor, page: Page, move: str = "", *, at_other_site: bool = False) -> bool:
    """Whether this visitor is the one that asks here for all who must get the same answer.

    What a visitor must get follows from the rights of the role, not from its name; who asks goes round from address to
    address; `make matrix` has everybody ask. Whoever is let in first does what the page is for (`first_to_hold`).
    """
    if is_whole():
        return True
    key = (page.name, page.view, move, at_other_site)
    if key not in _groups:
        groups: dict[int | None, list[Visitor]] = defaultdict(list)
        for one in VISITORS:
            groups[refusal(page, one, at_other_site=at_other_site, move=move)].append(one)
        named = f"{page.name} {move} {at_other_site}"
        _groups[key] = {alike[0] if answer is None else in_turn(named, alike) for answer, alike in groups.items()}
    return visitor in _groups[key]


def counted() -> dict[str, int]:
    """How many rows each table of records, facts and history has."""
    kinds = (RecordClass.RECORD, RecordClass.FACT, RecordClass.HISTORY)
    tables = sorted(model._meta.db_table for kind in kinds for model in models_of(kind))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))
        return dict(cursor.fetchall())


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that would change a row, as they are sent; that a session is used is no page's own."""
    sent: list[str] = []

    def watch(execute: Any, sql: Any, *more: Any) -> Any:
        if str(sql).lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) and not str(sql).startswith(NOTED):
            sent.append(str(sql)[:120])
        return execute(sql, *more)

    with connection.execute_wrapper(watch):
        yield sent


def text_of(response: Any) -> str:
    """What the visitor reads; a stream of events is not waited for."""
    return "" if response.streaming else response.content.decode(errors="replace")


def client_of(plants: Plants, visitor: Visitor) -> Client:
    """A browser in which the visitor is signed in, or nobody."""
    client = Client(raise_request_exception=False)
    if str(visitor) in plants.sessions:
        client.cookies["sessionid"] = plants.sessions[str(visitor)]
    return client
