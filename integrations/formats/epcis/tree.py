"""An event as plain fields again: what both forms write, in the order of the standard's XSD."""

from __future__ import annotations

import datetime as dt
from typing import Any

from integrations.formats.epcis.events import ATTRIBUTES, Event, Typed

NAMES = {"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination"}
"""How one entry of a list is called."""


def moment(value: dt.datetime) -> str:
    """A time as both forms write it: to the millisecond, or finer where it was given finer."""
    text = value.isoformat(timespec="milliseconds" if value.microsecond % 1000 == 0 else "microseconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def given(event: Event) -> list[tuple[str, Any]]:
    """The fields of an event that say something, by their standard names."""
    found = [(key, getattr(event, ATTRIBUTES[key])) for key in event.keys]
    return [(key, value) for key, value in found if value not in ("", None, ())]


def entries(key: str, value: tuple[Typed, ...]) -> list[tuple[str, str, str]]:
    """Business transactions, sources or destinations as (name, type, id)."""
    return [(NAMES[key], one.type, one.id) for one in value]
