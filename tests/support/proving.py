"""`make prove`: every guard, effect, subscriber, answer and job is a no-op once, and a test has to turn red.

A pytest plugin (``-p tests.support.proving``). The chosen tests run as ever, and it is noted which of them made which
rule speak. Then, rule by rule, the rule falls silent and its tests run again, those of its own app first and of these
the quickest, until one fails. A rule that none of the chosen tests made speak is only named, unless all tests were
chosen. A test that fails already with every rule in force is named, proves nothing and spoils the verdict.
"""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from core.kernel import wiring

MOST = 60
"""Tests that are tried for one rule before it counts as not proven."""


class Proving:
    """Switches in front of everything that is wired, and what was heard behind them."""

    def __init__(self) -> None:
        self.silent = ""
        self.spoken: set[str] = set()
        self.rules: list[str] = []

    def _switched(self, rule: str, function: Callable[..., Any], nothing: Callable[[], Any]) -> Callable[..., Any]:
        self.rules.append(rule)

        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            self.spoken.add(rule)
            return nothing() if rule == self.silent else function(*args, **kwargs)

        return run

    def install(self) -> None:
        """Put a switch in front of each guard, effect, subscriber, answer and job."""
        for (label, action), guards in wiring.GUARDS.items():
            for place, guard in enumerate(guards):
                rule = f"guard {label} · {action} ← {guard.name}"
                guards[place] = replace(guard, function=self._switched(rule, guard.function, tuple))
        for (label, move), effects in wiring.EFFECTS.items():
            for place, effect in enumerate(effects):
                switched = self._switched(f"effect {label} · {move} → {_name(effect)}", effect, lambda: None)
                if effect in wiring.BEFORE_SAVE:
                    wiring.BEFORE_SAVE.add(switched)
                effects[place] = switched
        for event, subscribers in wiring.SUBSCRIBERS.items():
            for place, one in enumerate(subscribers):
                rule = f"subscriber {event.__name__} → {_name(one)}"
                subscribers[place] = self._switched(rule, one, lambda: None)
        for question, answers in wiring.ANSWERS.items():
            for place, answer in enumerate(answers):
                rule = f"answer {question.__name__} ← {_name(answer)}"
                answers[place] = self._switched(rule, answer, tuple)
        for name, handler in wiring.JOBS.items():
            wiring.JOBS[name] = self._switched(f"job {name} → {_name(handler)}", handler, lambda: None)


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _is_ours(rule: str) -> bool:
    """Handlers and answers that a test registers for itself are not rules of the product."""
    return not rule.rsplit(" ", 1)[1].startswith("tests.")


def _home(rule: str) -> str:
    """Where the tests of the app lie that registers the rule."""
    module = rule.rsplit(" ", 1)[1].split(".")
    names = {"guards", "services", "subscribers", "answers", "tasks"}
    depth = next((place for place, name in enumerate(module) if name in names), 1)
    return "/".join(["tests", *module[:depth], ""])


def _failure(item: pytest.Item, following: Any) -> str:
    """What a run of the test complained of; empty when it passed."""
    reports = runtestprotocol(item, log=False, nextitem=following)
    return "\n".join(report.longreprtext or "failed" for report in reports if report.outcome == "failed")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run the tests once; then once more for each rule, without it."""
    if session.testsfailed or session.config.option.collectonly:
        return True
    proving = Proving()
    proving.install()
    heard: dict[str, list[tuple[float, pytest.Item]]] = defaultdict(list)
    # Whatever a module set up may have met the silent rule: after each test nothing but the session is kept.
    nothing_more: Any = SimpleNamespace(listchain=lambda: [session])
    tell = session.config.get_terminal_writer().line
    for item, following in zip_longest(session.items, session.items[1:]):
        proving.spoken, began = set(), time.monotonic()
        if failure := _failure(item, following or nothing_more):
            session.testsfailed += 1
            tell(f"\nfails as it is: {item.nodeid}\n{failure}", red=True)
            continue
        for rule in proving.spoken:
            heard[rule].append((time.monotonic() - began, item))
    rules = sorted(filter(_is_ours, proving.rules))
    tell(f"\n{len(session.items)} tests ran; {len(heard)} of {len(rules)} rules spoke.")
    for rule in rules:
        proving.silent = rule
        home = _home(rule)
        ranked = sorted(heard.get(rule, []), key=lambda pair: (not pair[1].nodeid.startswith(home), pair[0]))
        tests = [item for _, item in ranked][:MOST]
        red = next((item for item in tests if _failure(item, nothing_more)), None)
        if red is not None:
            tell(f"proven      {rule}   by {red.nodeid}")
        elif tests:
            session.testsfailed += 1
            tell(f"NOT PROVEN  {rule}   ({len(tests)} tests stay green without it)", red=True)
        else:
            tell(f"not heard   {rule}")
    return True
