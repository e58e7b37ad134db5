"""What travels up: guards, effects, events, answers; the jobs that travel aside; and the service of each move.

Modules register here while Django starts (core.kernel.apps); `manage.py show_wiring` prints the result.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.functional import Promise

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker, GuardResult

GuardFunction = Callable[[Any, Deed], Iterable[Blocker]]
EffectFunction = Callable[[Any, Deed], None]
A = TypeVar("A")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Guard:
    """One reason why an action may be refused, registered for a model label and action names."""

    label: str
    action: str
    title: str | Promise
    function: GuardFunction

    @property
    def name(self) -> str:
        return f"{self.function.__module__}.{self.function.__name__}"

    def run(self, record: Any, deed: Deed) -> GuardResult:
        return GuardResult(self.name, str(self.title), tuple(self.function(record, deed)))


@dataclass(frozen=True)
class MoveService:
    """The service by which one move of a model is made, and how it names the record."""

    function: Callable[..., Any]
    record_name: str
    parameters: frozenset[str]
    needed: frozenset[str]
    """What it must be told beside record, actor, reason and signature: the form of the move's page asks for it."""

    def make(self, record: Any, **values: Any) -> None:
        """Make the move; `signature` is handed on where the service takes one."""
        told = {name: value for name, value in values.items() if name != "signature" or name in self.parameters}
        self.function(**{self.record_name: record}, **told)


class Question(Generic[A]):
    """Base of a typed question that a lower app asks and upper apps answer; `mandatory` demands an answer."""

    mandatory: ClassVar[bool] = False
    known: ClassVar[list[type[Question[Any]]]] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Question.known.append(cls)


GUARDS: dict[tuple[str, str], list[Guard]] = defaultdict(list)
EFFECTS: dict[tuple[str, str], list[EffectFunction]] = defaultdict(list)
BEFORE_SAVE: set[EffectFunction] = set()
SUBSCRIBERS: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)
ANSWERS: dict[type[Any], list[Callable[[Any], Iterable[Any]]]] = defaultdict(list)
JOBS: dict[str, Callable[..., None]] = {}
MOVE_SERVICES: dict[tuple[str, str], MoveService] = {}


def label_of(record_or_model: Any) -> str:
    """Lower-case `app_label.model` of a record, a model class or a label."""
    return record_or_model.lower() if isinstance(record_or_model, str) else record_or_model._meta.label_lower


def guard(model: Any, *actions: str, title: str | Promise) -> Callable[[GuardFunction], GuardFunction]:
    """Register a function that yields `Blocker`s against these actions on a model; `title` is its line in a panel."""
    if not actions:
        raise ValueError("a guard names at least one action")

    def register(function: GuardFunction) -> GuardFunction:
        for action in actions:
            GUARDS[label_of(model), action].append(Guard(label_of(model), action, title, function))
        return function

    return register


def effect(model: Any, *moves: str, before_save: bool = False) -> Callable[[EffectFunction], EffectFunction]:
    """Register what a move does beyond the status, in the same transaction.

    `before_save`: it sets columns of the record itself, which are saved together with the status, as one change. Not
    for columns that the move's own signature covers.
    """

    def register(function: EffectFunction) -> EffectFunction:
        for move in moves:
            EFFECTS[label_of(model), move].append(function)
        if before_save:
            BEFORE_SAVE.add(function)
        return function

    return register


def subscribe(*events: type[Any]) -> Callable[[F], F]:
    """Register a reaction to events of lower apps; it runs in the publisher's transaction."""

    def register(function: F) -> F:
        for event in events:
            SUBSCRIBERS[event].append(function)
        return function

    return register


def answers(question: type[Any]) -> Callable[[F], F]:
    """Register a read-only answer to a question declared in a lower app; it returns an iterable of answers."""

    def register(function: F) -> F:
        ANSWERS[question].append(function)
        return function

    return register


def job(name: str) -> Callable[[F], F]:
    """Register the handler of a background job by its stored name."""

    def register(function: F) -> F:
        known = JOBS.get(name)
        if known is not None and known.__qualname__ != function.__qualname__:
            raise ValueError(f"job {name} has two handlers")
        JOBS[name] = function
        return function

    return register


def makes(model: Any, move: str) -> Callable[[F], F]:
    """Register the service by which every door makes a move. Its first parameter is the record.

    What the service does beside the move then happens whichever page or API operation the move is made at. It takes
    `actor` and `reason` as every move does, and `signature` where the move is signed (a start-up check).
    """

    def register(function: F) -> F:
        key, found = (label_of(model), move), inspect.signature(function).parameters
        if key in MOVE_SERVICES:
            raise ValueError(f"{key} is made by {MOVE_SERVICES[key].function.__qualname__} already")
        if not getattr(function, "is_service", False) or "reason" not in found:
            raise TypeError(f"{function.__qualname__}: what makes a move is a service that takes a reason")
        record_name = next(iter(found))
        known = {record_name, "actor", "reason", "signature"}
        needed = {name for name, one in found.items() if one.default is one.empty} - known
        MOVE_SERVICES[key] = MoveService(function, record_name, frozenset(found), frozenset(needed))
        return function

    return register


def service_of_move(record_or_model: Any, move: str) -> MoveService | None:
    """The service by which a move is made, or None where the move is the whole deed."""
    return MOVE_SERVICES.get((label_of(record_or_model), move))


def guards_for(record_or_model: Any, action: str) -> Iterator[Guard]:
    """The guards of an action on a record, in order of registration (lower apps first)."""
    yield from GUARDS.get((label_of(record_or_model), action), ())


def effects_for(record: Any, move: str, *, before_save: bool = False) -> list[EffectFunction]:
    """The effects of a move: those that complete the record before it is saved, or those that follow."""
    return [one for one in EFFECTS.get((label_of(record), move), ()) if (one in BEFORE_SAVE) is before_save]


def publish(event: Any) -> None:
    """Tell every subscriber of the event's type; an exception rolls the whole deed back."""
    for subscriber in SUBSCRIBERS.get(type(event), ()):
        subscriber(event)


_answered: ContextVar[dict[Any, list[Any]] | None] = ContextVar("trueline_answers", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Inside, the same question is answered once. For pages that only show; what decides asks afresh."""
    token = _answered.set({})
    try:
        yield
    finally:
        _answered.reset(token)


def ask(question: Question[A]) -> list[A]:
    """All answers of all answering apps to a question."""
    known = _answered.get()
    if known is None:
        return _answers_to(question)
    try:
        given = known.get(question)
    except TypeError:  # A question about a record that is not saved yet, or about a set of values, has no hash.
        return _answers_to(question)
    if given is None:
        given = known[question] = _answers_to(question)
    return list(given)


def _answers_to(question: Question[A]) -> list[A]:
    return [found for answer in ANSWERS.get(type(question), ()) for found in answer(question)]


def unanswered() -> list[type[Question[Any]]]:
    """Mandatory questions without an answer; a start-up check fails on them."""
    return [question for question in Question.known if question.mandatory and not ANSWERS.get(question)]
