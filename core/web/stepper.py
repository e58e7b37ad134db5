"""The main path through a lifecycle, for the stepper on top of a record."""

from __future__ import annotations

from collections.abc import Sequence
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


def steps_of(lifecycle: Lifecycle, status: str, path: Sequence[str] = ()) -> list[Step]:
    """The steps with the present one marked; a state beside the path takes the place where the path was left."""
    codes = list(path) or main_path(lifecycle)
    if status in codes:
        at = codes.index(status)
        positions = ["done"] * at + ["now"] + ["later"] * (len(codes) - at - 1)
        return [Step(lifecycle.state(code), position) for code, position in zip(codes, positions, strict=True)]
    origins = {origin for move in lifecycle.moves if move.target == status for origin in move.origins}
    left = max((codes.index(code) for code in codes if code in origins), default=0)
    done = [Step(lifecycle.state(code), "done") for code in codes[: left + 1]]
    later = [Step(lifecycle.state(code), "later") for code in codes[left + 1 :]]
    is_end = lifecycle.state(status).final
    return [*done, Step(lifecycle.state(status), "now"), *([] if is_end else later)]
