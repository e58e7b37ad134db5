"""The only clock of the project."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """The present moment in UTC, with its zone."""
    return dt.datetime.now(tz=dt.UTC)
