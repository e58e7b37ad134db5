"""A trace as a tree: lists within lists that open and close by the browser's own means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from traceability.queries import TraceRow
from traceability.queries.traces import Node

MOST_ROWS_OPEN = 200
"""Up to so many rows everything is open at first."""


def tree(rows: Sequence[TraceRow], told: Callable[[TraceRow], SafeString]) -> SafeString:
    """Nested lists of the rows of one direction; `told` is what stands in a line.

    Made without recursion: some are thousands deep.
    """
    return mark_safe("".join(_parts(rows, told)))


def _parts(rows: Sequence[TraceRow], told: Callable[[TraceRow], SafeString]) -> Iterator[str]:
    opened = mark_safe(" open") if len(rows) <= MOST_ROWS_OPEN else ""
    below = Counter(row.parent for row in rows)
    above: list[Node] = []
    yield '<ul class="tl-tree">'
    for row, following in zip_longest(rows, rows[1:]):
        while above and above[-1] != row.parent:
            above.pop()
            yield "</ul></details></li>"
        if following is not None and following.parent == row.node and not row.repeated:
            above.append(row.node)
            said = _("%(number)s: what went into it (%(count)s)")
            if row.direction == "forward":
                said = _("%(number)s: where it went (%(count)s)")
            summary = said % {"number": row.number, "count": below[row.node]}
            yield format_html("<li>{}<details{}><summary>{}</summary><ul>", told(row), opened, summary)
        else:
            yield format_html("<li>{}</li>", told(row))
    yield "</ul></details></li>" * len(above)
    yield "</ul>"
