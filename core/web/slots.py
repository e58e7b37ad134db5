"""Places that the core apps above fill while Django starts: moving a record, identifying a signer, printing a list.

What the pages only *read* from above are questions (core.web.questions); these slots *do* something.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

from core.kernel.errors import Blocker
from core.kernel.lifecycle import Move
from core.kernel.wiring import ask
from core.web.questions import Text, TimelineEntry, TimelineOf


class MoveState(Protocol):
    """One move from the record's present state, and what stands against it for this user."""

    @property
    def move(self) -> Move: ...
    @property
    def blockers(self) -> Sequence[Blocker]: ...
    @property
    def allowed(self) -> bool: ...


@dataclass(frozen=True)
class Mover:
    """The lifecycle engine as the pages use it; core.lifecycle installs it.

    `available_moves(record, user, only="", gates=True)` reads only.
    `make_move(record, move, actor=, reason=, signature=, **params)` makes the move by its service, or raises Blocked
    with every reason. `visited(record)` are the states that it ever was in.
    """

    available_moves: Callable[..., Sequence[MoveState]]
    make_move: Callable[..., Any]
    visited: Callable[[Any], Collection[str]]


@dataclass(frozen=True)
class Signer:
    """Identification for signatures as the pages use it; core.signing installs it.

    `is_first_signing(request)`: must the signer say who they are, or is the secret alone enough in this session?
    `asked_of(request)`: that, and whether the code of the signer's app is asked too.
    `identify(user_id=, secret=, meaning=, request=, code=)` checks in a committed transaction of its own and returns
    the proof, or raises Blocked. `identify_second` does so for another person than the one signed in.
    `meanings` is the controlled vocabulary with its words.
    """

    is_first_signing: Callable[[HttpRequest], bool]
    asked_of: Callable[[HttpRequest], tuple[bool, bool]]
    identify: Callable[..., Any]
    identify_second: Callable[..., Any]
    meanings: Mapping[str, Text]


ListPrinter = Callable[[Any, int], HttpResponseBase]
"""Prints the rows of a list page (so many) as PDF: the file at once, or the page of the work that makes it.
core.printing installs it."""

_list_printers: list[ListPrinter] = []
_movers: list[Mover] = []
_signers: list[Signer] = []


def install_mover(mover: Mover) -> None:
    """Put the lifecycle engine in place."""
    _movers[:] = [mover]


def install_signer(signer: Signer) -> None:
    """Put identification for signatures in place."""
    _signers[:] = [signer]


def install_list_printer(printer: ListPrinter) -> None:
    """Put the printing of lists in place."""
    _list_printers[:] = [printer]


def list_printer() -> ListPrinter:
    """The installed printing of lists."""
    if not _list_printers:
        raise ImproperlyConfigured("no list printer: core.printing must call core.web.slots.install_list_printer()")
    return _list_printers[0]


def mover() -> Mover:
    """The installed lifecycle engine."""
    if not _movers:
        raise ImproperlyConfigured("no mover: core.lifecycle must call core.web.slots.install_mover()")
    return _movers[0]


def signer() -> Signer:
    """The installed identification for signatures."""
    if not _signers:
        raise ImproperlyConfigured("no signer: core.signing must call core.web.slots.install_signer()")
    return _signers[0]


def timeline(record: Model, limit: int = 50) -> list[TimelineEntry]:
    """The story of a record from every app that keeps a part of it, newest first."""
    entries = ask(TimelineOf(record, limit))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]
