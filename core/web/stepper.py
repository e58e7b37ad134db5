"""The main path through a lifecycle, for the stepper on top of a record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from core.kernel.lifecycle import Lifecycle, State


@dataclass(frozen=True)
class Step:
    """One state of the path: `done`, `now` or `later`."""

    state: State
    position: str


def main_path(lifecycle: Lifecycle) -> list[str]:
    """States from the first birth state, each time to the nearest one further down the list of states.

    So an order that may be closed at any time still shows that it is worked on and completed before.
    """
    order = [state.code for state in lifecycle.states]
    path = [lifecycle.births[0]]
    while True:
        further = [
            order.index(move.target)
            for move in lifecycle.from_state(path[-1])
            if not move.destructive and lifecycle.state(move.target).tone != "bad"
        ]
        further = [place for place in further if place > order.index(path[-1])]
        if not further:
            return path
        path.append(order[min(further)])


def is_certain(lifecycle: Lifecycle, code: str, status: str) -> bool:
    """Whether no way leads from a birth to the present state that does not pass through this one."""
    reached = set(lifecycle.births) - {code}
    grown = True
    while grown:
        further = {move.target for move in lifecycle.moves if reached.intersection(move.origins)} - {code}
        grown = not further <= reached
        reached |= further
    return status not in reached


def steps_of(
    lifecycle: Lifecycle, status: str, path: Sequence[str] = (), visited: Callable[[], Collection[str]] = tuple
) -> list[Step]:
    """The steps with the present one marked; a state beside the path stands after those of the path that were passed.

    `visited` tells the states that the record really was in; it is asked only where the lifecycle leaves a doubt.
    """
    codes = list(path) or main_path(lifecycle)
    is_beside = status not in codes
    before = codes if is_beside else codes[: codes.index(status)]
    passed = {code for code in before if is_certain(lifecycle, code, status)}
    if len(passed) < len(before):
        passed |= set(visited())
    done = [code for code in before if code in passed]
    if is_beside:
        rest = codes[codes.index(done[-1]) + 1 if done else 0 :] if not lifecycle.state(status).final else []
        ordered = [*((code, "done") for code in done), (status, "now"), *((code, "later") for code in rest)]
    else:
        ordered = [(code, "done" if code in passed else "later") for code in before]
        ordered += [(status, "now"), *((code, "later") for code in codes[len(before) + 1 :])]
    return [Step(lifecycle.state(code), position) for code, position in ordered]
