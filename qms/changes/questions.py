"""What changes need to be told: which revisions there are, what they affect, who still uses them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from core.kernel.wiring import Question
from core.organization.models import Site

Text = str | Promise


@dataclass(frozen=True)
class ControlledKind:
    """A kind of revision that a change can make effective or obsolete.

    `master` is the field that leads to what is revised, `find` looks that up by its number at a site. `kinds` are the
    sorts that a policy may tell apart, `kind_path` where the revision says its sort. `reads` are relations that the
    answers about a revision need, read with it.
    """

    model: type[Any]
    label: Text
    master: str
    find: Callable[[Site, str], Sequence[Model]]
    kinds: tuple[tuple[str, Text], ...] = ()
    kind_path: str = ""
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class ControlledKinds(Question[ControlledKind]):
    """Which kinds of revisions does this app put under change control?"""

    mandatory = True


@dataclass(frozen=True)
class Affected:
    """A record that may be affected, and why; `kind` is one of `ChangeSuggestion.Kind`."""

    record: Model
    kind: str
    why: str


@dataclass(frozen=True)
class AffectedBy(Question[Affected]):
    """What may other revisions in the place of these affect at the site? Asked once for all items of a change."""

    revisions: tuple[Any, ...]
    site: Site


@dataclass(frozen=True)
class DemandStep:
    """An operation of an open order that is not done: its number, its words, whether it has begun."""

    sequence: int
    label: str
    is_begun: bool


@dataclass(frozen=True)
class Demand:
    """An open order that uses a revision: how far it is, and which decisions about it are possible."""

    order: Any
    state: Text
    progress: str
    pieces: int
    choices: tuple[str, ...]
    steps: tuple[DemandStep, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class OpenDemand(Question[Demand]):
    """Which open orders, at whichever site, are made by this revision?"""

    revision: Any


@dataclass(frozen=True)
class PreviewLine:
    """Something to know before a release: untrained people, a station without its equipment."""

    title: Text
    text: str
    url: str = ""


@dataclass(frozen=True)
class ReleasePreview(Question[PreviewLine]):
    """What will be missing on the floor when these revisions become effective?"""

    revisions: tuple[Any, ...]


@dataclass(frozen=True)
class ConfigurationKinds(Question[type[Model]]):
    """Which models of this app are configuration that is under change control in production mode?"""
