"""Configuration is changed where nothing above forbids it, and whoever keeps account of it is told what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import models

from core.kernel.closure import is_machinery
from core.kernel.errors import Blocked
from core.kernel.wiring import ask, publish
from core.organization.events import ConfigurationChanged
from core.organization.questions import AgainstConfiguration

Read = Callable[[Any], Mapping[str, Any]]


def values_of(record: models.Model) -> dict[str, Any]:
    """What the columns of a record say, in words."""
    return {
        field.name: str(found) if (found := getattr(record, field.name)) is not None else ""
        for field in record._meta.concrete_fields
        if not is_machinery(field.name)
    }


@contextmanager
def configuring(record: models.Model, read: Read = values_of) -> Iterator[None]:
    """Inside, a service writes this piece of configuration, changed or new; `read` says what it is.

    Enter it before anything is set. Raises `Blocked` where configuration is under control and no change covers it.
    """
    if blockers := ask(AgainstConfiguration(type(record))):
        raise Blocked(blockers)
    before = {} if record._state.adding else dict(read(record))
    yield
    after = dict(read(record))
    if before != after:
        publish(ConfigurationChanged(record, before, after))
