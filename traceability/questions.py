"""What the pages of this storey need to be told by the apps above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Expression, Model
from django.utils.functional import Promise

from core.kernel.wiring import Question
from core.organization.models import Site
from traceability.models import Lot, SerializedUnit

Text = str | Promise
Ids = tuple[int, ...] | Expression
"""Ids of records, or a query that tells them."""


@dataclass(frozen=True)
class LotLine:
    """One thing that concerns a lot: what it is and where its page is, how it stands, when it was."""

    what: Text
    url: str = ""
    note: Any = ""
    at: dt.datetime | None = None


@dataclass(frozen=True)
class LotPart:
    """A part of the page about a lot; parts stand by `order`. `empty` is what it says without lines."""

    key: str
    title: Text
    order: int
    empty: Text
    lines: Sequence[LotLine]
    more_url: str = ""
    """Where the rest is, when there are more lines than the page shows."""


@dataclass(frozen=True)
class AboutLot(Question[LotPart]):
    """What of this lot do you keep that this user may see? Newest first, `limit` lines and one more if there are."""

    lot: Lot
    user: Any
    limit: int = 50


@dataclass(frozen=True)
class Made:
    """A lot, or one unit, that belongs to a scope."""

    lot_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class ScopeMembers(Question[Made]):
    """What was made with this record (an order, equipment, a document revision) between these moments?

    `among_lots` and `among_units` narrow it to what was just made; None asks for all. Who answers for one kind of
    record says nothing about others. `is_last` is asked inside a deed that holds what is answered: the answer first
    takes the locks under which more of it is made, so that whoever makes it is heard or waits.
    """

    record: Model
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    among_lots: tuple[int, ...] | None = None
    among_units: tuple[int, ...] | None = None
    is_last: bool = False


@dataclass(frozen=True)
class FindScope(Question[Model]):
    """Which record of this kind of scope (`order`, `equipment`, `document`) has this number at the site?"""

    kind: str
    text: str
    site: Site
    user: Any


@dataclass(frozen=True)
class OpenOrder:
    """An open order that has to do with an affected lot; `how` is "makes", "used" or "wants"."""

    order: Any
    how: str
    lot_id: int


@dataclass(frozen=True)
class OpenOrdersWith(Question[OpenOrder]):
    """Which open orders make these lots or units, used them, or want the material of the lots that are still `here`?

    Asked by recalls, with ids or with queries that tell them: there may be a million. A unit is told by its lot.
    """

    lots: Ids
    here: Ids = ()
    units: Ids = ()


@dataclass(frozen=True)
class TraceFile:
    """A form in which a trace leaves, beside CSV, XLSX and JSON: what it is, and where it is handed out."""

    label: Text
    url: str


@dataclass(frozen=True)
class TraceFiles(Question[TraceFile]):
    """In which other forms may this user have the trace of this record? `query`: how the trace is asked for."""

    record: Lot | SerializedUnit
    user: Any
    query: str
