"""What is said when something that the product stands on fails: the database, the store behind the cache, the disk.

A refusal has reasons of the product's own (`core.kernel.errors`); an outage has a cause outside of it, passes by itself
or by an operator's hand, and leaves one question open that its words must answer: was what I sent done?
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError
from psycopg import errors
from redis.exceptions import RedisError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
RETRY_AFTER = 5
"""Seconds after which asking again is worth it: a service that was started again answers by then."""


@dataclass(frozen=True)
class Outage:
    """What failed, and what to do; `code` is stable for programs."""

    code: str
    message: str
    remedy: str


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage behind an error or one of its causes; None where the fault is the product's own."""
    for cause in _chain(error):
        found = _outage(cause)
        if found is not None:
            return found
    return None


def is_no_room(error: BaseException) -> bool:
    """Whether the disk, or what this process may use of it, is full."""
    return isinstance(error, OSError) and error.errno in NO_ROOM


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from, the nearest cause last: a driver's own error says most."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or error.__context__
    yield from reversed(seen)


def _outage(error: BaseException) -> Outage | None:
    nothing_changed = _("Nothing was changed by this request.")
    uncertain = _("Whether what you sent was saved is not certain.")
    again = _("Try again in a moment.")
    look = _("Look at the record in a moment, and send it again only if it is missing.")
    told = _("Tell your administrator; try again when it is said to be well.")
    match error:
        case errors.DiskFull():
            return Outage("database_full", _("The database has no room left.") + " " + nothing_changed, told)
        case errors.QueryCanceled():
            return Outage("database_slow", _("The database took too long.") + " " + nothing_changed, again)
        case errors.LockNotAvailable() | errors.DeadlockDetected() | errors.SerializationFailure():
            return Outage("busy", _("Others are working on the same.") + " " + nothing_changed, again)
        case psycopg.OperationalError() | psycopg.InterfaceError() | OperationalError() | InterfaceError():
            # The connection may have broken while the deed was being committed: only the record tells.
            return Outage("database_away", _("The database does not answer.") + " " + uncertain, look)
        case RedisError() | BrokerError() | ConnectionError():
            return Outage("part_away", _("A part of the server does not answer.") + " " + uncertain, look)
        case OSError() if is_no_room(error):
            return Outage("no_room", _("There is no room left to keep files.") + " " + nothing_changed, told)
    return None
