"""Our way and the same by plain SQL, in turns: medians, statements, and what is aimed at."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Program

ROUNDS = 9


@dataclass(frozen=True)
class Row:
    """One line of the table: our way, the same by plain SQL, how many statements it may take, what is aimed at."""

    name: str
    ours: Callable[[], Any]
    plain: tuple[str, list[Any]]
    at_most: int
    target: str


def read(statement: tuple[str, list[Any]]) -> None:
    """Read all rows of a plain statement."""
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        cursor.fetchall()


def measured(row: Row, rounds: int = ROUNDS) -> tuple[str, int]:
    """The line of figures and the number of statements; medians of rounds taken in turns."""
    row.ours()
    wall, cpu, floors = [], [], []
    for _round in range(rounds):
        began, used = time.perf_counter(), time.process_time()
        row.ours()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
        began = time.perf_counter()
        read(row.plain)
        floors.append(time.perf_counter() - began)
    with CaptureQueriesContext(connection) as spent:
        row.ours()
    ms = [1000 * statistics.median(times) for times in (wall, cpu, floors)]
    line = (
        f"{row.name:<46}{len(spent):3d} SQL (at most {row.at_most:2d}) {ms[1]:7.1f} ms CPU {ms[0]:8.1f} ms;"
        f" plain SQL {ms[2]:7.2f} ms, {ms[0] / ms[2]:6.1f} ×   target {row.target}"
    )
    return line, len(spent)


def all_measured(rows: Sequence[Row], rounds: int = ROUNDS) -> tuple[list[str], list[str]]:
    """The lines of figures, and those that took more statements than they may."""
    figures, over = [], []
    for row in rows:
        line, count = measured(row, rounds)
        figures.append(line)
        if count > row.at_most:
            over.append(line)
    return figures, over


def page_of(desk: Client, address: str, status: int = 200) -> Callable[[], Any]:
    """Ask for a page, as a browser does."""

    def ask() -> Any:
        answer = desk.get(address)
        assert answer.status_code == status, (address, answer.status_code)
        return answer

    return ask


def call_of(program: Program, address: str, status: int = 200) -> Callable[[], Any]:
    """Ask the API."""

    def ask() -> Any:
        answer = program.get(address)
        assert answer.status_code == status, (address, answer.status_code, answer.content[:300])
        return answer.json()

    return ask


def pages(ask: Callable[[str], Any], count: int) -> str:
    """The cursor of the page after `count` pages of 200."""
    after = ""
    for _page in range(count):
        after = ask(f"?limit=200&after={after}")["next"]
    return after
