"""`make check-fast` (less than a minute) and `make check` (everything that needs no running product).

Usage: ``python -m tools.check (fast|all|static)``; `static` leaves out what `make test` does too. The checks run
side by side; the exit status is 1 when one fails.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = (Path(sys.executable).parent, ROOT / "var/tools/uv/bin")
"""Where the programs of the checks lie; uv is the one that the bootstrap fetched, unless it is on PATH."""
TEMPLATES = ("templates",)
FAST_LIMIT = 30.0
"""Seconds after which check-fast does not wait for the type checker any longer (its first run fills a cache)."""


@dataclass(frozen=True)
class Check:
    """A command that must succeed; one that ``may_be_late`` is left to `make check` when it is slow."""

    name: str
    command: tuple[str, ...]
    may_be_late: bool = False


HEAVY = tuple(
    f"--ignore=tests/architecture/test_{name}.py"
    for name in ("entered_values", "history_columns", "signature_closure", "wiring")
)
"""The tests of the house that need a database, all migrations or a process of their own: left to `make check`."""
FAST = (
    Check("mypy", ("mypy", "."), may_be_late=True),
    Check("architecture", ("pytest", "-q", "tests/architecture", *HEAVY)),
    Check("djlint", ("djlint", "--quiet", "--lint", *TEMPLATES)),
    Check("ruff", ("ruff", "check", ".")),
    Check("django", ("python", "manage.py", "check", "--fail-level", "WARNING")),
)
SLOW = (
    Check("mypy", ("mypy", ".")),
    Check("architecture", ("pytest", "-q", "tests/architecture")),
    *FAST[2:],
    Check("lock file", ("uv", "lock", "--check", "--quiet")),
)
SETS = {"fast": FAST, "all": SLOW, "static": tuple(check for check in SLOW if check.name != "architecture")}


@dataclass(frozen=True)
class Outcome:
    """How a check ended: its name, whether it is to blame, what it said, how long it took."""

    name: str
    verdict: str
    output: str
    seconds: float


def run(check: Check) -> Outcome:
    """Run one check."""
    began = time.monotonic()
    places = (directory / check.command[0] for directory in PROGRAMS)
    program = next((str(place) for place in places if place.exists()), check.command[0])
    command = [program, *check.command[1:]]
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1"}
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=FAST_LIMIT if check.may_be_late else None,
        )
    except subprocess.TimeoutExpired:
        return Outcome(check.name, "not finished, run `make check`", "", time.monotonic() - began)
    except FileNotFoundError:
        return Outcome(check.name, "FAILED", f"{check.command[0]} is not installed", time.monotonic() - began)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    return Outcome(check.name, verdict, done.stdout + done.stderr, time.monotonic() - began)


def main() -> int:
    """Run the chosen set; print what failed in full, the rest in one line each."""
    if len(sys.argv) != 2 or sys.argv[1] not in SETS:
        sys.exit(f"Which checks? One of {', '.join(SETS)}.")
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(run, SETS[sys.argv[1]]))
    for outcome in outcomes:
        print(f"{outcome.name:14} {outcome.verdict} ({outcome.seconds:.1f} s)")
    failed = [outcome for outcome in outcomes if outcome.verdict == "FAILED"]
    for outcome in failed:
        print(f"\n--- {outcome.name}\n{outcome.output}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
