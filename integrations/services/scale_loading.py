"""Writing a large plant: each step in chunks, each chunk a transaction of its own, some at the same time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from core.kernel.deeds import acting, through
from core.kernel.records import TrailedModel
from core.lifecycle.models import Transition
from core.trail.services.sets import Stage

SOURCE = "seed_scale"
AT_ONCE = 100_000
"""Rows of one transaction: as many checks wait for its end."""
WORKERS = min(4, os.cpu_count() or 1)
"""Chunks written at the same time: PostgreSQL's checks of each row use one processor per connection."""

Move = tuple[str, str, str]
"""A move of a lifecycle, the status before, and the one after."""


class Loader:
    """Writes rows as `actor`; `params` are what all expressions may name, `at_once` the rows of a transaction."""

    def __init__(self, actor: Any, params: dict[str, Any], at_once: int = AT_ONCE) -> None:
        self.actor, self.params, self.at_once = actor, params, at_once

    def write(self, step: Callable[[Stage], int], **extra: Any) -> int:
        """One step in its transaction."""
        with transaction.atomic(), acting(self.actor, reason=_("Large plant")):
            return step(Stage("", "", {**self.params, **extra}))

    def insert(self, model: type[models.Model], values: dict[str, str], source: str, upto: int | None = None) -> int:
        """All rows of `source` in one transaction."""
        return self.write(lambda stage: stage.insert_from(model, values, source=source), upto=upto)

    def chunks(
        self, model: type[models.Model], values: dict[str, str], source: str, count: int, *, each: int = 1
    ) -> int:
        """`source` numbers its rows `i` from %(first)s to %(last)s, with `each` rows for one of them."""
        return self.spread(lambda stage: stage.insert_from(model, values, source=source), count, each)

    def advance(
        self,
        model: type[TrailedModel],
        source: str,
        moves: Sequence[Move],
        count: int,
        *,
        label: str,
        values: dict[str, str] | None = None,
        each: int = 1,
    ) -> int:
        """Make moves of the records `r` of a FROM clause one after the other, each with its history and transition."""

        def step(stage: Stage) -> int:
            found = stage.execute(
                f"CREATE TEMPORARY TABLE scale_moved ON COMMIT DROP AS SELECT r.id AS key, 0 AS line FROM {source}"
            )
            moved = Stage("scale_moved", "", stage.params)
            for move, before, after in moves:
                moved.update(model, {"status": f"'{after}'", **(values or {})}, where="true")
                moved.insert_from(
                    Transition,
                    {
                        "subject_type_id": str(ContentType.objects.get_for_model(model).pk), "subject_id": "b.id",
                        "subject_label": f"b.{label}", "move": f"'{move}'", "from_status": f"'{before}'",
                        "to_status": f"'{after}'", "record_version": "b.row_version", "reason": "%(_reason)s",
                    },
                    source=f"scale_moved s JOIN {model._meta.db_table} b ON b.id = s.key",
                )  # fmt: skip
            return found

        return self.spread(step, count, each * len(moves))

    def spread(self, step: Callable[[Stage], int], count: int, each: int) -> int:
        """A step over the numbers 1 … count in chunks, as many at the same time as there are processors."""
        ranges = list(_ranges(count, max(1, self.at_once // each)))
        if len(ranges) < 2:
            return sum(self.write(step, first=first, last=last) for first, last in ranges)

        def chunk(numbers: tuple[int, int]) -> int:
            try:
                with through(SOURCE):
                    return self.write(step, first=numbers[0], last=numbers[1])
            finally:
                connection.close()

        with ThreadPoolExecutor(WORKERS) as workers:
            return sum(workers.map(chunk, ranges))


def _ranges(count: int, size: int) -> Iterator[tuple[int, int]]:
    for first in range(1, count + 1, size):
        yield first, min(first + size - 1, count)
