"""Lifecycles as data: states, birth states and the moves between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from django.db import models
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class State:
    """One state: how it is called and shown (word, icon, tone), and whether the record rests there for good."""

    code: str
    label: Text
    tone: str = "neutral"
    icon: str = "circle"
    final: bool = False


@dataclass(frozen=True)
class Move:
    """One allowed change of state.

    `permission` is asked at the record's scope; `signature` is the meaning that must be signed ("" = none);
    `not_by` names user fields of the record, or earlier moves, whose person may not do this one
    (segregation of duties); `primary` marks the next step that the page offers first: never a `destructive` one.
    `automatic` is a step that a service takes as part of another deed: no page, scan, API or list offers it.
    """

    name: str
    origins: tuple[str, ...]
    target: str
    label: Text
    permission: str
    signature: str = ""
    reason_required: bool = False
    not_by: tuple[str, ...] = ()
    primary: bool = False
    destructive: bool = False
    explanation: Text = ""
    automatic: bool = False


_lifecycles: dict[str, Lifecycle] = {}


@dataclass(frozen=True)
class Lifecycle:
    """States and moves of one model, named by its label `app_label.Model`."""

    label: str
    states: tuple[State, ...]
    births: tuple[str, ...]
    moves: tuple[Move, ...]
    reads: tuple[str, ...] = ()
    """Relations that most guards and effects look at: read together with the row, under its lock."""

    def __post_init__(self) -> None:
        codes = {state.code for state in self.states}
        used = set(self.births) | {m.target for m in self.moves} | {o for m in self.moves for o in m.origins}
        if used - codes:
            raise ValueError(f"{self.label}: undeclared states {sorted(used - codes)}")
        if len({m.name for m in self.moves}) != len(self.moves):
            raise ValueError(f"{self.label}: a move is declared twice")
        if offered := [move.name for move in self.moves if move.primary and move.automatic]:
            raise ValueError(f"{self.label}: {offered} are taken by services; no page can offer them first")
        if loud := [move.name for move in self.moves if move.primary and move.destructive]:
            raise ValueError(f"{self.label}: {loud} destroy; they cannot be the step that is offered first")
        _lifecycles[self.label.lower()] = self

    @cached_property
    def by_state(self) -> Mapping[str, State]:
        return MappingProxyType({state.code: state for state in self.states})

    @cached_property
    def by_move(self) -> Mapping[str, Move]:
        return MappingProxyType({move.name: move for move in self.moves})

    def state(self, code: str) -> State:
        """The state with this code; `KeyError` if there is none."""
        return self.by_state[code]

    def move(self, name: str) -> Move:
        """The move with this name; `KeyError` if there is none."""
        return self.by_move[name]

    def from_state(self, code: str) -> tuple[Move, ...]:
        """The moves that start in this state, in declared order."""
        return tuple(move for move in self.moves if code in move.origins)

    def field(self) -> models.CharField[str, str]:
        """The status column of the model; only the engine writes it."""
        return models.CharField(
            max_length=24,
            choices=[(state.code, state.label) for state in self.states],
            default=self.births[0],
            editable=False,
            db_index=True,
        )


def lifecycles() -> Mapping[str, Lifecycle]:
    """Every declared lifecycle by lower-case model label."""
    return MappingProxyType(_lifecycles)


def open_states(lifecycle: Lifecycle) -> Iterable[str]:
    """Codes of the states in which a record still waits for somebody."""
    return [state.code for state in lifecycle.states if not state.final]
