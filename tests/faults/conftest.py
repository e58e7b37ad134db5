"""Options of `make faults`, fixtures that other tests have as well, and the figures that are kept as evidence."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from bench.evidence import keep
from tests.config.test_backup import installation
from tests.core.trail.test_seal_epochs import home
from tools.cluster import Cluster

__all__ = ["home", "installation"]

SEED = "TRUELINE_FAULT_SEED"
POINTS = 8
"""Random kills of a run that is asked for nothing else: CI has ten minutes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``make faults ARGS="--seed 4711 --points 50"``."""
    group = parser.getgroup("faults")
    group.addoption("--seed", type=int, help="repeat the run of this seed")
    group.addoption("--points", type=int, default=POINTS, help="how many kills at random points")


def pytest_configure(config: pytest.Config) -> None:
    """One seed for the whole run: that of the option, of the environment, or a new one."""
    os.environ.setdefault(SEED, str(time.time_ns() % 1_000_000))
    if config.getoption("seed") is not None:
        os.environ[SEED] = str(config.getoption("seed"))


def pytest_report_header() -> str:
    """What repeats this run."""
    return f"faults: --seed {os.environ[SEED]}"


@pytest.fixture(scope="session")
def seed() -> int:
    return int(os.environ[SEED])


@pytest.fixture(scope="session")
def figures(seed: int, postgres: Cluster) -> Iterator[list[str]]:
    """What the tests say of themselves; printed at the end, kept with TRUELINE_EVIDENCE=1."""
    said: list[str] = []
    yield said
    if said:
        keep("faults", "Faults: what was struck, what was left", [f"seed {seed}", *said], about=ABOUT,
             postgres=str(postgres.major_version()))  # fmt: skip


ABOUT = """\
`make faults` (`--seed N` repeats a run, `--points N` gives the number of random kills). A whole house runs as the
supervisor starts it: web, worker, sealer, beat, PostgreSQL with the durability of production, Redis. Programs drive
orders through the API, each request repeated under its idempotency key until it is answered. After each fault: every
acknowledged deed is there exactly once and every other at most once; every version has its history, every status its
transition, every counter its facts, every stored file its bytes; `verify_records` finds nothing; every failure was said
as a problem in words."""
