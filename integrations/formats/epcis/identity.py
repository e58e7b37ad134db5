"""When two events are the same: what they say, whatever the order of their lists, their zone, their form."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import fields, is_dataclass, replace
from typing import Any

from integrations.formats.epcis.events import Event
from integrations.formats.epcis.writing_json import event_text


def digest_of(event: Event) -> str:
    """The SHA-256 of what an event says, in hex. Its id and time of record are no part of it (CBV 2.0 §8.9)."""
    bare = replace(event, event_id="", record_time=None)
    return hashlib.sha256(event_text(_sorted(bare)).encode()).hexdigest()


def _sorted(value: Any) -> Any:
    """The same with lists in one order and times in UTC."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC)
    if isinstance(value, tuple):
        # A tuple within a tuple is a name with its value.
        return tuple(sorted((one if isinstance(one, tuple) else _sorted(one) for one in value), key=repr))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _sorted(getattr(value, one.name)) for one in fields(value) if one.init})
    return value
