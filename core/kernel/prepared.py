"""A cursor whose statements PostgreSQL keeps prepared: what a deed asks again and again is parsed and planned once.

Django puts values into the text of a statement, so that PostgreSQL reads and plans each anew. Here they go beside it.
A connection of the pool keeps a statement from the second time on (config/database.py).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.db.backends.postgresql.base import CursorMixin
from psycopg import RawCursor
from psycopg.sql import Literal

KEPT = 2000
"""Statements whose placeholders are numbered once; as many as all deeds have, and some."""


@lru_cache(maxsize=KEPT)
def _numbered(sql: str) -> str:
    """The statement with $1, $2 … for each %s, as PostgreSQL knows it."""
    parts = re.split(r"%([s%])", sql)
    found, number = [parts[0]], 0
    for mark, text in zip(parts[1::2], parts[2::2], strict=True):
        number += mark == "s"
        found += [f"${number}" if mark == "s" else "%", text]
    return "".join(found)


class _Told:
    """The statement with its values, for Django's log of queries; put together only where the log asks."""

    def __init__(self, cursor: Any, sql: str, values: Any) -> None:
        self.cursor, self.sql, self.values = cursor, sql, values

    @property
    def query(self) -> bytes:
        link = self.cursor.connection
        return re.sub(r"\$(\d+)", lambda n: Literal(self.values[int(n[1]) - 1]).as_string(link), self.sql).encode()


class PreparedCursor(CursorMixin, RawCursor[Any]):
    """Sends values beside the statement."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """As every cursor of Django: `%s` stands for a value."""
        numbered = _numbered(query)
        done = super().execute(numbered, params, **options)
        self._query: Any = _Told(self, numbered, params)
        return done


def prepared_cursor(connection: Any) -> Any:
    """A cursor of this Django connection, with its wrappers, that sends values beside the statement."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection._prepare_cursor(PreparedCursor(connection.connection))
