"""What CAPAs need to be told by the apps above: where they come from, what actions are bound to, how often it happens.

Apps below are known here; what is told of them stands in `answers.py`, in the same form.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from core.kernel.wiring import Question
from core.organization.models import Site
from traceability.models import Material

Text = str | Promise


@dataclass(frozen=True)
class SourceKind:
    """A kind of record that a CAPA can come from; `find` looks it up by its number at a site.

    `code` is one of `CapaSource.Kind`.
    """

    code: str
    label: Text
    model: type[Any]
    find: Callable[[Site, str], Sequence[Model]]


@dataclass(frozen=True)
class SourceKinds(Question[SourceKind]):
    """From which kinds of records of this app can a CAPA come?"""


@dataclass(frozen=True)
class Reached:
    """Whether something has reached the state that completes an action, and how it stands, in words."""

    is_reached: bool
    words: Text


@dataclass(frozen=True)
class BoundKind:
    """A kind of object that an action can be bound to: it completes only when the object does.

    `is_training` marks kinds that only train people: they alone do not remove a cause.
    """

    code: str
    label: Text
    model: type[Any]
    find: Callable[[Site, str], Sequence[Model]]
    reached: Callable[[Any], Reached]
    waits_for: Text
    is_training: bool = False


@dataclass(frozen=True)
class BoundKinds(Question[BoundKind]):
    """To which objects of this app can an action be bound?"""

    mandatory = True


@dataclass(frozen=True)
class Window:
    """Where and when something is counted: at a site, of a material or of all, of one sort or of all sorts.

    `until` is the first moment that does not count any more.
    """

    site: Site
    begins: dt.datetime
    until: dt.datetime
    material: Material | None = None
    sort: str = ""


@dataclass(frozen=True)
class MetricKind:
    """Something that can be counted in a window: events, or what they are set against.

    `sorts` are the codes by which it may be narrowed (defect codes, scrap reasons), as text and label.
    """

    code: str
    label: Text
    count: Callable[[Window], int]
    sorts: Callable[[], Sequence[tuple[str, str]]] = tuple


@dataclass(frozen=True)
class EventKinds(Question[MetricKind]):
    """Which undesired events does this app count?"""

    mandatory = True


@dataclass(frozen=True)
class ExposureKinds(Question[MetricKind]):
    """What does this app count that events can be set against, such as pieces made?"""

    mandatory = True


@dataclass(frozen=True)
class MaterialsBehind(Question[Material]):
    """Which materials is this source of a CAPA about?"""

    source: Model


@dataclass(frozen=True)
class Alike:
    """A record that shares the process of a problem, and what it shares, in words."""

    record: Model
    why: Text


@dataclass(frozen=True)
class AlikeTo(Question[Alike]):
    """What shares a process with these materials at the site, or with these objects that actions are bound to?

    At the same site or at others; what it is about itself is not alike to it.
    """

    site: Site
    materials: tuple[Material, ...]
    bound: tuple[Model, ...]


def whole(quantity: Decimal | None) -> int:
    """A quantity as a whole number of opportunities, never more than there were."""
    return int(quantity or 0)
