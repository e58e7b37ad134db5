"""Django's PostgreSQL backend with a named point on either side of each commit."""

from __future__ import annotations

from django.db.backends.postgresql import base

from core.kernel import deeds
from tests.faults import points


class DatabaseWrapper(base.DatabaseWrapper):
    """Comes by the points; changes nothing else."""

    def _commit(self) -> None:
        door = deeds._source.get()
        points.strike("before", door)
        super()._commit()  # type: ignore[misc]
        points.strike("after", door)
