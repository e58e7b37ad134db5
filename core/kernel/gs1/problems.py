"""What is wrong with a GS1 text: which application identifier, which rule, in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One broken rule. `ai` is empty where the text as a whole is wrong; `rule` is stable for programs and tests."""

    ai: str
    rule: str
    text: str

    def __str__(self) -> str:
        return f"({self.ai}) {self.text}" if self.ai else self.text


class Gs1Error(ValueError):
    """The text breaks rules of GS1; `problems` names each of them."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(" ".join(str(problem) for problem in self.problems))

    @property
    def rules(self) -> tuple[str, ...]:
        """The broken rules, in order."""
        return tuple(problem.rule for problem in self.problems)
