"""What happened at the pages that others may want to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ListExported:
    """Somebody took a list out of the system: which, by which filters, in which format, how many rows."""

    page: str
    query: str
    format: str
    rows: int
    actor: Any
