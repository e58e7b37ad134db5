"""The traceability matrix: which tests show which requirement, and how they ended."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.apps import BASE_DIR

REQUIREMENTS = BASE_DIR / "docs/validation/requirements.yaml"
PROPERTY = "requirements"


def requirements() -> list[dict[str, str]]:
    """Every requirement, in the order of the file."""
    loaded = yaml.safe_load(REQUIREMENTS.read_text())
    assert isinstance(loaded, list)
    return loaded


def tag(items: list[pytest.Item]) -> None:
    """Let each test's report carry the requirement ids of the test, its module's and class's included."""
    for item in items:
        marks = item.iter_markers("requirement")
        if ids := list(dict.fromkeys(str(id) for mark in marks for id in mark.args)):
            item.user_properties.append((PROPERTY, ids))


class Matrix:
    """Collects outcomes of a run, wherever its tests ran, and writes the matrix as JSON.

    A requirement's status is "passed" when at least one test shows it and none failed, "failed" when one failed,
    "skipped" when its tests were all skipped, "untested" when it has none. For a release, a P0 requirement that is not
    "passed" fails the run.
    """

    def __init__(self, file: Path, *, for_release: bool) -> None:
        self.file = file
        self.for_release = for_release
        self.outcomes: dict[str, dict[str, str]] = {}
        self.not_shown: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once: its call, or the phase that kept it from being called or failed after it."""
        if report.when != "call" and report.outcome == "passed":
            return
        for id in self.ids_of(report):
            tests = self.outcomes.setdefault(id, {})
            if tests.get(report.nodeid) != "failed":
                tests[report.nodeid] = report.outcome

    @staticmethod
    def ids_of(report: pytest.TestReport) -> list[str]:
        """The requirement ids that a report carries."""
        found: Any = dict(report.user_properties).get(PROPERTY, [])
        return list(found)

    def status(self, id: str) -> str:
        """What the run says of a requirement."""
        found = set(self.outcomes.get(id, {}).values())
        return next((status for status in ("failed", "passed", "skipped") if status in found), "untested")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the file; for a release, a P0 requirement without a passing test fails the run."""
        rows = requirements()
        self.not_shown = [
            f"{row['id']} {row['title']}" for row in rows if row["risk"] == "P0" and self.status(row["id"]) != "passed"
        ]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps({row["id"]: self._entry(row) for row in rows}, indent=1) + "\n")
        if self.for_release and self.not_shown and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _entry(self, row: dict[str, str]) -> dict[str, Any]:
        tests = sorted(self.outcomes.get(row["id"], {}).items())
        return {
            "title": row["title"],
            "risk": row["risk"],
            "source": row["source"],
            "status": self.status(row["id"]),
            "tests": [{"node": node, "outcome": outcome} for node, outcome in tests],
        }

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where the matrix is and what it lacks."""
        terminalreporter.section("requirements")
        terminalreporter.line(f"The traceability matrix is {self.file}.")
        for requirement in self.not_shown:
            terminalreporter.line(f"P0 requirement not shown by a passing test: {requirement}", red=True)
