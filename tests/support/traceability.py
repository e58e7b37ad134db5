"""The traceability matrix: which tests show which requirement, and how they ended."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from config.apps import BASE_DIR

REQUIREMENTS = BASE_DIR / "docs/validation/requirements.yaml"


def requirements() -> list[dict[str, str]]:
    """Every requirement, in the order of the file."""
    loaded = yaml.safe_load(REQUIREMENTS.read_text())
    assert isinstance(loaded, list)
    return loaded


class Matrix:
    """Collects outcomes during a run and writes the matrix; for a release, a P0 requirement not shown fails the run."""

    def __init__(self, file: Path, *, for_release: bool) -> None:
        self.file = file
        self.for_release = for_release
        self.ids_of: dict[str, tuple[str, ...]] = {}
        self.outcomes: dict[str, Counter[str]] = defaultdict(Counter)
        self.not_shown: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Remember which requirement ids each test carries (its module's and class's included)."""
        for item in items:
            marks = item.iter_markers("requirement")
            self.ids_of[item.nodeid] = tuple(dict.fromkeys(str(id) for mark in marks for id in mark.args))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once: its call, or the phase that kept it from being called."""
        if report.when == "call" or report.outcome != "passed":
            for id in self.ids_of.get(report.nodeid, ()):
                self.outcomes[id][report.outcome] += 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the file; for a release, a P0 requirement without a passing test fails the run."""
        rows = requirements()
        self.not_shown = [
            f"{row['id']} {row['title']}"
            for row in rows
            if row["risk"] == "P0" and (not self.outcomes[row["id"]]["passed"] or self.outcomes[row["id"]]["failed"])
        ]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("\n".join(self._lines(rows)) + "\n")
        if self.for_release and self.not_shown and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _lines(self, rows: list[dict[str, str]]) -> list[str]:
        lines = [
            "# Traceability",
            "",
            "| id | requirement | risk | source | passed | failed | skipped |",
            "|---|---|---|---|---|---|---|",
        ]
        for row in rows:
            counts = self.outcomes[row["id"]]
            numbers = " | ".join(str(counts[outcome]) for outcome in ("passed", "failed", "skipped"))
            lines.append(f"| {row['id']} | {row['title']} | {row['risk']} | {row['source']} | {numbers} |")
        return lines

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where the matrix is and what it lacks."""
        terminalreporter.section("requirements")
        terminalreporter.line(f"The traceability matrix is {self.file}.")
        for requirement in self.not_shown:
            terminalreporter.line(f"P0 requirement not shown by a passing test: {requirement}", red=True)
