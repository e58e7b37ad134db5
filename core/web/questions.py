"""What the pages need to be told by the apps above: counts, sites, timelines, signatures, search and scans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from core.kernel.wiring import Question

Text = str | Promise


@dataclass(frozen=True)
class Count:
    """How many things wait behind one entry of the navigation."""

    url_name: str
    waiting: Callable[[], QuerySet[Any]]
    depends_on: Hashable = None
    """What the query is made from: for an equal value its SQL is not compiled again. None: always compiled."""


@dataclass(frozen=True)
class NavigationCount(Question[Count]):
    """Which entries of this user's navigation carry a number? What waits is counted in one query."""

    user: Any


@dataclass(frozen=True)
class Warned:
    """Something that whoever watches over the system must know on every page."""

    text: Text
    url: str


@dataclass(frozen=True)
class WarningsFor(Question[Warned]):
    """What must this user know on every page? Answers read no table unless there is something to tell."""

    user: Any


@dataclass(frozen=True)
class SiteChoice:
    """A site that a person may work in."""

    pk: int
    code: str
    name: str
    time_zone: str


@dataclass(frozen=True)
class SitesOf(Question[SiteChoice]):
    """At which sites does this user hold any grant? The home site comes first."""

    user: Any


@dataclass(frozen=True)
class FirstStep:
    """Something that a new plant needs before work can begin; `done` finds a row exactly when it is there."""

    order: int
    title: Text
    text: Text
    url: str
    permission: str
    done: QuerySet[Any]


@dataclass(frozen=True)
class FirstStepsOf(Question[FirstStep]):
    """What does a new plant need first? Whoever holds a step's permission is shown it. Answers read no table."""

    user: Any


@dataclass(frozen=True)
class Offer:
    """A button: what it does in words, and where it leads."""

    label: Text
    url: str


@dataclass(frozen=True)
class OffersFor(Question[Offer]):
    """How else can an empty list of this model be filled? Only what lets the visitor in is shown."""

    model: type[Model]


@dataclass(frozen=True)
class WhoCanGrant(Question[str]):
    """Which roles carry this permission? The refusal page names them: an administrator can give one."""

    permission: str
    user: Any


@dataclass(frozen=True)
class Change:
    """One value that changed, as it is shown: old struck through, then new."""

    label: Text
    old: str
    new: str


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened to a record: a transition, a change, a comment, a signature, a file."""

    at: dt.datetime
    title: Text
    who: str = ""
    detail: Text = ""
    reason: str = ""
    meaning: Text = ""
    changes: Sequence[Change] = field(default_factory=tuple)
    tone: str = "neutral"
    url: str = ""
    proof_url: str = ""
    """Where the proof is that this was sealed."""

    @property
    def is_signed(self) -> bool:
        return bool(self.meaning)


@dataclass(frozen=True)
class TimelineOf(Question[TimelineEntry]):
    """What happened to this record? Every app that keeps a part of its story answers; newest `limit` each."""

    record: Any
    limit: int = 50


@dataclass(frozen=True)
class SignatureLine:
    """One line of a signature manifest; without `at` it is still awaited."""

    name: str
    meaning: Text
    at: dt.datetime | None = None
    zone: str = ""
    reason: str = ""
    intact: bool = True
    digest: str = ""
    about: str = ""
    """Which part of the record was signed, where it is not the record itself."""


@dataclass(frozen=True)
class SignaturesOf(Question[SignatureLine]):
    """Who signed this record, with which meaning, and who is asked to sign next?"""

    record: Any


@dataclass(frozen=True)
class SignedPartsOf(Question[Any]):
    """Which records are parts of this one and are signed by themselves? Their signatures are shown with its own."""

    record: Any


@dataclass(frozen=True)
class DigestOf(Question[str]):
    """The SHA-256 of what a signature on this record would cover now."""

    record: Any


@dataclass(frozen=True)
class WatchedAt(Question[str]):
    """At which address does a visitor begin or stop watching this record?"""

    record: Any


@dataclass(frozen=True)
class CommentsGoTo(Question[str]):
    """To which address does the page of this record send what somebody says about it?"""

    record: Any


@dataclass(frozen=True)
class SavedFilterLine:
    """A list's filters under a name; `note` says whom it is shared with, `remove_url` is empty where one may not."""

    pk: int
    name: str
    query: str
    note: str = ""
    is_default: bool = False
    remove_url: str = ""


@dataclass(frozen=True)
class SavedFilters:
    """What a person may choose from on one list, the default first, and where the present filters can be saved."""

    lines: Sequence[SavedFilterLine]
    save_url: str


@dataclass(frozen=True)
class SavedFiltersOf(Question[SavedFilters]):
    """Which saved filters does this user have on the list with this url name? Answered once, in one query."""

    page: str
    user: Any


@dataclass(frozen=True)
class Found:
    """A record that matches a search or a scan; `rank` 0 is an exact number, larger is looser."""

    kind: Text
    label: str
    url: str
    detail: str = ""
    rank: int = 1
    advice: Text = ""
    """What to do instead where it was scanned for work and its page is not opened, such as at a station."""
    warning: Text = ""
    """What the scanned label says that does not fit: it is read before anything is opened, and `url` may be empty."""


@dataclass(frozen=True)
class FindRecords(Question[Found]):
    """Which records that this user may see match these words? At most `limit` per app, numbers first."""

    words: str
    user: Any
    limit: int = 10


@dataclass(frozen=True)
class Scan:
    """What a scanner read: text without the AIM identifier, and that identifier (`]C1`, `]d2`, …) if it was sent."""

    text: str
    symbology: str = ""


@dataclass(frozen=True)
class ResolveScan(Question[Found]):
    """Which record that this user may see is this code? An exact answer only, or in words why a label names none."""

    scan: Scan
    user: Any
