"""Who is acting, and the one transaction of a deed.

Every write of a trailed table happens inside `acting(user)`, which declares the acting user to PostgreSQL for the
running transaction. The database compares that declaration with the user in the history row (docs/architecture.md §4).
"""

from __future__ import annotations

import datetime as dt
import functools
import inspect
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.errors import Blocked, Blocker
from core.kernel.prepared import prepared_cursor

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Acting:
    """The user, reason and door of the running transaction."""

    user: Any
    reason: str
    source: str


@dataclass(frozen=True)
class Deed:
    """What a guard or an effect is told: who wants to do it, when, why, signed with what, and the details."""

    actor: Any
    at: dt.datetime = field(default_factory=now)
    reason: str = ""
    signature: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def once(self, key: Hashable, read: Callable[[], R]) -> R:
        """What several guards of this deed need to know, read once for all of them."""
        kept: dict[Hashable, R] = self.__dict__.setdefault("_read", {})
        if key not in kept:
            kept[key] = read()
        return kept[key]


_acting: ContextVar[Acting | None] = ContextVar("trueline_acting", default=None)
_source: ContextVar[str] = ContextVar("trueline_source", default="")
DenialRecorder = Callable[[Blocked, Any, str], None]
_denial_recorders: list[DenialRecorder] = []
NAMED = 3
"""How many of the records that stand against a deletion are named."""


def current() -> Acting | None:
    """Who is acting in the running transaction, or None outside of any deed."""
    return _acting.get()


def current_actor_id() -> int | None:
    """Primary key of the acting user, the default of every fact's `actor`."""
    present = _acting.get()
    return None if present is None else present.user.pk


@contextmanager
def through(source: str) -> Iterator[None]:
    """Name the door (screen, terminal, command, queue) that the deeds inside come through."""
    token = _source.set(source[:200])
    try:
        yield
    finally:
        _source.reset(token)


def _declare(acting: Acting | None) -> None:
    user_id = "" if acting is None else str(acting.user.pk or "")
    reason, source = ("", "") if acting is None else (acting.reason, acting.source)
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT set_config('trueline.actor', %s, true), set_config('trueline.reason', %s, true),"
            " set_config('trueline.source', %s, true)",
            [user_id, reason, source],
        )


@contextmanager
def acting(user: Any, *, reason: str = "", source: str = "", until_commit: bool = False) -> Iterator[Acting]:
    """Declare `user` as the acting user of the running transaction, and restore the previous one.

    `until_commit`: the transaction ends here, and with it the declaration.

    Raises `TransactionManagementError` outside a transaction: a declaration there would reach nothing.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("acting() needs a transaction: use a @service")
    before = _acting.get()
    present = Acting(user=user, reason=reason, source=source or _source.get())
    _declare(present)
    token = _acting.set(present)
    try:
        yield present
    except BaseException:
        # PostgreSQL takes the declaration back itself when the (sub)transaction is rolled back.
        _acting.reset(token)
        raise
    _acting.reset(token)
    if not until_commit:
        _declare(before)


def on_denied(recorder: DenialRecorder) -> DenialRecorder:
    """Register what stores a refused deed in its own transaction after the rollback."""
    _denial_recorders.append(recorder)
    return recorder


def _in_use(others: Iterable[Model]) -> Blocked:
    """The refusal to delete what other records name."""
    named = sorted({str(other) for other in others})
    more = _(" and %(count)s more") % {"count": len(named) - NAMED} if len(named) > NAMED else ""
    return Blocked(
        Blocker(
            "in_use",
            _("This cannot be removed, other records name it: %(records)s%(more)s.")
            % {"records": ", ".join(named[:NAMED]), "more": more},
            remedy=_("What was recorded with it keeps it. Change it instead."),
        )
    )


_said: dict[str, Callable[[str], Blocked]] = {}
"""By the name of a rule that PostgreSQL keeps: what is said when it refuses, made of the detail it gives."""


def says(rule: str) -> Callable[[Callable[[str], Blocked]], Callable[[str], Blocked]]:
    """Register the words for a refusal by PostgreSQL that a person can meet without anybody's fault, in a race."""

    def register(words: Callable[[str], Blocked]) -> Callable[[str], Blocked]:
        _said[rule] = words
        return words

    return register


def in_words(error: IntegrityError) -> Blocked | None:
    """What is said to a refusal by PostgreSQL; None where no words are registered."""
    diagnosis = getattr(error.__cause__, "diag", None)
    words = _said.get(getattr(diagnosis, "constraint_name", None) or "")
    return None if words is None else words(diagnosis.message_detail or "")  # type: ignore[union-attr]  # it had a name


def deny(refused: Blocked, actor: Any, name: str, reason: str = "") -> None:
    """Store that a deed was refused, in a transaction of its own."""
    with transaction.atomic(), acting(actor, reason=reason):
        for recorder in _denial_recorders:
            recorder(refused, actor, name)


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Make a keyword-only function the one transaction of its deed.

    The outermost service opens the transaction and declares the actor; services called inside join it. A `Blocked`
    rolls everything back, its denial is stored in a second transaction, and it is raised again. So it is when the deed
    would delete what other records name: the refusal says which. A rule of PostgreSQL that has words (`says`) refuses
    in them, also at the commit.
    """
    parameters = inspect.signature(function).parameters
    if "actor" not in parameters or any(p.kind is not p.KEYWORD_ONLY for p in parameters.values()):
        raise TypeError(f"{function.__qualname__}: a service takes keywords only, one of them `actor`")
    name = f"{function.__module__}.{function.__qualname__}"

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor: Any = kwargs["actor"]
        reason = str(kwargs.get("reason") or "")
        outer = _acting.get()
        if outer is not None and outer.user.pk == actor.pk and reason in ("", outer.reason):
            return function(*args, **kwargs)
        if outer is not None:
            with acting(actor, reason=reason, source=outer.source):
                return function(*args, **kwargs)
        own = not connection.in_atomic_block
        try:
            try:
                with transaction.atomic(), acting(actor, reason=reason, until_commit=own):
                    return function(*args, **kwargs)
            except ProtectedError as error:
                raise _in_use(error.protected_objects) from error
            except RestrictedError as error:
                raise _in_use(error.restricted_objects) from error
            except IntegrityError as error:
                refusal = in_words(error)
                if refusal is None:
                    raise
                raise refusal from error
        except Blocked as refused:
            deny(refused, actor, name, reason)
            raise

    run.is_service = True  # type: ignore[attr-defined]
    return run
